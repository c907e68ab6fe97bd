//! Running SQL files: several in one round trip, and still knowing which statement of which file failed.

use std::ops::Range;
use std::time::Duration;

use tokio_postgres::error::ErrorPosition;

use super::transaction::{PIN_STATEMENTS, clock, pin};
use crate::bundle::{Bundle, Script};
use crate::error::{Error, Kind, Place, Result};
use crate::session::{Answer, ScriptFailure, Session};

/// Several small files travel together up to this size; a larger one travels alone. Large enough that round trips do
/// not count, small enough that progress is seen.
const BATCH_BYTES: usize = 128 * 1024;

/// A file that is part of a batch.
struct Part<'b> {
    script: &'b Script,
    /// How an error names it, such as "seed users".
    step: String,
    /// Where its text begins in the batch.
    offset: usize,
    /// How many statements of the batch come before its own.
    before: usize,
    /// Whether a question of one statement stands behind it.
    asks: bool,
}

/// What a file of a batch did.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) rows: u64,
    pub(super) milliseconds: f64,
    /// The one text that answers the question behind the file, where there is one.
    pub(super) answer: Option<String>,
}

/// Files that are sent together, with the session pinned again after each.
pub(super) struct Batch<'b> {
    bundle: &'b Bundle,
    sql: String,
    parts: Vec<Part<'b>>,
    statements: usize,
    /// How long the statements of a file may wait for a lock, where they make others wait behind them.
    lock_timeout: Option<Duration>,
}

impl<'b> Batch<'b> {
    pub(super) fn new(bundle: &'b Bundle) -> Self {
        // The first pin of a batch starts the clock.
        Self { bundle, sql: pin(bundle), parts: Vec::new(), statements: PIN_STATEMENTS, lock_timeout: None }
    }

    /// Limits how long the statements of each file may wait for a lock.
    pub(super) fn limited(mut self, lock_timeout: Duration) -> Self {
        self.lock_timeout = Some(lock_timeout);
        self
    }

    /// Would the batch with this file still be small?
    pub(super) fn takes(&self, script: &Script) -> bool {
        self.parts.is_empty() || self.sql.len() + self.bundle.text(script).len() <= BATCH_BYTES
    }

    pub(super) fn push(&mut self, script: &'b Script, step: String) {
        self.push_asking(script, step, "");
    }

    /// [`push`](Self::push), with a query of one text behind the file.
    pub(super) fn push_asking(&mut self, script: &'b Script, step: String, question: &str) {
        if let Some(limit) = self.lock_timeout {
            self.sql.push_str(&limit_waiting(limit));
            self.statements += 1;
        }
        let asks = !question.is_empty();
        self.parts.push(Part { script, step, offset: self.sql.len(), before: self.statements, asks });
        self.sql.push_str(&self.bundle.text(script));
        // The file may end in a comment or without a semicolon. An empty statement answers nothing.
        self.sql.push_str("\n;\n");
        self.sql.push_str(question);
        self.sql.push_str(&pin(self.bundle));
        self.statements += script.statements_run().count() + usize::from(asks) + PIN_STATEMENTS;
    }

    /// Sends one more file with what there is, and tells what it did.
    fn run_with(mut self, session: &Session, script: &'b Script, step: &str) -> Result<Done> {
        self.push(script, step.to_owned());
        let mut done = self.run(session)?;
        done.pop().ok_or_else(|| Error::new(Kind::Unexpected { what: "the end of a script" }))
    }

    /// Sends all and tells what each file did.
    pub(super) fn run(self, session: &Session) -> Result<Vec<Done>> {
        self.send(session)?.map_err(|failure| self.failure(failure))
    }

    /// [`run`](Self::run), with a failure as the server gave it.
    pub(super) fn send(&self, session: &Session) -> Result<Result<Vec<Done>, ScriptFailure>> {
        let answers = match session.script(&self.sql) {
            Ok(answers) => answers,
            Err(failure) => return Ok(Err(failure)),
        };
        let mut since = clock(answers.get(PIN_STATEMENTS - 1).and_then(|answer| answer.row.as_ref()))?;
        // Every statement answers once, so each file's end is the pin behind it.
        let mut done = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            let row = |at: usize| answers.get(at).and_then(|answer| answer.row.as_ref());
            let statements: Vec<Range<usize>> = part.script.statements_run().collect();
            let behind = part.before + statements.len();
            let now = clock(row(behind + usize::from(part.asks) + PIN_STATEMENTS - 1))?;
            let text = self.bundle.text(part.script);
            let rows =
                statements.iter().zip(&answers[part.before..]).map(|(range, answer)| rows_changed(&text[range.clone()], answer)).sum();
            let answer = part.asks.then(|| row(behind).and_then(|row| row.get(0)).unwrap_or_default().to_owned());
            done.push(Done { rows, milliseconds: (now - since) * 1000.0, answer });
            since = now;
        }
        Ok(Ok(done))
    }

    /// Which file of the batch failed, and which statement of it.
    pub(super) fn statement(&self, failure: &ScriptFailure) -> Option<(usize, usize)> {
        let part = self.parts.iter().rposition(|part| part.before <= failure.completed)?;
        Some((part, failure.completed - self.parts[part].before))
    }

    /// Which file, and where in it?
    pub(super) fn failure(&self, failure: ScriptFailure) -> Error {
        // A position is given for what the server could not understand, and counts characters from 1.
        let position = match failure.error.as_db_error().and_then(|error| error.position()) {
            Some(ErrorPosition::Original(position)) => {
                let characters = usize::try_from(*position).unwrap_or(1).saturating_sub(1);
                self.sql.char_indices().nth(characters).map(|(byte, _)| byte)
            }
            _ => None,
        };
        let part = match position {
            Some(byte) => self.parts.iter().rev().find(|part| part.offset <= byte),
            None => self.parts.iter().rev().find(|part| part.before <= failure.completed),
        };
        let Some(part) = part else {
            return Error::statement(failure.error, &self.sql);
        };
        let text = self.bundle.text(part.script);
        let range = match position.map(|byte| byte - part.offset) {
            Some(byte) if byte < text.len() => Some(word_at(&text, byte)),
            _ => part.script.statements_run().nth(failure.completed - part.before),
        };
        let place = range.map(|range| Place::new(&part.script.path, &self.bundle.files_text(part.script), range));
        Error::new(Kind::Step { step: part.step.clone(), place, error: failure.error })
    }
}

/// Runs one file that travels alone.
pub(super) fn run_alone(session: &Session, bundle: &Bundle, script: &Script, step: &str) -> Result<Done> {
    Batch::new(bundle).run_with(session, script, step)
}

/// Runs one file that travels alone, and whose statements wait no longer than this for a lock.
pub(super) fn run_with_lock_timeout(
    session: &Session,
    bundle: &Bundle,
    script: &Script,
    step: &str,
    lock_timeout: Duration,
) -> Result<Done> {
    Batch::new(bundle).limited(lock_timeout).run_with(session, script, step)
}

/// Where a statement failed that was sent by itself, behind so many bytes of plain ASCII.
pub(super) fn place_in_statement(
    bundle: &Bundle,
    script: &Script,
    statement: Range<usize>,
    sent_before: usize,
    error: &tokio_postgres::Error,
) -> Place {
    let text = bundle.text(script);
    let sent = &text[statement.clone()];
    let at = match error.as_db_error().and_then(|error| error.position()) {
        Some(ErrorPosition::Original(position)) => {
            let character = usize::try_from(*position).unwrap_or(1).saturating_sub(1);
            character.checked_sub(sent_before).and_then(|character| sent.char_indices().nth(character))
        }
        _ => None,
    };
    let range = at.map_or(statement.clone(), |(byte, _)| word_at(&text, statement.start + byte));
    Place::new(&script.path, &bundle.files_text(script), range)
}

/// Limits how long the rest of a transaction waits for locks, until the session is pinned again.
pub(super) fn limit_waiting(lock_timeout: Duration) -> String {
    format!("SET LOCAL lock_timeout = {};\n", milliseconds(lock_timeout))
}

/// Do others queue behind a statement of the file while it waits for its lock? So it is with what changes, empties or
/// locks a table; whoever reads or writes rows waits, if at all, for who has written one of them.
///
/// A `DO` block or a `CALL` may do either.
pub(super) fn makes_others_queue(bundle: &Bundle, script: &Script) -> bool {
    let text = bundle.text(script);
    script.statements_run().any(|range| locks_tables(&text[range]))
}

/// Is it a statement behind which others may queue?
pub(super) fn locks_tables(statement: &str) -> bool {
    const OF_ROWS: [&str; 11] = ["SELECT", "WITH", "VALUES", "TABLE", "INSERT", "UPDATE", "DELETE", "MERGE", "SET", "RESET", "SHOW"];
    let keyword = keyword(statement);
    // A query may stand in parentheses.
    !keyword.is_empty() && !OF_ROWS.iter().any(|known| keyword.eq_ignore_ascii_case(known))
}

/// The word that a statement begins with.
fn keyword(statement: &str) -> &str {
    statement.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default()
}

/// As the server takes a time-out: at least one, as none would be no limit at all.
pub(super) fn milliseconds(duration: Duration) -> i32 {
    i32::try_from(duration.as_millis()).unwrap_or(i32::MAX).max(1)
}

/// The count of a command tag is that of rows changed for these only; for SELECT it counts rows returned.
pub(super) fn rows_changed(statement: &str, answer: &Answer) -> u64 {
    let keyword = keyword(statement);
    let is = |known: &str| keyword.eq_ignore_ascii_case(known);
    let changes = ["INSERT", "UPDATE", "DELETE", "MERGE"].into_iter().any(is)
        // A WITH that returns rows without RETURNING them from a change has only read them.
        || is("WITH") && (answer.row.is_none() || statement.to_ascii_uppercase().contains("RETURNING"));
    if changes { answer.count } else { 0 }
}

/// The name, number or sign that starts at the offset.
pub(super) fn word_at(text: &str, start: usize) -> Range<usize> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
    let length = text[start..].find(|c| !is_word(c)).unwrap_or(text.len() - start);
    let first = text[start..].chars().next().map_or(0, char::len_utf8);
    start..start + length.max(first)
}

#[cfg(test)]
mod tests {
    use super::{locks_tables, word_at};

    #[test]
    fn others_queue_behind_what_changes_empties_or_locks_a_table() {
        for sql in ["TRUNCATE t", "alter table t ADD a int", "LOCK TABLE t", "CREATE INDEX ON t (a)", "DO $$ BEGIN END $$", "CALL p()"] {
            assert!(locks_tables(sql), "{sql}");
        }
        for sql in
            ["INSERT INTO t VALUES (1)", "with a AS (SELECT 1) SELECT 1", "(SELECT 1) UNION SELECT 2", "SET a.b = 1", "update t SET a = 1"]
        {
            assert!(!locks_tables(sql), "{sql}");
        }
    }

    #[test]
    fn a_word_is_a_whole_name_or_one_sign() {
        assert_eq!(word_at("a b.c_1 (é)", 2), 2..7);
        assert_eq!(word_at("(x", 0), 0..1);
        assert_eq!(word_at("é", 0), 0..2);
        assert_eq!(word_at("x", 1), 1..1);
    }
}
