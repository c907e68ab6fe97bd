//! A status as people read it.

use std::fmt;

use super::{ItemStatus, Status};
use crate::ledger;

impl fmt::Display for Status {
    /// What the database is, a block of lines for each kind of step, and what follows from it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "database    {}, PostgreSQL {}", self.database, self.server_version)?;
        match self.database_revision {
            Some(revision) => writeln!(f, "revision    {revision} in the database, {} in the bundle", self.bundle_revision)?,
            None => writeln!(f, "revision    none in the database, {} in the bundle", self.bundle_revision)?,
        }
        match self.ledger_version {
            Some(version) if version < ledger::VERSION => {
                writeln!(f, "ledger      version {version}, which the next start that writes upgrades to {}", ledger::VERSION)?;
            }
            Some(version) => writeln!(f, "ledger      version {version}")?,
            None => writeln!(f, "ledger      none")?,
        }
        match &self.lock_holder {
            Some(holder) => writeln!(f, "lock        held by {holder}")?,
            None => writeln!(f, "lock        free")?,
        }
        if let Some(variable) = &self.admin_variable {
            match (&self.admin_email, self.admin_pending) {
                (Some(address), false) => writeln!(f, "admin       {address}")?,
                (Some(address), true) => writeln!(f, "admin       {address}, and {variable} asks for another")?,
                (None, false) => writeln!(f, "admin       as seeded: {variable} is not set")?,
                (None, true) => writeln!(f, "admin       as seeded, and {variable} asks for another")?,
            }
        }
        block(f, "schemas", &self.schemas)?;
        block(f, "extensions", &self.extensions)?;
        block(f, "migrations", &self.migrations)?;
        block(f, "seeds", &self.seeds)?;
        block(f, "procedures", &self.procedures)?;
        if let Some(conflict) = &self.conflict {
            writeln!(f, "conflict    {conflict}")?;
        }
        f.write_str(match (self.verifies, self.ahead) {
            (true, false) => "verify      passes\n",
            (true, true) => "verify      passes, unless a newer release's database is to be refused\n",
            (false, _) => "verify      fails\n",
        })?;
        f.write_str(if self.ahead {
            "a newer release has written this database"
        } else if self.up_to_date {
            "up to date"
        } else if self.conflict.is_some() {
            "not up to date, and `elyos init` refuses to go on until the conflict is settled"
        } else {
            "not up to date: run `elyos init`"
        })
    }
}

fn block(f: &mut fmt::Formatter<'_>, kind: &str, items: &[ItemStatus]) -> fmt::Result {
    let settled = items.iter().filter(|item| item.is_settled()).count();
    writeln!(f, "{kind:<11} {settled} of {}", items.len())?;
    items.iter().try_for_each(|item| writeln!(f, "            {item}"))
}
