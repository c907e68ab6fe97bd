//! The model as Rust: one file for each kind of output.

mod columns;
mod methods;
mod records;
pub(crate) mod repository;
mod row;
