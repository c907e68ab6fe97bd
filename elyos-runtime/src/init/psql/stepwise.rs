//! A migration that is marked as one that is not one transaction: its statements are committed one by one.
//!
//! It is recorded, and gone on with behind an interruption, as `init::stepwise` does, by the same questions to the
//! database. psql stops at the first failure: what a run tries again, the next run of the file does.

use super::text::{array, literal, with_values};
use super::{File, migrations, quoted};
use crate::bundle::{Execution, Migration};
use crate::init::{leftover, transaction};
use crate::ledger::{self, Progress, record_progress};

/// Writes what is left of it when the file runs.
pub(super) fn write(file: &mut File<'_>, migration: &Migration) {
    file.when("elyos_due", &migrations::is_due(migration), |file| {
        file.say("migration", &migration.name);
        file.pin_session();
        let is_recorded = format!("EXISTS (SELECT FROM elyos.migrations WHERE position = {})", migration.position);
        file.when("elyos_interrupted", &is_recorded, |file| amend(file, migration));
        file.when("elyos_new", &format!("NOT {is_recorded}"), |file| migrations::record(file, migration, None));
        // Asked before the first one runs, which may set a role that cannot read the ledger.
        for number in 1..=migration.executions.len() {
            file.line(&format!(
                "SELECT started_at IS NOT NULL AS elyos_started_{number}, finished_at IS NOT NULL AS elyos_finished_{number} \
                 FROM elyos.statements WHERE position = {} AND number = {number} \\gset",
                migration.position
            ));
        }
        for (index, execution) in migration.executions.iter().enumerate() {
            Statement { migration, index, execution }.write(file);
        }
        commit(file, &ledger::record_end(migration.position));
        file.line("RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;\n");
    });
}

/// What has been run or started has to mean what it meant then; what is left to run may have another text.
fn amend(file: &mut File<'_>, migration: &Migration) {
    let (position, (texts, tokens)) = (migration.position, ledger::hashes(migration));
    let touched = format!("position = {position} AND (started_at IS NOT NULL OR finished_at IS NOT NULL)");
    let body = format!(
        "DECLARE changed integer;\n\
         BEGIN\n\
         SELECT s.number INTO changed FROM elyos.statements AS s LEFT JOIN unnest({}) WITH ORDINALITY AS b (tokens, number) ON b.number = s.number\n\
         \x20 WHERE s.position = {position} AND s.number <= (SELECT max(number) FROM elyos.statements WHERE {touched})\n\
         \x20 AND s.tokens_sha256 IS DISTINCT FROM b.tokens ORDER BY s.number LIMIT 1;\n\
         IF FOUND THEN\n\
         \x20 RAISE EXCEPTION 'the migration % was interrupted behind its statement %, which is not the one that was run then', {}, changed\n\
         \x20   USING HINT = 'restore the statements that have been run; those behind them may be changed';\n\
         END IF;\n\
         END",
        array(&tokens),
        literal(&migration.name),
    );
    file.line(&format!("DO {};", quoted(&body)));
    let hash = super::hash(&migration.script);
    let differs = format!("EXISTS (SELECT FROM elyos.migrations WHERE position = {position} AND sha256 <> {hash})");
    file.when("elyos_amended", &differs, |file| {
        file.line(&format!("SELECT coalesce(max(number), 0) AS elyos_kept FROM elyos.statements WHERE {touched} \\gset"));
        file.record(ledger::AMEND, &[position.to_string(), ":elyos_kept".to_owned(), hash, array(&texts), array(&tokens)]);
    });
}

/// One statement of the migration.
struct Statement<'b> {
    migration: &'b Migration,
    index: usize,
    execution: &'b Execution,
}

impl Statement<'_> {
    fn number(&self) -> usize {
        self.index + 1
    }

    fn write(&self, file: &mut File<'_>) {
        let script = &self.migration.script;
        let is_skipped = script.statements.get(self.index).is_some_and(|span| script.skipped.contains(span));
        if !is_skipped && *self.execution == Execution::Setting {
            // What it sets was lost with the session that it was set in.
            self.run(file);
        }
        file.line(&format!("\\if :elyos_finished_{}\n\\else", self.number()));
        match self.execution {
            _ if is_skipped => self.record(file, Progress::Finished),
            Execution::Setting => self.record(file, Progress::Finished),
            Execution::Transaction => {
                self.refuse_where_started(file);
                file.line(transaction::BEGIN);
                self.run(file);
                file.line("SET CONSTRAINTS ALL IMMEDIATE;");
                file.line(&self.progress(Progress::Finished));
                file.line("COMMIT;");
            }
            Execution::Once => {
                self.refuse_where_started(file);
                self.by_itself(file);
            }
            Execution::CreateIndex { table, index } => {
                let left = with_values(leftover::INDEX, &[literal(table), literal(index)]);
                let left = format!("({left}) AS i (name, is_of_table, is_valid)");
                self.refuse_invalid(file, &format!("{left} WHERE is_of_table AND NOT is_valid"));
                self.unless_done(file, &format!("EXISTS (SELECT FROM {left} WHERE is_of_table AND is_valid)"));
            }
            Execution::DropIndex { index } => {
                self.unless_done(file, &format!("pg_catalog.to_regclass({}) IS NULL", literal(index)));
            }
            Execution::Reindex => {
                file.line(&format!("\\if :elyos_started_{}", self.number()));
                self.refuse_invalid(file, &format!("({}) AS i (name)", leftover::REBUILT));
                file.line("\\endif");
                self.by_itself(file);
            }
            Execution::Repeatable => {
                self.record(file, Progress::Started);
                self.run(file);
                self.record(file, Progress::Finished);
            }
        }
        file.line("\\endif");
    }

    /// One that an earlier attempt has started may have been done to its end.
    fn unless_done(&self, file: &mut File<'_>, is_done: &str) {
        let number = self.number();
        file.line(&format!("SELECT :'elyos_started_{number}'::boolean AND {is_done} AS elyos_done \\gset\n\\if :elyos_done"));
        self.record(file, Progress::Finished);
        file.line("\\else");
        self.by_itself(file);
        file.line("\\endif");
    }

    /// As it is, between the records of its beginning and its end, and without the limit to waiting for locks, unless the
    /// migration has set one of its own.
    fn by_itself(&self, file: &mut File<'_>) {
        self.record(file, Progress::Started);
        let limit = file.lock_timeout;
        file.line(&format!(
            "SELECT setting = '{limit}' AS elyos_lifted FROM pg_catalog.pg_settings WHERE name = 'lock_timeout' \\gset\n\
             \\if :elyos_lifted\nSET lock_timeout = 0;\n\\endif"
        ));
        self.run(file);
        file.line(&format!("\\if :elyos_lifted\nSET lock_timeout = {limit};\n\\endif"));
        self.record(file, Progress::Finished);
    }

    /// Its text, behind as many lines as are before it in the file: an error's `LINE 3` is the file's.
    fn run(&self, file: &mut File<'_>) {
        let text = file.bundle.text(&self.migration.script);
        let range = self.migration.script.statements[self.index].range();
        let lines = "\n".repeat(text[..range.start].matches('\n').count());
        file.message(&format!("{lines}{}", &text[range]));
    }

    fn progress(&self, progress: Progress) -> String {
        record_progress(self.migration.position, self.number(), progress)
    }

    fn record(&self, file: &mut File<'_>, progress: Progress) {
        commit(file, &self.progress(progress));
    }

    fn refuse_where_started(&self, file: &mut File<'_>) {
        let (position, number, total) = (self.migration.position, self.number(), self.migration.executions.len());
        let row = format!("WHERE position = {position} AND number = {number}");
        file.line(&format!("\\if :elyos_started_{number}"));
        file.refuse(
            &format!("the migration {} did not come to the end of its statement {number} of {total}", self.migration.name),
            &format!(
                "look whether the database has what the statement does, and say so in the ledger; then run this again. \
                 If it has: UPDATE elyos.statements SET finished_at = now() {row}. \
                 If it has nothing of it: UPDATE elyos.statements SET started_at = NULL {row}"
            ),
        );
        file.line("\\endif");
    }

    /// `left` is what names the indexes, in its column `name`.
    fn refuse_invalid(&self, file: &mut File<'_>, left: &str) {
        let (name, number) = (literal(&self.migration.name), self.number());
        let body = format!(
            "DECLARE names text;\n\
             BEGIN\n\
             SELECT string_agg(name, ', ') INTO names FROM {left};\n\
             IF names IS NOT NULL THEN\n\
             \x20 RAISE EXCEPTION 'the migration % cannot go on with its statement {number}: an attempt that did not come to its end has left behind what is INVALID: %', {name}, names\n\
             \x20   USING HINT = concat('DROP INDEX CONCURRENTLY ', names, '; Then run this again: the migration goes on with this statement');\n\
             END IF;\n\
             END"
        );
        file.line(&format!("DO {};", quoted(&body)));
    }
}

fn commit(file: &mut File<'_>, sql: &str) {
    file.line(&format!("{}{sql}COMMIT;", transaction::BEGIN));
}
