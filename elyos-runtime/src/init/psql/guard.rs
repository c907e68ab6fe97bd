//! What a run refuses before anything is touched, and its end where there is nothing to do.

use super::text::{array, literal};
use super::{File, Wanted};
use crate::bundle::hex;
use crate::init::lock;
use crate::ledger;

pub(super) fn write(file: &mut File<'_>, wanted: &Wanted<'_>) {
    file.line(&format!(
        "SELECT current_setting('server_version_num')::integer < {}0000 AS elyos_old \\gset\n\
         \\if :elyos_old",
        wanted.minimum_server
    ));
    file.refuse(&format!("the server is older than PostgreSQL {}", wanted.minimum_server), "this needs that or a later one");
    file.line("\\endif");
    lock(file, wanted.lock_seconds);
    // Asked under the lock: whoever held it may have made it.
    file.when("elyos_ledger", "to_regclass('elyos.state') IS NOT NULL", |file| {
        let is_newer = format!("(SELECT {} > {} FROM elyos.state AS s)", ledger::OLDEST_READER, ledger::VERSION);
        file.when("elyos_newer", &is_newer, |file| {
            file.refuse(
                &format!("the ledger in schema elyos is of a later version than {}, the last one that this file knows", ledger::VERSION),
                "write the file with a newer Elyos",
            );
        });
        contradictions(file);
        ahead(file);
        settled(file, wanted);
    });
    file.line("");
}

/// Waits for the lock of a run and for that of a migration that is not one transaction, held by this session to its end:
/// so no working transaction of the file has to try the second. Each try is a transaction of its own, so that a waiting
/// file does not stand in the way of `CREATE INDEX CONCURRENTLY`.
fn lock(file: &mut File<'_>, seconds: u64) {
    let body = format!(
        "DECLARE deadline timestamptz := clock_timestamp() + {seconds} * interval '1 second'; holder text; is_first boolean := false;\n\
         BEGIN\n\
         LOOP\n\
         \x20 is_first := is_first OR pg_catalog.pg_try_advisory_lock({});\n\
         \x20 EXIT WHEN is_first AND pg_catalog.pg_try_advisory_lock({});\n\
         \x20 IF clock_timestamp() >= deadline THEN\n\
         \x20   {} INTO holder;\n\
         \x20   RAISE EXCEPTION USING MESSAGE = concat_ws(': ', 'another process has been initialising this database for {seconds} s', holder),\n\
         \x20     HINT = 'wait for it to finish and run this again';\n\
         \x20 END IF;\n\
         \x20 COMMIT;\n\
         \x20 PERFORM pg_catalog.pg_sleep(0.2);\n\
         END LOOP;\n\
         END",
        lock::KEY,
        lock::ALONE,
        lock::holder_sql().trim_end_matches(';'),
    );
    // How long it waits is for the file to say.
    file.line(&format!("SET statement_timeout = 0;\nDO {};\nRESET statement_timeout;", super::quoted(&body)));
}

/// The bundle's migrations as a table of values; one that has no row where there are none.
fn known(file: &File<'_>) -> String {
    let migrations = &file.bundle.migrations;
    let positions: Vec<String> = migrations.iter().map(|migration| migration.position.to_string()).collect();
    format!(
        "unnest(ARRAY[{}]::bigint[], {}, {}) AS b (position, name, sha256)",
        positions.join(", "),
        array(migrations.iter().map(|migration| &*migration.name)),
        array(migrations.iter().map(|migration| hex(&migration.script.sha256))),
    )
}

/// A ledger that contradicts the bundle, in the order and the words of a run.
fn contradictions(file: &mut File<'_>) {
    let known = known(file);
    let last = last(file);
    let body = format!(
        "DECLARE r record;\n\
         BEGIN\n\
         IF EXISTS (SELECT FROM elyos.migrations) AND {has_migrations}\n\
         \x20 AND NOT EXISTS (SELECT FROM elyos.migrations WHERE position < 0)\n\
         \x20 AND NOT EXISTS (SELECT FROM elyos.migrations AS m JOIN {known} USING (name)) THEN\n\
         \x20 RAISE EXCEPTION USING MESSAGE = 'this database was made by another bundle: it has migrations, and none of this bundle''s is among them',\n\
         \x20   HINT = 'give each bundle a database of its own; is it the right one that psql is connected to?';\n\
         END IF;\n\
         IF {ahead} THEN RETURN; END IF;\n\
         FOR r IN SELECT m.position, m.name, m.sha256, b.name AS known, b.sha256 AS now, {unfinished} AS unfinished FROM elyos.migrations AS m LEFT JOIN {known} USING (position) ORDER BY position LOOP\n\
         \x20 IF r.position < 0 AND r.known IS NULL THEN\n\
         \x20   RAISE EXCEPTION 'this database was made from schema.sql itself, and the bundle has migrations now' USING HINT = 'start with a new database';\n\
         \x20 ELSIF r.known IS DISTINCT FROM r.name THEN\n\
         \x20   RAISE EXCEPTION 'the database has the migration %, which the bundle does not have, before others that it has', r.name\n\
         \x20     USING HINT = 'the database and the bundle come from different branches: bring the migration into this one, or use another database';\n\
         \x20 ELSIF r.unfinished OR r.now = r.sha256 THEN\n\
         \x20   CONTINUE;\n\
         \x20 ELSIF r.position < 0 THEN\n\
         \x20   RAISE EXCEPTION 'schema.sql has changed since it was applied to this database' USING HINT = 'put the change into migrations/, or use a new database';\n\
         \x20 ELSE\n\
         \x20   RAISE EXCEPTION 'the migration % has changed since it was applied', r.name\n\
         \x20     USING HINT = 'restore the file as it was and put the change into a new migration';\n\
         \x20 END IF;\n\
         END LOOP;\n\
         WITH finished AS (SELECT position, name FROM elyos.migrations AS m WHERE NOT {unfinished})\n\
         \x20 SELECT b.name, (SELECT name FROM finished ORDER BY position DESC LIMIT 1) AS after INTO r FROM {known}\n\
         \x20 WHERE b.position NOT IN (SELECT position FROM finished) AND b.position < (SELECT max(position) FROM finished)\n\
         \x20 ORDER BY b.position LIMIT 1;\n\
         IF FOUND THEN\n\
         \x20 RAISE EXCEPTION 'the migration % has not been applied, but %, which comes after it, has', r.name, r.after\n\
         \x20   USING HINT = 'give it a number after the last applied one';\n\
         END IF;\n\
         END",
        unfinished = ledger::UNFINISHED,
        has_migrations = !file.bundle.migrations.is_empty(),
        ahead = is_ahead(file.bundle.revision, last),
    );
    file.line(&format!("DO {};", super::quoted(&body)));
}

fn last(file: &File<'_>) -> Option<i64> {
    file.bundle.migrations.iter().map(|migration| migration.position).max()
}

/// As `compare::is_ahead`, asked of the database.
fn is_ahead(revision: i64, last: Option<i64>) -> String {
    let later = last.map_or_else(|| "false".to_owned(), |last| format!("EXISTS (SELECT FROM elyos.migrations WHERE position > {last})"));
    format!("(coalesce((SELECT revision FROM elyos.state) > {revision}, false) OR {later})")
}

/// A database of a newer release is left as it is, and that is no failure.
fn ahead(file: &mut File<'_>) {
    let condition = is_ahead(file.bundle.revision, last(file));
    file.when("elyos_ahead", &condition, |file| {
        file.line("\\echo 'nothing was written: a newer release has written this database'\n\\quit");
    });
}

/// The fast path of a run.
fn settled(file: &mut File<'_>, wanted: &Wanted<'_>) {
    let address = wanted.address.map_or_else(String::new, |address| format!(" AND admin_email = {}", literal(address)));
    let (digest, revision) = (literal(&file.bundle.digest()), file.bundle.revision);
    let condition = format!("EXISTS (SELECT FROM elyos.state WHERE digest = {digest} AND revision = {revision}{address})");
    file.when("elyos_settled", &condition, |file| file.line("\\echo 'nothing to do: the database is up to date'\n\\quit"));
}
