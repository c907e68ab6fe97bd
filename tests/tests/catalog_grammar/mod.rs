//! Random DDL: statements about what a catalog holds and, sometimes, about what it does not.
//!
//! A file for each kind of statement; [`pick`] chooses names and things that are there. Expressions fit the types of their columns, so that
//! what PostgreSQL refuses it refuses for what the schema is.

mod alter;
mod carried;
mod column;
mod comment;
mod constraint;
mod domain;
mod index;
mod namespace;
mod partition;
mod pick;
mod routine;
mod security;
mod sequence;
mod table;
mod types;
mod view;

use elyos_schema::Catalog;

/// A generator of statements; the same seed gives the same ones.
pub(crate) struct Grammar {
    state: u64,
}

impl Grammar {
    pub(crate) fn new(seed: u64) -> Self {
        Self { state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    /// The next statement.
    pub(crate) fn statement(&mut self, catalog: &Catalog) -> String {
        if catalog.schemas().count() == 1 && self.chance(60) {
            return self.create_schema();
        }
        match self.below(100) {
            0..=15 => self.create_table(catalog),
            16..=41 => self.alter_table(catalog),
            42..=48 => self.create_index(catalog),
            49..=51 => self.alter_index(catalog),
            52..=56 => self.sequences(catalog),
            57..=62 => self.types(catalog),
            63..=66 => self.domains(catalog),
            67..=72 => self.functions(catalog),
            73..=77 => self.security(catalog),
            78..=83 => self.views(catalog),
            84..=87 => self.comments(catalog),
            88..=91 => self.partition(catalog),
            92..=94 => self.drop_table(catalog),
            95 | 96 => self.carried(catalog),
            _ => self.namespaces(catalog),
        }
    }
}
