//! Which seeds and procedures a person asks for.

use std::collections::HashSet;

use crate::bundle::{Bundle, Procedure, Seed};
use crate::error::{Error, Kind, Result};

/// The seeds and procedures to run, whether or not they ran before.
///
/// With neither named it is all of both; with only one kind named, none of the other.
///
/// ```
/// use elyos_runtime::Selection;
///
/// let selection = Selection::all().only_seeds(["user_roles"]).with_dependencies(true);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Selection {
    seeds: Option<Vec<String>>,
    procedures: Option<Vec<String>>,
    with_dependencies: bool,
    truncate: bool,
}

/// A selection found in a bundle, in the bundle's order.
#[derive(Debug)]
pub(super) struct Chosen<'b> {
    pub(super) seeds: Vec<&'b Seed>,
    pub(super) procedures: Vec<&'b Procedure>,
}

impl Selection {
    /// Everything.
    pub fn all() -> Self {
        Self::default()
    }

    /// These seeds, in the order of their dependencies.
    pub fn only_seeds<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.seeds = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// These procedures.
    pub fn only_procedures<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.procedures = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// The seeds that the named ones depend on, too.
    pub fn with_dependencies(mut self, with: bool) -> Self {
        self.with_dependencies = with;
        self
    }

    /// Empties all the tables that the manifest lists first, in the same transaction.
    pub fn truncate(mut self, truncate: bool) -> Self {
        self.truncate = truncate;
        self
    }

    pub(super) fn truncates(&self) -> bool {
        self.truncate
    }

    pub(super) fn resolve<'b>(&self, bundle: &'b Bundle) -> Result<Chosen<'b>> {
        let mut seeds: HashSet<&str> = match &self.seeds {
            Some(names) => find("seed", names, bundle.seed_names())?,
            None if self.procedures.is_some() => HashSet::new(),
            None => bundle.seed_names().collect(),
        };
        if self.with_dependencies {
            // Backwards through the order, every dependency of a chosen seed is met after the seed itself.
            for seed in bundle.seeds.iter().rev() {
                if seeds.contains(&*seed.name) {
                    seeds.extend(seed.depends_on.iter().map(|name| &**name));
                }
            }
        }
        let procedures: HashSet<&str> = match &self.procedures {
            Some(names) => find("procedure", names, bundle.procedure_names())?,
            None if self.seeds.is_some() => HashSet::new(),
            None => bundle.procedure_names().collect(),
        };
        Ok(Chosen {
            seeds: bundle.seeds.iter().filter(|seed| seeds.contains(&*seed.name)).collect(),
            procedures: bundle.procedures.iter().filter(|procedure| procedures.contains(&*procedure.name)).collect(),
        })
    }
}

/// Finds each name among the known ones, or says which are like it.
fn find<'b>(what: &'static str, names: &[String], known: impl Iterator<Item = &'b str>) -> Result<HashSet<&'b str>> {
    let known: Vec<&str> = known.collect();
    names
        .iter()
        .map(|name| {
            known.iter().copied().find(|known| known == name).ok_or_else(|| {
                let mut near: Vec<(usize, &str)> = known.iter().map(|known| (distance(name, known), *known)).collect();
                near.sort_by_key(|(distance, _)| *distance);
                let limit = name.chars().count().div_ceil(2);
                let nearest = near.into_iter().filter(|(d, _)| *d <= limit).take(3).map(|(_, known)| known.to_owned()).collect();
                Error::new(Kind::UnknownName { what, name: name.clone(), nearest })
            })
        })
        .collect()
}

/// The Levenshtein distance.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::distance;

    #[test]
    fn distance_counts_edits() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("user", "users"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }
}
