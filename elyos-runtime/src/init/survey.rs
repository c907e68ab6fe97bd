//! What is there: one glance that ends most starts, and a longer look when there is work.

use std::collections::HashSet;

use tokio_postgres::SimpleQueryRow;
use tokio_postgres::error::SqlState;

use crate::bundle::Bundle;
use crate::error::{Error, Kind, Result};
use crate::ledger::{self, Ledger};
use crate::session::Session;

/// The ledger's one row.
pub(super) struct Glance {
    pub(super) digest: Option<String>,
    pub(super) revision: Option<i64>,
    pub(super) admin_email: Option<String>,
}

const GLANCE: &str = "SELECT digest, revision, admin_email FROM elyos.state";

/// Looks at the ledger's row, if there is a ledger: the whole cost of a start with nothing to do.
pub(super) fn glance(session: &Session) -> Result<Option<Glance>> {
    match session.script(GLANCE) {
        Ok(answers) => Ok(answers.into_iter().next().and_then(|answer| answer.row).map(|row| Glance {
            digest: text(&row, 0),
            revision: text(&row, 1).and_then(|revision| revision.parse().ok()),
            admin_email: text(&row, 2),
        })),
        Err(failure) if matches!(failure.error.code(), Some(&SqlState::UNDEFINED_TABLE | &SqlState::INVALID_SCHEMA_NAME)) => Ok(None),
        Err(failure) => Err(Error::new(Kind::Server { during: "reading the ledger".to_owned(), error: failure.error })),
    }
}

fn text(row: &SimpleQueryRow, index: usize) -> Option<String> {
    row.get(index).map(str::to_owned)
}

/// What the server is, and which of the things that a start makes exist.
pub(super) struct Survey {
    pub(super) server_version: String,
    server_version_number: u32,
    is_standby: bool,
    is_read_only: bool,
    /// The version of the ledger's tables, where there is a ledger.
    ledger_version: Option<i32>,
    pub(super) schemas: HashSet<String>,
    pub(super) extensions: HashSet<String>,
}

const SURVEY: &str = "\
SELECT current_setting('server_version'), current_setting('server_version_num'), pg_catalog.pg_is_in_recovery(), \
current_setting('transaction_read_only'), to_regclass('elyos.state') IS NOT NULL, \
(SELECT coalesce(json_agg(nspname), '[]') FROM pg_catalog.pg_namespace), \
(SELECT coalesce(json_agg(extname), '[]') FROM pg_catalog.pg_extension)";

fn ledger_version(session: &Session) -> Result<i32> {
    let answers = session.run("SELECT version FROM elyos.state")?;
    let row = answers.into_iter().next().and_then(|answer| answer.row);
    row.and_then(|row| row.get(0)?.parse().ok()).ok_or_else(|| Error::new(Kind::Unexpected { what: "the ledger's version" }))
}

impl Survey {
    pub(super) fn take(session: &Session) -> Result<Self> {
        let unexpected = || Error::new(Kind::Unexpected { what: "the survey of schemas and extensions" });
        let row = session.run(SURVEY)?.into_iter().next().and_then(|answer| answer.row).ok_or_else(unexpected)?;
        let field = |index: usize| row.get(index).ok_or_else(unexpected);
        let has_ledger = field(4)? == "t";
        let names = |index: usize| -> Result<HashSet<String>> { serde_json::from_str(field(index)?).map_err(|_| unexpected()) };
        Ok(Self {
            server_version: field(0)?.split(' ').next().unwrap_or_default().to_owned(),
            server_version_number: field(1)?.parse().map_err(|_| unexpected())?,
            is_standby: field(2)? == "t",
            is_read_only: field(3)? == "on",
            ledger_version: if has_ledger { Some(ledger_version(session)?) } else { None },
            schemas: names(5)?,
            extensions: names(6)?,
        })
    }

    /// Refuses a server that is too old or takes no writes.
    pub(super) fn check_fitness(&self, minimum: u32) -> Result<()> {
        if self.server_version_number / 10_000 < minimum {
            return Err(Error::new(Kind::ServerTooOld { found: self.server_version.clone(), needed: minimum }));
        }
        if self.is_read_only || self.is_standby {
            return Err(Error::new(Kind::ReadOnly { standby: self.is_standby }));
        }
        Ok(())
    }

    pub(super) fn has_ledger(&self) -> bool {
        self.ledger_version.is_some()
    }

    /// Is there a ledger, and has it the tables that this Elyos writes?
    pub(super) fn has_current_ledger(&self) -> bool {
        self.ledger_version.is_some_and(|version| version >= ledger::VERSION)
    }

    /// Makes the ledger where there is none.
    pub(super) fn ensure_ledger(&self, session: &Session) -> Result<()> {
        if self.has_ledger() { Ok(()) } else { ledger::create(session, self.schemas.contains("elyos")) }
    }

    /// Upgrades a ledger of an earlier version.
    pub(super) fn upgrade_ledger(&self, session: &Session, bundle: &Bundle) -> Result<()> {
        self.ledger_version.map_or(Ok(()), |found| ledger::upgrade(session, found, bundle))
    }

    /// The ledger, where there is one.
    pub(super) fn ledger(&self, session: &Session) -> Result<Option<Ledger>> {
        if self.has_ledger() { Ledger::read(session).map(Some) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::Survey;
    use std::collections::HashSet;

    fn survey(version: &str, number: u32, standby: bool, read_only: bool) -> Survey {
        Survey {
            server_version: version.to_owned(),
            server_version_number: number,
            is_standby: standby,
            is_read_only: read_only,
            ledger_version: None,
            schemas: HashSet::new(),
            extensions: HashSet::new(),
        }
    }

    #[test]
    fn an_unfit_server_is_refused_with_its_reason() {
        let refused = |survey: Survey| survey.check_fitness(14).expect_err("unfit").to_string();
        assert_eq!(refused(survey("12.22", 120_022, false, false)), "the server is PostgreSQL 12.22, and this needs 14 or later");
        assert_eq!(
            refused(survey("15.4", 150_004, true, true)),
            "the server is read-only, and the database is not up to date with the bundle\n  = help: it is a standby: connect to the primary"
        );
        assert_eq!(
            refused(survey("15.4", 150_004, false, true)),
            "the server is read-only, and the database is not up to date with the bundle\n  = help: default_transaction_read_only is on \
             for this role or database: turn it off for this work"
        );
        assert!(survey("15.4", 150_004, false, false).check_fitness(15).is_ok());
    }
}
