//! What was tried, and how it ended, as the documentation shows it.

use std::fmt;

use super::CROWDS;
use super::case::{Case, Ending, Tried};
use super::fault::{Between, Fault};
use super::state::State;

/// The cases that held.
#[derive(Default)]
pub(super) struct Table(Vec<(Case, Tried)>);

impl Table {
    pub(super) fn add(&mut self, case: Case, tried: Tried) {
        self.0.push((case, tried));
    }

    pub(super) fn cases(&self) -> usize {
        self.0.len()
    }

    /// The cases in which the fault happened.
    pub(super) fn struck(&self) -> usize {
        self.0.iter().filter(|(_, tried)| tried.struck).count()
    }

    /// How often this fault happened.
    pub(super) fn struck_by(&self, fault: Fault, between: Between) -> usize {
        self.0.iter().filter(|(case, tried)| case.fault == fault && case.between == between && tried.struck).count()
    }

    pub(super) fn with(&self, ending: Ending) -> usize {
        self.0.iter().filter(|(_, tried)| tried.ending == ending).count()
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "| fault |")?;
        for state in State::ALL {
            write!(f, " {state} |")?;
        }
        writeln!(f, "\n|---|{}", "---|".repeat(State::ALL.len()))?;
        for between in Between::ALL {
            for fault in Fault::ALL {
                let cases: Vec<&(Case, Tried)> = self.0.iter().filter(|(case, _)| case.fault == fault && case.between == between).collect();
                if cases.is_empty() {
                    continue;
                }
                write!(f, "| {fault}{between} |")?;
                for state in State::ALL {
                    let of = |crowd| cases.iter().filter(move |(case, _)| case.state == state && case.crowd == crowd);
                    let count = |crowd| of(crowd).filter(|(_, tried)| tried.struck).count().to_string();
                    write!(f, " {} |", CROWDS.map(count).join(" + "))?;
                }
                writeln!(f)?;
            }
        }
        write!(
            f,
            "\nThe fault struck in {} cases, which the table counts. In {} more the start was over before. \
             Right after, of all: {} as before the start, {} between two steps, {} with all done.",
            self.struck(),
            self.cases() - self.struck(),
            self.with(Ending::Before),
            self.with(Ending::Between),
            self.with(Ending::After)
        )
    }
}
