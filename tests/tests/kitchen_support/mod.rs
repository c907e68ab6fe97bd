//! What the tests of every type share.

pub(crate) mod check;
pub(crate) mod values;
