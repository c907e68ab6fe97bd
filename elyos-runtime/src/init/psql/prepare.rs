//! The ledger, the schemas, the extensions: what is missing of them, in one transaction.

use super::text::{array, literal, quoted};
use super::{File, hash};
use crate::bundle::Extension;
use crate::init::prepare::{EXTENSIONS, schemas};
use crate::ledger;

pub(super) fn write(file: &mut File<'_>) {
    file.when("elyos_ledger", "to_regclass('elyos.state') IS NOT NULL", upgrade);
    file.begin();
    file.when("elyos_due", "to_regclass('elyos.state') IS NULL", |file| {
        create_schema(file, "elyos");
        file.line(&ledger::create_sql());
    });
    for schema in schemas(file.bundle) {
        create_schema(file, schema);
    }
    for extension in file.bundle.extensions.iter() {
        create_extension(file, extension);
    }
    file.commit();
}

/// Makes the tables of an earlier version of the ledger those of this one, in a transaction of its own.
fn upgrade(file: &mut File<'_>) {
    let bundle = file.bundle;
    file.begin();
    file.when("elyos_due", &format!("(SELECT version < {} FROM elyos.state)", ledger::VERSION), |file| {
        file.limit_waiting();
        file.line(&ledger::upgrade_sql());
        for migration in bundle.migrations.iter() {
            let (texts, tokens) = ledger::hashes(migration);
            let values = [migration.position.to_string(), hash(&migration.script), array(texts), array(tokens)];
            file.record(ledger::RECORD_STATEMENTS, &values);
        }
    });
    file.commit();
}

fn create_schema(file: &mut File<'_>, name: &str) {
    let sql = quoted(&format!("CREATE SCHEMA {}", crate::sql::quote_identifier(name)));
    file.line(&format!("SELECT {sql} WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = {}) \\gexec", literal(name)));
}

/// Whether the server offers the extension is known when the file runs.
fn create_extension(file: &mut File<'_>, extension: &Extension) {
    let name = literal(&extension.name);
    let recorded = match &extension.stand_in {
        Some(stand_in) => format!("name = {name} AND sha256 IS NOT DISTINCT FROM {}", hash(stand_in)),
        None => format!("name = {name}"),
    };
    let due = format!(
        "NOT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = {name}) AND NOT EXISTS (SELECT FROM elyos.extensions WHERE {recorded})"
    );
    file.when("elyos_due", &due, |file| {
        file.say("extension", &extension.name);
        file.line(&format!(
            "SELECT EXISTS (SELECT FROM pg_catalog.pg_available_extensions WHERE name = {name}) AS elyos_offered \\gset\n\\if :elyos_offered"
        ));
        let schema = extension.schema.as_ref().map_or_else(|| "NULL".to_owned(), |schema| literal(schema));
        file.line(&format!(
            "SELECT format('CREATE EXTENSION IF NOT EXISTS %I SCHEMA %I CASCADE', e.name, coalesce({schema}, v.schema::text, {})) \
             FROM pg_catalog.pg_available_extensions AS e JOIN pg_catalog.pg_available_extension_versions AS v \
             ON v.name = e.name AND v.version = e.default_version WHERE e.name = {name} \\gexec",
            literal(EXTENSIONS)
        ));
        file.record(ledger::RECORD_EXTENSION, &[name.clone(), literal("server"), "NULL".to_owned()]);
        file.line("\\else");
        if let Some(stand_in) = &extension.stand_in {
            file.run(stand_in);
            file.record(ledger::RECORD_EXTENSION, &[name.clone(), literal("bundle"), hash(stand_in)]);
        } else {
            let body = format!(
                "BEGIN RAISE EXCEPTION USING MESSAGE = {}, HINT = {}; END",
                literal(&format!(
                    "the server does not offer the extension `{}`, and the bundle brings nothing to stand in for it",
                    extension.name
                )),
                literal(&format!("install it on the server, or add extensions/{}.sql to the bundle", extension.name)),
            );
            file.line(&format!("DO {};", quoted(&body)));
        }
        file.line("\\endif");
    });
}
