//! The tables of the schema, once in each package.

use elyos_runtime::prelude::*;

/// The types of the schema.
pub mod types {
    elyos_runtime::types!();
}

/// The functions of the schema.
pub mod procedures {
    elyos_runtime::procedures!();
}

/// A row for each of its columns.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "diary.entries")]
pub struct EntryRepository;

/// Rows whose keys are dates.
#[derive(Debug, Clone, Copy, Repository)]
#[repository(table = "diary.visits")]
pub struct VisitRepository;
