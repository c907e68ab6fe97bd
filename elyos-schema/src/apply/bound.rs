//! The bounds of partitions, as far as they can be told without the order of their types.

use std::collections::{BTreeMap, HashMap};

use super::Applier;
use crate::{
    catalog::{RelationName, Table, Type},
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
        let Some(found) = self.table(parent) else { return false };
        let Some(bound) = bound.and_then(|bound| Bound::read(bound, listed_type(found))) else { return false };
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
        if let Bound::Hash(modulus, remainder) = bound
            && let Some(wrong) = self.wrong_hash(parent, modulus, remainder)
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
        self.read_claims(parent);
        // Since then it can have been dropped, detached, or attached with another bound.
        let still = |name: &&RelationName| self.bound_of(parent, name).is_some_and(|now| now.overlaps(bound));
        self.claims.get(parent)?.of(bound).into_iter().find(still).cloned()
    }

    /// The bound of a partition, if it is still one of the table.
    fn bound_of(&self, parent: &RelationName, partition: &RelationName) -> Option<Bound> {
        let ty = self.table(parent).and_then(listed_type);
        let table = self.table(partition).filter(|table| table.parents.contains(parent))?;
        Bound::read(table.partition_bound.as_deref()?, ty)
    }

    fn read_claims(&mut self, parent: &RelationName) {
        if self.claims.contains_key(parent) {
            return;
        }
        let mut claims = Claims::default();
        for name in self.children(parent) {
            if let Some(bound) = self.bound_of(parent, &name) {
                claims.add(&name, &bound);
            }
        }
        self.claims.insert(parent.clone(), claims);
    }

    /// What is wrong with a modulus and a remainder: each modulus must be a factor of the next larger one
    /// (`check_new_partition_bound` in PostgreSQL's source).
    fn wrong_hash(&mut self, parent: &RelationName, modulus: u64, remainder: u64) -> Option<String> {
        if modulus == 0 || remainder >= modulus {
            return Some(format!("the remainder must be less than the modulus, {modulus}"));
        }
        self.read_claims(parent);
        let hashes = &self.claims.get(parent)?.hashes;
        let is_there = |(known, of_it): &(&u64, &HashMap<u64, Vec<RelationName>>)| {
            let still = |name: &RelationName| matches!(self.bound_of(parent, name), Some(Bound::Hash(now, _)) if now == **known);
            of_it.values().flatten().any(still)
        };
        let below = hashes.range(..=modulus).rev().find(is_there).map(|(known, _)| *known).filter(|known| !modulus.is_multiple_of(*known));
        let above = hashes.range(modulus + 1..).find(is_there).map(|(known, _)| *known).filter(|known| !known.is_multiple_of(modulus));
        below.or(above).map(|other| format!("of its modulus, {modulus}, and that of another, {other}, neither is a factor of the other"))
    }
}

/// The type of the column that a list's values are of.
fn listed_type(table: &Table) -> Option<&Type> {
    let key = table.partition_key.as_ref()?;
    let all: Vec<Token<'_>> = tokens(key).collect();
    let [_, open, column, close] = all.as_slice() else { return None };
    let column = folded(column).filter(|_| open.text == "(" && close.text == ")")?;
    table.column(&column).map(|column| &column.ty)
}

/// Which partitions of a table have, or once had, which rows: so that one more need not be compared with all others.
#[derive(Default)]
pub(super) struct Claims {
    defaults: Vec<RelationName>,
    /// By a value.
    values: HashMap<String, Vec<RelationName>>,
    /// By the modulus, and the remainder.
    hashes: BTreeMap<u64, HashMap<u64, Vec<RelationName>>>,
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
            Bound::Hash(modulus, remainder) => {
                self.hashes.entry(*modulus).or_default().entry(*remainder).or_default().push(partition.clone());
            }
            Bound::Range(_) => {}
        }
    }

    /// Those that may have some rows of a bound.
    fn of<'a>(&'a self, bound: &'a Bound) -> Vec<&'a RelationName> {
        match bound {
            Bound::Default => self.defaults.iter().collect(),
            Bound::List(values) => values.iter().filter_map(|value| self.values.get(value)).flatten().collect(),
            Bound::Hash(modulus, remainder) => {
                let same = |known: &u64, known_remainder: &u64| {
                    let least = (*known).min(*modulus);
                    least > 0 && known_remainder % least == remainder % least
                };
                // Of a smaller modulus there is one remainder to look at.
                let below = self.hashes.range(1..=*modulus).filter_map(|(known, of_it)| of_it.get(&(remainder % known)));
                let above = self.hashes.range(modulus + 1..);
                let above = above.flat_map(|(known, of_it)| of_it.iter().filter(|(remainder, _)| same(known, remainder)).map(|(_, it)| it));
                below.chain(above).flatten().collect()
            }
            Bound::Range(_) => Vec::new(),
        }
    }
}

/// Which rows of the table a partition has.
enum Bound {
    Default,
    /// The values.
    List(Vec<String>),
    /// The modulus and the remainder.
    Hash(u64, u64),
    /// Both ends, each with its values as written.
    Range(Vec<Vec<String>>),
}

impl Bound {
    /// Reads a bound of a table whose key begins with a column of the type.
    fn read(text: &str, ty: Option<&Type>) -> Option<Self> {
        let all: Vec<_> = tokens(text).collect();
        let word = |at: usize| all.get(at).map(|token| token.text.to_ascii_lowercase()).unwrap_or_default();
        let number = |name: &str| {
            let at = all.iter().position(|token| token.text.eq_ignore_ascii_case(name))?;
            all.get(at + 1)?.text.parse().ok()
        };
        match word(0).as_str() {
            "default" => Some(Self::Default),
            "for" if word(2) == "in" => {
                let values = all.get(4..all.len().saturating_sub(1)).unwrap_or_default();
                Some(Self::List(listed(values).into_iter().filter_map(|value| constant(value, ty)).collect()))
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

/// The tokens between the commas that are in no parentheses.
fn listed<'a, 't>(all: &'a [Token<'t>]) -> Vec<&'a [Token<'t>]> {
    let mut depth = 0_usize;
    all.split(|token| {
        match token.text {
            "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.text == ","
    })
    .collect()
}

/// A constant as all its spellings: in parentheses, with a sign, a cast, in quotes. What an expression gives, only a server knows.
fn constant(mut value: &[Token<'_>], ty: Option<&Type>) -> Option<String> {
    loop {
        value = match value {
            [open, inner @ .., close] if open.text == "(" && close.text == ")" => inner,
            [first @ .., cast, _] if cast.text == "::" => first,
            _ => break,
        };
    }
    let (sign, word) = match value {
        [sign, word] if matches!(sign.text, "-" | "+") => (if sign.text == "-" { "-" } else { "" }, word),
        [word] => ("", word),
        _ => return None,
    };
    if sign.is_empty() && word.text.eq_ignore_ascii_case("null") {
        return Some("null".to_owned());
    }
    let inner = word.text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\''));
    let written = format!("{sign}{}", inner.map_or_else(|| word.text.to_owned(), |inner| inner.replace("''", "'")));
    let plain = ty.filter(|ty| ty.schema.is_none() && ty.array_dimensions == 0).map_or("", |ty| ty.name.as_str());
    let canonical = match plain {
        "int2" | "int4" | "int8" => written.trim().parse::<i64>().ok().map(|number| number.to_string()),
        "bool" => truth(&written).map(|it| it.to_string()),
        _ => None,
    };
    Some(format!("'{}", canonical.unwrap_or(written)))
}

/// A boolean, of which a beginning suffices.
fn truth(written: &str) -> Option<bool> {
    let word = written.trim().to_ascii_lowercase();
    let begins = |whole: &str, least: usize| word.len() >= least && whole.starts_with(&word);
    if word == "1" || begins("true", 1) || begins("yes", 1) || begins("on", 2) {
        Some(true)
    } else if word == "0" || begins("false", 1) || begins("no", 1) || begins("off", 2) {
        Some(false)
    } else {
        None
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
