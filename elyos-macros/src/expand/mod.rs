//! The model as Rust: one file for each kind of output.

mod columns;
mod constraints;
mod methods;
pub(crate) mod procedures;
mod records;
mod relations;
pub(crate) mod repository;
mod row;
pub(crate) mod serde;
