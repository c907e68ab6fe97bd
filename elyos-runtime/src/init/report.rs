//! What a run did, as data and as text.

use std::fmt;
use std::time::Duration;

use serde::{Serialize, Serializer};

/// What [`Init`](crate::Init) did, step by step.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// How it ended.
    pub outcome: Outcome,
    /// Each step, in the order of the start protocol.
    pub steps: Vec<Step>,
    /// From the first attempt to connect to the end.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
}

/// How a run ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Outcome {
    /// The database had everything already.
    NothingToDo,
    /// Something was applied.
    Applied,
    /// A newer release has written the database; nothing was touched.
    DatabaseAhead,
}

/// A kind of step, in the order of the start protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum StepKind {
    /// A schema was created.
    Schema,
    /// An extension was created, or what stands in for it.
    Extension,
    /// A migration was applied.
    Migration,
    /// The tables that the manifest lists were emptied.
    Truncate,
    /// A seed ran.
    Seed,
    /// A procedure was created or replaced.
    Procedure,
    /// The administrator's e-mail address was set.
    AdminEmail,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// It was applied.
    Applied,
    /// It was applied by the bundle's stand-in, as the server does not offer the extension.
    StoodIn,
    /// Its text is the one that was applied before.
    Unchanged,
    /// It runs once, and has run.
    RanOnce,
    /// A function whose procedure's file gives it another signature: dropped, and made again as the file has it.
    Dropped,
    /// A function that a procedure's file made and no file makes any more: still there, for a person to drop.
    LeftBehind,
}

/// One step of a run.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Step {
    /// What it is.
    pub kind: StepKind,
    /// Its name in the bundle.
    pub name: String,
    /// What became of it.
    pub action: Action,
    /// Rows inserted, updated or deleted, where it is a seed.
    pub rows: Option<u64>,
    /// How long it took.
    #[serde(rename = "elapsed_ms", serialize_with = "milliseconds")]
    pub elapsed: Duration,
}

fn milliseconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64((duration.as_secs_f64() * 1_000_000.0).round() / 1000.0)
}

impl Report {
    /// How many steps of a kind were applied.
    #[must_use]
    pub fn applied(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind && step.is_applied()).count()
    }

    /// How many steps of a kind had nothing to do.
    #[must_use]
    pub fn skipped(&self, kind: StepKind) -> usize {
        self.steps.iter().filter(|step| step.kind == kind && !step.is_applied()).count()
    }
}

impl Step {
    /// Was it applied in this run?
    #[must_use]
    pub fn is_applied(&self) -> bool {
        matches!(self.action, Action::Applied | Action::StoodIn)
    }

    /// Is it more than that there was nothing to do?
    #[must_use]
    pub fn is_noteworthy(&self) -> bool {
        !matches!(self.action, Action::Unchanged | Action::RanOnce)
    }
}

impl StepKind {
    pub(crate) fn counted(self, count: usize) -> String {
        let (one, many) = match self {
            Self::Schema => ("schema", "schemas"),
            Self::Extension => ("extension", "extensions"),
            Self::Migration => ("migration", "migrations"),
            Self::Truncate => ("truncate", "truncates"),
            Self::Seed => ("seed", "seeds"),
            Self::Procedure => ("procedure", "procedures"),
            Self::AdminEmail => ("administrator's e-mail", "administrators' e-mails"),
        };
        format!("{count} {}", if count == 1 { one } else { many })
    }
}

impl fmt::Display for StepKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Schema => "schema",
            Self::Extension => "extension",
            Self::Migration => "migration",
            Self::Truncate => "truncate",
            Self::Seed => "seed",
            Self::Procedure => "procedure",
            Self::AdminEmail => "admin e-mail",
        })
    }
}

impl fmt::Display for Step {
    /// One line: what was done, to what, the rows, the time.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match self.action {
            Action::Applied => "applied",
            Action::StoodIn => "stood in for",
            Action::Unchanged => "unchanged",
            Action::RanOnce => "ran before",
            Action::Dropped => "dropped",
            Action::LeftBehind => "left behind",
        };
        write!(f, "{:<12} {:<12} {}", self.kind.to_string(), verb, self.name)?;
        if let Some(rows) = self.rows {
            write!(f, ", {rows} row{}", if rows == 1 { "" } else { "s" })?;
        }
        if self.is_applied() {
            write!(f, ", {}", shown(self.elapsed))?;
        }
        Ok(())
    }
}

impl fmt::Display for Report {
    /// One line that says what was done.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.outcome {
            Outcome::NothingToDo => write!(f, "nothing to do: the database is up to date ({})", shown(self.elapsed)),
            Outcome::DatabaseAhead => {
                write!(f, "nothing was written: a newer release has written this database ({})", shown(self.elapsed))
            }
            Outcome::Applied => {
                let kinds = [
                    StepKind::Schema,
                    StepKind::Extension,
                    StepKind::Migration,
                    StepKind::Truncate,
                    StepKind::Seed,
                    StepKind::Procedure,
                    StepKind::AdminEmail,
                ];
                let counts: Vec<String> = kinds
                    .into_iter()
                    .filter_map(|kind| match self.applied(kind) {
                        0 => None,
                        count => Some(kind.counted(count)),
                    })
                    .collect();
                write!(f, "applied {} in {}", counts.join(", "), shown(self.elapsed))
            }
        }
    }
}

/// A duration as people read it: `850 µs`, `12 ms`, `1.5 s`.
fn shown(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    if seconds < 0.001 {
        format!("{} µs", duration.as_micros())
    } else if seconds < 1.0 {
        format!("{} ms", duration.as_millis())
    } else {
        format!("{seconds:.1} s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(kind: StepKind, name: &str, action: Action, rows: Option<u64>) -> Step {
        Step { kind, name: name.to_owned(), action, rows, elapsed: Duration::from_millis(12) }
    }

    #[test]
    fn a_report_reads_as_a_sentence() {
        let steps = vec![
            step(StepKind::Schema, "auth", Action::Applied, None),
            step(StepKind::Seed, "users", Action::Applied, Some(1)),
            step(StepKind::Seed, "roles", Action::Applied, Some(4)),
            step(StepKind::Seed, "apps", Action::Unchanged, None),
        ];
        let report = Report { outcome: Outcome::Applied, steps, elapsed: Duration::from_millis(1520) };
        assert_eq!(report.to_string(), "applied 1 schema, 2 seeds in 1.5 s");
        assert_eq!(report.steps[1].to_string(), "seed         applied      users, 1 row, 12 ms");
        assert_eq!(report.steps[3].to_string(), "seed         unchanged    apps");
        assert_eq!(report.skipped(StepKind::Seed), 1);
    }
}
