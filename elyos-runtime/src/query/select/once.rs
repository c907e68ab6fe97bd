//! Expressions that a query has to know again: what rows are grouped by and selected, distinct on and ordered by.
//!
//! The server takes two of them for the same only where their values are one. Those that were made twice are two, however alike: here the
//! one becomes the other.

use super::super::fragment::Fragment;
use super::body::{Body, Distinct};

impl Body {
    /// Binds the values once of what is made twice.
    pub(super) fn bind_once(&mut self) {
        let known: Vec<Fragment> = match &self.distinct {
            Distinct::No if self.groups.0.is_empty() => return,
            Distinct::No => self.groups.0.split().collect(),
            Distinct::Rows => self.groups.0.split().chain(self.list.values().cloned()).collect(),
            Distinct::On(expressions) => self.groups.0.split().chain(expressions.split()).collect(),
        };
        for expression in known.iter().filter(|expression| expression.has_values()) {
            self.list.values_mut().for_each(|sql| sql.bind_as(expression));
            self.having.bind_as(expression);
            self.order.0.bind_as(expression);
        }
    }
}
