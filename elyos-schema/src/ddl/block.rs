//! The statements of a `DO` block.

use super::Ddl;

/// Statements that run together or not at all.
#[derive(Clone, Debug)]
pub(crate) struct Block {
    pub steps: Vec<Ddl>,
    /// They run only if something that the condition asks for is so.
    pub only_if: Option<Existence>,
    /// The conditions of each `WHEN`, and what runs then.
    pub handlers: Vec<(Vec<String>, Vec<Ddl>)>,
}

/// What a condition asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Existence {
    Missing,
    There,
}
