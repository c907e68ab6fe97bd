//! The bounds of partitions, as far as they can be told without the order of their types.

use std::collections::HashMap;

use super::Applier;
use crate::{
    catalog::RelationName,
    diagnostic::Diagnostic,
    parse::{Token, folded, tokens},
};

impl Applier<'_> {
    /// Whether a bound does not go with the table or with another partition's, with a diagnostic. Which values of a range are in another
    /// one is not told: that depends on how their type sorts.
    pub(super) fn overlaps_another(
        &mut self,
        parent: &RelationName,
        partition: &RelationName,
        bound: Option<&str>,
        range: &std::ops::Range<usize>,
    ) -> bool {
        let (Some(bound), Some(found)) = (bound.and_then(Bound::read), self.table(parent)) else { return false };
        let strategy = found.partition_key.as_ref().and_then(|key| tokens(key).next()?.text.to_ascii_lowercase().into());
        let fits = match (&bound, strategy.as_deref()) {
            (Bound::Default, Some("hash")) => Some("a hash-partitioned table has no default partition"),
            (Bound::Hash(..), Some("hash")) | (Bound::Default, _) | (Bound::List(_), Some("list")) | (Bound::Range(_), Some("range")) => {
                None
            }
            _ => Some("its bound is not of the table's kind"),
        };
        if let Some(wrong) = fits {
            self.report(Diagnostic::new(format!("this cannot be a partition of `{parent}`: {wrong}")), range);
            return true;
        }
        let key: Vec<Token<'_>> = found.partition_key.as_deref().into_iter().flat_map(tokens).collect();
        let columns = ends(&key).first().map_or(0, Vec::len);
        if let Bound::Range(ends) = &bound
            && let Some(wrong) = ends.iter().find_map(|end| wrong_end(end, columns))
        {
            self.report(Diagnostic::new(format!("this cannot be a partition of `{parent}`: {wrong}")), range);
            return true;
        }
        let other = self.claimed(parent, &bound);
        if let Some(other) = &other {
            let diagnostic = Diagnostic::new(format!("this cannot be a partition of `{parent}`: `{other}` has some of its rows already"));
            self.report(diagnostic, range);
            return true;
        }
        if let Some(claims) = self.claims.get_mut(parent) {
            claims.add(partition, &bound);
        }
        false
    }

    /// The partition that has some of a bound's rows.
    fn claimed(&mut self, parent: &RelationName, bound: &Bound) -> Option<RelationName> {
        if matches!(bound, Bound::Range(_)) {
            return None;
        }
        if !self.claims.contains_key(parent) {
            let mut claims = Claims::default();
            for name in self.children(parent) {
                let bound = self.table(&name).and_then(|table| table.partition_bound.as_deref()).and_then(Bound::read);
                if let Some(bound) = bound {
                    claims.add(&name, &bound);
                }
            }
            self.claims.insert(parent.clone(), claims);
        }
        // Since then it can have been dropped, detached, or attached with another bound.
        let still = |name: &&RelationName| {
            let table = self.table(name).filter(|table| table.parents.contains(parent));
            table.and_then(|table| table.partition_bound.as_deref()).and_then(Bound::read).is_some_and(|now| now.overlaps(bound))
        };
        self.claims.get(parent)?.of(bound).find(still).cloned()
    }
}

/// Which partitions of a table have, or once had, which rows: so that one more need not be compared with all others.
#[derive(Default)]
pub(super) struct Claims {
    defaults: Vec<RelationName>,
    /// By a value, as written.
    values: HashMap<String, Vec<RelationName>>,
    /// With the modulus and the remainder.
    hashes: Vec<(u64, u64, RelationName)>,
}

impl Claims {
    fn add(&mut self, partition: &RelationName, bound: &Bound) {
        match bound {
            Bound::Default => self.defaults.push(partition.clone()),
            Bound::List(values) => {
                for value in values {
                    self.values.entry(value.clone()).or_default().push(partition.clone());
                }
            }
            Bound::Hash(modulus, remainder) => self.hashes.push((*modulus, *remainder, partition.clone())),
            Bound::Range(_) => {}
        }
    }

    /// Those that may have some rows of a bound.
    fn of<'a>(&'a self, bound: &'a Bound) -> impl Iterator<Item = &'a RelationName> {
        let defaults = self.defaults.iter().filter(|_| matches!(bound, Bound::Default));
        let values = if let Bound::List(values) = bound { values.as_slice() } else { &[] };
        let listed = values.iter().filter_map(|value| self.values.get(value)).flatten();
        let hashes = self.hashes.iter().filter(|(modulus, remainder, _)| Bound::Hash(*modulus, *remainder).overlaps(bound));
        defaults.chain(listed).chain(hashes.map(|(_, _, partition)| partition))
    }
}

/// Which rows of the table a partition has.
enum Bound {
    Default,
    /// The values, as written.
    List(Vec<String>),
    /// The modulus and the remainder.
    Hash(u64, u64),
    /// Both ends, each with its values as written.
    Range(Vec<Vec<String>>),
}

impl Bound {
    fn read(text: &str) -> Option<Self> {
        let all: Vec<_> = tokens(text).collect();
        let word = |at: usize| all.get(at).map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        let number = |name: &str| {
            let at = all.iter().position(|token| token.text.eq_ignore_ascii_case(name))?;
            all.get(at + 1)?.text.parse().ok()
        };
        let values = all.iter().skip(4).take(all.len().saturating_sub(5));
        match word(0).as_str() {
            "default" => Some(Self::Default),
            "for" if word(2) == "in" => {
                let words: Vec<String> = values.map(|token| folded(token).unwrap_or_else(|| token.text.to_owned())).collect();
                // A value of several words is an expression, and only a server knows what it gives.
                Some(Self::List(words.split(|word| word == ",").filter(|value| value.len() == 1).map(<[String]>::concat).collect()))
            }
            "for" if word(2) == "with" => Some(Self::Hash(number("modulus")?, number("remainder")?)),
            "for" if word(2) == "from" => Some(Self::Range(ends(&all))),
            _ => None,
        }
    }

    fn overlaps(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Default, Self::Default) => true,
            (Self::List(left), Self::List(right)) => left.iter().any(|value| right.contains(value)),
            (Self::Hash(left, first), Self::Hash(right, second)) => {
                let least = (*left).min(*right);
                least > 0 && first % least == second % least
            }
            _ => false,
        }
    }
}

/// The lists in parentheses, as of `FROM (…) TO (…)`.
fn ends(all: &[Token<'_>]) -> Vec<Vec<String>> {
    let mut ends = Vec::new();
    let mut depth = 0_usize;
    for token in all {
        match token.text {
            "(" => {
                depth += 1;
                if depth == 1 {
                    ends.push(vec![String::new()]);
                }
            }
            ")" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let Some(end) = ends.last_mut().filter(|_| depth > 0) else { continue };
        if token.text == "," && depth == 1 {
            end.push(String::new());
        } else if let Some(value) = end.last_mut().filter(|_| !(token.text == "(" && depth == 1)) {
            value.push_str(&token.text.to_ascii_lowercase());
        }
    }
    ends
}

/// What is wrong with an end of a range over so many columns, if something is.
fn wrong_end(end: &[String], columns: usize) -> Option<String> {
    if end.len() != columns {
        return Some(format!("a bound of {} value(s) for a key of {columns} column(s)", end.len()));
    }
    let infinite = |value: &&String| matches!(value.as_str(), "minvalue" | "maxvalue");
    let first = end.iter().position(|value| infinite(&value))?;
    let other = end[first..].iter().any(|value| *value != end[first]);
    other.then(|| format!("behind {} there can only be the same", end[first].to_ascii_uppercase()))
}
