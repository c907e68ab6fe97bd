//! Seeds, procedures and the administrator's e-mail, with the ledger, in one transaction.

use super::text::literal;
use super::{ELAPSED, File, Wanted, hash, procedures};
use crate::bundle::{Admin, Bundle, Run, Seed};
use crate::error::{Error, Kind, Result};
use crate::init::script;
use crate::ledger;
use crate::sql::quote_identifier;

/// Rows that this transaction has inserted, updated or deleted so far.
///
/// Source: PostgreSQL, "The Cumulative Statistics System", `pg_stat_xact_user_tables`.
const ROWS: &str = "(SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) FROM pg_catalog.pg_stat_xact_user_tables)";

pub(super) fn write(file: &mut File<'_>, wanted: &Wanted<'_>) -> Result<()> {
    let bundle = file.bundle;
    file.begin();
    for (index, seed) in bundle.seeds.iter().enumerate() {
        file.line(&format!("SELECT {} AS elyos_seed_{index} \\gset", due(bundle, index, seed)));
    }
    let any: Vec<String> = (0..bundle.seeds.len()).map(is_due).chain(["false".to_owned()]).collect();
    let any = any.join(" OR ");
    file.line(&format!("SELECT {any} AS elyos_seeding, false AS elyos_changed \\gset"));
    if let Some(admin) = &bundle.admin
        && wanted.address.is_none()
    {
        remember(file, admin);
    }
    for (index, seed) in bundle.seeds.iter().enumerate() {
        file.line(&format!("\\if :elyos_seed_{index}"));
        file.say("seed", &seed.name);
        file.start_clock();
        file.line(&format!("SELECT {ROWS} AS elyos_rows \\gset"));
        run(file, seed)?;
        let rows = format!("ARRAY[greatest({ROWS} - :elyos_rows, 0)]::bigint[]");
        let values = [&literal(&seed.name), &hash(&seed.script)].map(|value| format!("ARRAY[{value}]::text[]"));
        file.record(ledger::RECORD_SEEDS, &[values[0].clone(), values[1].clone(), rows, format!("ARRAY[{ELAPSED}]")]);
        file.line("\\endif");
    }
    procedures::write(file);
    if let Some(admin) = &bundle.admin {
        match wanted.address {
            Some(address) => set(file, admin, address),
            None => restore(file, admin),
        }
    }
    state(file, wanted);
    file.commit();
    Ok(())
}

/// Runs the seed's file, of one that is too large to be held piece after piece.
fn run(file: &mut File<'_>, seed: &Seed) -> Result<()> {
    let Some(large) = file.bundle.files.large(&seed.script.path) else {
        if script::makes_others_queue(file.bundle, &seed.script) {
            file.limit_waiting();
        }
        file.run(&seed.script);
        return Ok(());
    };
    let unreadable = |error| {
        let (step, path) = (format!("seed {}", seed.name), seed.script.path.to_string());
        Error::new(Kind::LargeFile { step, path, error })
    };
    let mut is_limited = false;
    for piece in large.pieces().map_err(unreadable)? {
        let piece = piece.map_err(unreadable)?;
        if !is_limited && piece.statements.iter().any(|range| script::locks_tables(&piece.text[range.clone()])) {
            is_limited = true;
            file.limit_waiting();
        }
        file.message(&piece.text);
        // As in a run: what a piece sets literals to mean does not reach the next.
        file.line("SELECT pg_catalog.set_config('standard_conforming_strings', 'on', true) AS literals \\gset elyos_");
    }
    file.pin();
    Ok(())
}

/// Has the seed to run: by itself, or as it reads what one before it writes?
fn due(bundle: &Bundle, index: usize, seed: &Seed) -> String {
    let name = literal(&seed.name);
    let ran = match seed.run {
        Run::Always => return "true".to_owned(),
        Run::Once => return format!("NOT EXISTS (SELECT FROM elyos.seeds WHERE name = {name})"),
        Run::Changed => format!("NOT EXISTS (SELECT FROM elyos.seeds WHERE name = {name} AND sha256 = {})", hash(&seed.script)),
    };
    let writers =
        bundle.seeds[..index].iter().enumerate().filter(|(_, before)| before.writes.iter().any(|table| seed.reads.contains(table)));
    writers.fold(ran, |due, (before, _)| format!("{due} OR {}", is_due(before)))
}

/// What was found for the seed of a number, as SQL.
fn is_due(index: usize) -> String {
    format!(":'elyos_seed_{index}'::boolean")
}

/// The condition that finds the administrator's row.
fn key(admin: &Admin) -> String {
    // Compared as text, since the manifest does not say the column's type.
    let conditions = admin.key.iter().map(|(column, key)| format!("{}::text = {}", quote_identifier(column), literal(&key.shown())));
    conditions.collect::<Vec<_>>().join(" AND ")
}

/// The same, as people read it.
fn shown_key(admin: &Admin) -> String {
    admin.key.iter().map(|(column, key)| format!("{column} = {}", key.shown())).collect::<Vec<_>>().join(" and ")
}

/// Notes the address that seeds must not undo: the row's own, once one has been set.
fn remember(file: &mut File<'_>, admin: &Admin) {
    file.line("\\unset elyos_kept");
    file.when("elyos_due", ":'elyos_seeding'::boolean AND EXISTS (SELECT FROM elyos.state WHERE admin_email IS NOT NULL)", |file| {
        file.line(&format!(
            "SELECT max({}::text) AS elyos_kept FROM {} WHERE {} \\gset",
            quote_identifier(&admin.column),
            admin.table.quoted(),
            key(admin)
        ));
    });
}

fn restore(file: &mut File<'_>, admin: &Admin) {
    let column = quote_identifier(&admin.column);
    file.line("\\if :{?elyos_kept}");
    file.line(&format!(
        "UPDATE {} SET {column} = :'elyos_kept' WHERE {} AND {column}::text IS DISTINCT FROM :'elyos_kept';\n\\endif",
        admin.table.quoted(),
        key(admin)
    ));
}

fn set(file: &mut File<'_>, admin: &Admin, address: &str) {
    let address = literal(address);
    let due = format!(":'elyos_seeding'::boolean OR NOT EXISTS (SELECT FROM elyos.state WHERE admin_email = {address})");
    file.when("elyos_due", &due, |file| {
        let (table, column, key) = (admin.table.quoted(), quote_identifier(&admin.column), key(admin));
        file.say("admin e-mail", &admin.table.shown());
        file.when("elyos_missing", &format!("NOT EXISTS (SELECT FROM {table} WHERE {key})"), |file| {
            let body = format!(
                "BEGIN RAISE EXCEPTION USING MESSAGE = {}, HINT = {}; END",
                literal(&format!("{} is set, but {} has no row with {}", admin.variable, admin.table.shown(), shown_key(admin))),
                literal("[admin] in seeds.toml names the row: one of the seeds should bring it"),
            );
            file.line(&format!("DO {};", super::quoted(&body)));
        });
        file.line(&format!("UPDATE {table} SET {column} = {address} WHERE {key};\n\\set elyos_changed true"));
    });
}

/// The ledger's one row, where it is to change.
fn state(file: &mut File<'_>, wanted: &Wanted<'_>) {
    let (revision, digest) = (file.bundle.revision.to_string(), literal(&file.bundle.digest()));
    let due = format!(
        ":'elyos_seeding'::boolean OR :'elyos_changed'::boolean OR EXISTS (SELECT FROM elyos.state \
         WHERE digest IS DISTINCT FROM {digest} OR revision IS DISTINCT FROM {revision})"
    );
    file.when("elyos_due", &due, |file| {
        let address = match (&file.bundle.admin, wanted.address) {
            (Some(_), Some(address)) => literal(address),
            _ => "NULL".to_owned(),
        };
        file.record(ledger::RECORD_STATE, &[revision.clone(), digest.clone(), address]);
    });
}
