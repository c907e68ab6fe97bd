//! How a migration can fail other than by a statement that the server refuses.

use std::fmt;
use std::time::Duration;

use super::Place;
use super::kind::{detail, help, seconds};

/// One way to fail, of one migration.
pub(crate) enum MigrationFailure {
    /// It was applied with another text.
    Changed { file: File, difference: Difference },
    /// It was interrupted, and a statement that was done by then has another text now.
    DoneChanged { name: String, number: usize, place: Option<Place> },
    /// It was interrupted, and is one transaction by now.
    MarkGone { name: String, number: usize },
    /// It did not come to the end of a statement of which only a person can tell whether it was done.
    Interrupted { name: String, position: i64, number: usize, total: usize, place: Option<Place> },
    /// A statement that was to build indexes has left invalid ones behind.
    InvalidIndex { name: String, number: usize, indexes: Vec<String>, place: Option<Place>, error: Option<tokio_postgres::Error> },
    /// Others held what it needed, until the deadline.
    Blocked { what: String, waited: Duration, attempts: usize, blockers: Vec<String>, place: Option<Place>, error: tokio_postgres::Error },
    /// The connection changes its server between transactions.
    Pooled { name: String },
}

/// What was applied: a migration, or `schema.sql` where there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum File {
    Schema,
    Migration(String),
}

/// How a text differs from the one that was applied.
#[derive(Debug)]
pub(crate) struct Difference {
    pub(crate) first: Change,
    /// How many more statements differ.
    pub(crate) others: usize,
    /// The file, and the place of the first difference where there is something to show.
    pub(crate) path: String,
    pub(crate) place: Option<Place>,
}

/// The first difference; a statement by its number in its own text, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// What was applied was not recorded by statement.
    Unknown,
    /// What lies between the tokens.
    Blanks,
    /// Another statement is in its place.
    Changed(usize),
    /// It was not there.
    Added(usize),
    /// It is there no longer; the place is that of the one in front of which it stood.
    Removed(usize),
    /// It is there no longer; the place is that of the one behind which it stood.
    RemovedAtEnd(usize),
}

impl MigrationFailure {
    /// Can only a person settle it?
    pub(crate) fn is_drift(&self) -> bool {
        match self {
            Self::Changed { .. } | Self::DoneChanged { .. } | Self::MarkGone { .. } | Self::Interrupted { .. } => true,
            Self::InvalidIndex { error, .. } => error.is_none(),
            Self::Blocked { .. } | Self::Pooled { .. } => false,
        }
    }

    pub(crate) fn driver_error(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::InvalidIndex { error, .. } => error.as_ref(),
            Self::Blocked { error, .. } => Some(error),
            _ => None,
        }
    }

    pub(crate) fn place(&self) -> Option<&Place> {
        match self {
            Self::Changed { difference, .. } => difference.place.as_ref(),
            Self::DoneChanged { place, .. }
            | Self::Interrupted { place, .. }
            | Self::InvalidIndex { place, .. }
            | Self::Blocked { place, .. } => place.as_ref(),
            Self::MarkGone { .. } | Self::Pooled { .. } => None,
        }
    }
}

impl fmt::Display for MigrationFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Changed { file, difference } => fmt_changed(f, file, difference),
            Self::DoneChanged { name, number, place } => {
                let message =
                    format!("the migration {name} was interrupted behind its statement {number}, which is not the one that was run then");
                let helps = ["restore the statements that have been run; those behind them may be changed".to_owned()];
                draw(f, &message, "this was another", place.as_ref(), &helps)
            }
            Self::MarkGone { name, number } => {
                write!(
                    f,
                    "the migration {name} was interrupted behind its statement {number}, and is not marked `no-transaction` any more"
                )?;
                help(f, "mark it again: it goes on behind what has been done")
            }
            Self::Interrupted { name, position, number, total, place } => {
                let message = format!("the migration {name} did not come to the end of its statement {number} of {total}");
                let record = format!("UPDATE elyos.statements SET {{}} WHERE position = {position} AND number = {number}");
                let helps = [
                    "look whether the database has what the statement does, and say so in the ledger; then start again".to_owned(),
                    format!("if it has: {}", record.replace("{}", "finished_at = now()")),
                    format!("if it has nothing of it: {}", record.replace("{}", "started_at = NULL")),
                ];
                draw(f, &message, "it may have been done, in part or as a whole", place.as_ref(), &helps)
            }
            Self::InvalidIndex { name, number, indexes, place, error } => {
                let what = match indexes.as_slice() {
                    [one] => format!("the index {one} behind, which is INVALID"),
                    many => format!("the indexes {} behind, which are INVALID", many.join(", ")),
                };
                let message = match error {
                    Some(error) => {
                        format!(
                            "the migration {name} failed in its statement {number}, and left {what}: {}",
                            super::kind::server_says(error)
                        )
                    }
                    None => format!(
                        "the migration {name} cannot go on with its statement {number}: an attempt that did not come to its end has left {what}"
                    ),
                };
                let drops: Vec<String> = indexes.iter().map(|index| format!("DROP INDEX CONCURRENTLY {index};")).collect();
                let mut helps = Vec::new();
                if error.is_some() {
                    helps.push("settle what the statement failed of, in the rows or in this file".to_owned());
                }
                helps.push(format!("{} Then start again: the migration goes on with this statement", drops.join(" ")));
                let label = error.as_ref().and_then(|error| detail(error.as_db_error()?)).unwrap_or_default();
                draw(f, &message, label, place.as_ref(), &helps)
            }
            Self::Blocked { what, waited, attempts, blockers, place, .. } => {
                let times = if *attempts == 1 { "1 attempt".to_owned() } else { format!("{attempts} attempts") };
                let mut message = format!("{what} was given no lock for {}, in {times}", seconds(*waited));
                if !blockers.is_empty() {
                    message.push_str(": before it is ");
                    message.push_str(&blockers.join("; "));
                }
                let mut helps = vec!["nothing of this transaction is left; start again when the others have ended".to_owned()];
                if !blockers.is_empty() {
                    helps.push("to end another's session: SELECT pg_terminate_backend(its pid)".to_owned());
                }
                draw(f, &message, "", place.as_ref(), &helps)
            }
            Self::Pooled { name } => {
                write!(f, "the migration {name} is not one transaction, and the connection changes its server between transactions")?;
                help(f, "a pooler in transaction mode is in between: connect to the server itself for this")
            }
        }
    }
}

fn fmt_changed(f: &mut fmt::Formatter<'_>, file: &File, difference: &Difference) -> fmt::Result {
    let subject = match file {
        File::Schema => "schema.sql has changed since it was applied to this database".to_owned(),
        File::Migration(name) => format!("the migration {name} has changed since it was applied"),
    };
    let (what, label) = match difference.first {
        Change::Unknown => (String::new(), ""),
        Change::Blanks => (", though in comments or white space only".to_owned(), ""),
        Change::Changed(number) => (format!(": its statement {number} is not the one that was applied"), "this was another"),
        Change::Added(number) => (format!(": its statement {number} was not in it"), "this is new"),
        Change::Removed(number) => (format!(": its statement {number} is gone"), "it stood before this"),
        Change::RemovedAtEnd(number) => (format!(": its statement {number} is gone"), "it stood behind this"),
    };
    let more = match difference.others {
        0 => String::new(),
        1 => ", and 1 more differs".to_owned(),
        others => format!(", and {others} more differ"),
    };
    let message = format!("{subject}{what}{more}");
    let helps = match (file, difference.first) {
        (File::Migration(_), _) => vec!["restore the file as it was and put the change into a new migration".to_owned()],
        (File::Schema, Change::Blanks) => vec!["restore the file as it was".to_owned()],
        (File::Schema, _) => {
            vec!["put the change into migrations/, which is the work of `elyos generate`, or use a new database".to_owned()]
        }
    };
    if difference.place.is_none() {
        return write!(f, "{message}\n --> {}", difference.path).and_then(|()| helps.iter().try_for_each(|line| help(f, line)));
    }
    draw(f, &message, label, difference.place.as_ref(), &helps)
}

fn draw(f: &mut fmt::Formatter<'_>, message: &str, label: &str, place: Option<&Place>, helps: &[String]) -> fmt::Result {
    match place {
        Some(place) => f.write_str(&place.draw(message, label, helps)),
        None => f.write_str(message).and_then(|()| helps.iter().try_for_each(|line| help(f, line))),
    }
}

#[cfg(test)]
mod tests {
    use super::MigrationFailure;

    #[test]
    fn a_pooler_in_between_is_told_with_what_to_do() {
        assert_eq!(
            MigrationFailure::Pooled { name: "0002_index".to_owned() }.to_string(),
            "the migration 0002_index is not one transaction, and the connection changes its server between transactions\n  \
             = help: a pooler in transaction mode is in between: connect to the server itself for this"
        );
    }
}
