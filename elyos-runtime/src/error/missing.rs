//! What a start that only verifies found missing, as a list.

use std::fmt;

use super::kind::help;
use crate::init::{Missing, StepKind};

/// How many missing steps are listed one by one.
const LISTED: usize = 20;

pub(super) fn fmt_missing(f: &mut fmt::Formatter<'_>, missing: &[Missing], revision: i64) -> fmt::Result {
    f.write_str("the database is not up to date with the bundle: ")?;
    if missing.is_empty() {
        write!(f, "the ledger does not have its revision {revision} as wholly applied")?;
    } else {
        let mut counts: Vec<(StepKind, usize)> = Vec::new();
        for step in missing {
            match counts.last_mut() {
                Some((kind, count)) if *kind == step.kind => *count += 1,
                _ => counts.push((step.kind, 1)),
            }
        }
        let counts: Vec<String> = counts.into_iter().map(|(kind, count)| kind.counted(count)).collect();
        write!(f, "{} still to be applied", counts.join(", "))?;
    }
    for Missing { kind, name, changed, .. } in missing.iter().take(LISTED) {
        write!(f, "\n  = note: {kind} {name} {}", if *changed { "has changed since it was applied" } else { "is not applied" })?;
    }
    if let Some(more) = missing.len().checked_sub(LISTED).filter(|more| *more > 0) {
        write!(f, "\n  = note: and {more} more")?;
    }
    help(f, "run `elyos init`, or a program that embeds the bundle, as a role that may write")
}
