//! The start protocol as one file that psql runs: for whoever may not, or would rather not, let a program write.
//!
//! The file does what a run does, by the same steps in the same order, with the ledger's own statements: `guard` refuses
//! what a run refuses, `prepare` makes the ledger, schemas and extensions, `migrations` (with `stepwise`, for those that are not
//! one transaction), `seeds` and `procedures` do the work. What is due
//! is decided when the file runs, by the database's ledger; so the file can be run at any state, and again.
//!
//! Every text of the bundle stands in a dollar-quoted string, which a SELECT hands back for `\gexec` to run as one
//! message. psql takes nothing in such a string for its own: no backslash, no `:variable`, no semicolon; and an error's
//! `LINE 3` is the third line of the bundle's file.
//!
//! Source: PostgreSQL, "psql", <https://www.postgresql.org/docs/14/app-psql.html>.

mod guard;
mod migrations;
mod prepare;
mod procedures;
mod seeds;
mod stepwise;
mod text;

use std::fmt::Write as _;

use super::lock;
use super::transaction::{COMMIT, pin, pin_session};
use crate::bundle::{Bundle, Script};
use crate::error::Result;
use text::{literal, quoted};

/// What the file is made from.
pub(super) struct Wanted<'b> {
    pub(super) bundle: &'b Bundle,
    /// The administrator's address, if one is wanted.
    pub(super) address: Option<&'b str>,
    pub(super) minimum_server: u32,
    /// How many seconds the file waits for another process.
    pub(super) lock_seconds: u64,
    /// How many milliseconds a statement of a migration waits for a lock.
    pub(super) migration_lock_timeout: i32,
}

/// Writes the file.
///
/// # Errors
///
/// When a seed that is too large to be held cannot be read.
pub(super) fn write(wanted: &Wanted<'_>) -> Result<String> {
    let (lock_seconds, lock_timeout) = (wanted.lock_seconds, wanted.migration_lock_timeout);
    let mut file = File { text: String::new(), bundle: wanted.bundle, lock_seconds, lock_timeout };
    file.line(&format!(
        "-- What `elyos init` does, for psql 14 or later: psql -X -v ON_ERROR_STOP=1 -f FILE DATABASE_URL\n\
         -- Run again, it has nothing to do. Revision {}, digest {}.",
        wanted.bundle.revision,
        wanted.bundle.digest()
    ));
    file.line(SETTINGS);
    guard::write(&mut file, wanted);
    prepare::write(&mut file);
    migrations::write(&mut file);
    seeds::write(&mut file, wanted)?;
    file.line(&format!(
        "SELECT pg_catalog.pg_advisory_unlock({}), pg_catalog.pg_advisory_unlock({}) AS alone \\gset elyos_\n\
         \\echo 'applied: the database is up to date'",
        lock::KEY,
        lock::ALONE
    ));
    Ok(file.text)
}

/// What psql can be set to that would change what the file does, by a `psqlrc` or on its command line.
const SETTINGS: &str = "\
\\set ON_ERROR_STOP on
\\set ON_ERROR_ROLLBACK off
\\set AUTOCOMMIT on
\\set SINGLELINE off
\\set FETCH_COUNT 0
\\pset null ''
SET client_encoding TO 'UTF8';
";

/// The file as far as it is written.
struct File<'b> {
    text: String,
    bundle: &'b Bundle,
    /// How many seconds it waits for another process.
    lock_seconds: u64,
    /// How many milliseconds a statement of a migration waits for a lock.
    lock_timeout: i32,
}

impl File<'_> {
    fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    /// Begins a transaction as every working transaction of a run begins.
    fn begin(&mut self) {
        self.line("BEGIN ISOLATION LEVEL READ COMMITTED;");
        self.pin();
        let milliseconds = self.lock_seconds.saturating_mul(1000).clamp(1, i32::MAX.unsigned_abs().into());
        self.line(&format!("SET LOCAL lock_timeout = {milliseconds};\nSET LOCAL statement_timeout = 0;"));
        self.line(&format!("{} \\gset elyos_", lock::WORK.trim_end_matches(';')));
        self.line("SET LOCAL lock_timeout TO DEFAULT;\nSET LOCAL statement_timeout TO DEFAULT;");
    }

    /// Pins the session, in one message: between its statements the encoding may be another.
    fn pin(&mut self) {
        self.pinned(&pin(self.bundle));
    }

    /// Pins the session until it is pinned again, with the limit to waiting for locks.
    fn pin_session(&mut self) {
        self.pinned(&pin_session(self.bundle));
        // To be ended by a role's time-out leaves an invalid index.
        self.line(&format!("SET statement_timeout = 0;\nSET lock_timeout = {};", self.lock_timeout));
    }

    /// Limits how long the rest of a transaction waits for locks, until the session is pinned again.
    fn limit_waiting(&mut self) {
        self.line(&format!("SET LOCAL lock_timeout = {};", self.lock_timeout));
    }

    fn pinned(&mut self, pin: &str) {
        // The pin's own answer is for a program.
        let (settings, clock) = pin.rsplit_once("SELECT ").unwrap_or((pin, ""));
        let body = format!("BEGIN {settings}PERFORM {clock}END");
        // Names in the search path may hold any character, and what ran before may have set another encoding.
        self.line(&format!("SET client_encoding TO 'UTF8';\nDO {};", quoted(&body)));
    }

    fn commit(&mut self) {
        self.line(&format!("{COMMIT};\n"));
    }

    /// Runs a file of the bundle as one message, and pins the session again.
    fn run(&mut self, script: &Script) {
        self.message(&self.bundle.text(script));
        self.pin();
    }

    /// Runs a text as one message. It may end in a comment or without a semicolon.
    fn message(&mut self, text: &str) {
        self.line(&format!("SELECT {} \\gexec", quoted(&format!("{text}\n;"))));
    }

    /// Stops with an error: psql has no command for it, the server has.
    fn refuse(&mut self, message: &str, hint: &str) {
        let body = format!("BEGIN RAISE EXCEPTION USING MESSAGE = {}, HINT = {}; END", literal(message), literal(hint));
        self.line(&format!("DO {};", quoted(&body)));
    }

    /// Asks the database, and goes on with what `then` writes if it says yes. `name` is psql's variable for it.
    fn when(&mut self, name: &str, condition: &str, then: impl FnOnce(&mut Self)) {
        self.line(&format!("SELECT {condition} AS {name} \\gset\n\\if :{name}"));
        then(self);
        self.line("\\endif");
    }

    /// Runs one of the ledger's own statements, with its parameters in place.
    fn record(&mut self, sql: &str, values: &[String]) {
        self.line(&format!("{};", text::with_values(sql, values)));
    }

    /// Notes when something begins, for the ledger's milliseconds.
    fn start_clock(&mut self) {
        self.line("SELECT extract(epoch FROM pg_catalog.clock_timestamp()) AS elyos_began \\gset");
    }

    /// Says what runs now.
    fn say(&mut self, what: &str, name: &str) {
        let mut told = String::new();
        // psql's single quotes: doubled, and a backslash is an escape in them.
        let _ = write!(told, "\\echo '{what} {}'", name.replace('\\', "\\\\").replace('\'', "''").replace('\n', "\\n"));
        self.line(&told);
    }
}

/// The milliseconds since [`File::start_clock`].
const ELAPSED: &str = "((extract(epoch FROM pg_catalog.clock_timestamp()) - :elyos_began) * 1000)::float8";

/// The hash of a script as a value for the ledger.
fn hash(script: &Script) -> String {
    literal(&crate::bundle::hex(&script.sha256))
}
