//! How many statements of each kind both sides took and refused.

use std::{collections::BTreeMap, fmt};

/// The words that tell kinds of statements apart; names and types stand between them.
const WORDS: &[&str] = &[
    "add",
    "aggregate",
    "all",
    "alter",
    "always",
    "as",
    "attach",
    "attribute",
    "by",
    "cascade",
    "cast",
    "check",
    "cluster",
    "collation",
    "column",
    "comment",
    "constraint",
    "conversion",
    "create",
    "data",
    "default",
    "detach",
    "disable",
    "domain",
    "drop",
    "enable",
    "enum",
    "event",
    "except",
    "exclude",
    "expression",
    "extension",
    "force",
    "foreign",
    "function",
    "generated",
    "grant",
    "identity",
    "index",
    "inherit",
    "inherits",
    "key",
    "like",
    "logged",
    "materialized",
    "no",
    "not",
    "null",
    "of",
    "on",
    "only",
    "operator",
    "owned",
    "owner",
    "partition",
    "policy",
    "primary",
    "procedure",
    "publication",
    "range",
    "refresh",
    "rename",
    "replica",
    "reset",
    "revoke",
    "routine",
    "rule",
    "schema",
    "search_path",
    "security",
    "select",
    "sequence",
    "set",
    "statistics",
    "table",
    "temporary",
    "to",
    "trigger",
    "type",
    "unique",
    "unlogged",
    "using",
    "validate",
    "value",
    "view",
    "without",
    "row",
    "level",
];

/// A kind of statement, in its own first words.
pub(crate) fn kind(statement: &str) -> String {
    let mut kind: Vec<&str> = Vec::new();
    for word in statement.split([' ', '(', ')', ',', ';']) {
        if kind.len() < 6 && WORDS.contains(&word) && (kind.len() < 2 || kind[0] != "create" || kind.len() < 3) {
            kind.push(word);
        }
    }
    let most = match kind.as_slice() {
        ["create", "table" | "unlogged" | "temporary" | "materialized" | "unique" | "event" | "constraint" | "operator", ..]
        | ["comment", "on", ..] => 3,
        ["create" | "drop" | "grant" | "revoke" | "set" | "reset", ..] => 2,
        ["alter", "table", "only", ..] => 6,
        ["alter", "table", ..] => 5,
        _ => 4,
    };
    kind.truncate(most);
    kind.join(" ")
}

/// How many statements both took and both refused, by kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    kinds: BTreeMap<String, (usize, usize)>,
    beyond: BTreeMap<String, usize>,
}

impl Tally {
    pub(crate) fn taken(&mut self, statement: &str) {
        self.kinds.entry(kind(statement)).or_default().0 += 1;
    }

    pub(crate) fn refused(&mut self, statement: &str) {
        self.kinds.entry(kind(statement)).or_default().1 += 1;
    }

    /// Refused by the server alone, for a reason that is told.
    pub(crate) fn beyond(&mut self, statement: &str, why: &str) {
        self.refused(statement);
        *self.beyond.entry(why.to_owned()).or_default() += 1;
    }

    pub(crate) fn add(&mut self, other: &Self) {
        for (kind, (taken, refused)) in &other.kinds {
            let known = self.kinds.entry(kind.clone()).or_default();
            known.0 += taken;
            known.1 += refused;
        }
        for (why, count) in &other.beyond {
            *self.beyond.entry(why.clone()).or_default() += count;
        }
    }

    pub(crate) fn all_taken(&self) -> usize {
        self.kinds.values().map(|(taken, _)| taken).sum()
    }

    pub(crate) fn all_refused(&self) -> usize {
        self.kinds.values().map(|(_, refused)| refused).sum()
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>7} {:>7}  kind", "taken", "refused")?;
        for (kind, (taken, refused)) in &self.kinds {
            writeln!(f, "{taken:>7} {refused:>7}  {kind}")?;
        }
        for (why, count) in &self.beyond {
            writeln!(f, "{count:>15}  refused by the server alone: {why}")?;
        }
        Ok(())
    }
}
