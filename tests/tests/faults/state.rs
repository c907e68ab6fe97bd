//! What a database is like before a start, and how two are compared.

use std::fmt;

use elyos_tests::snapshot::by_natural_keys;
use postgres::Client;
use serde_json::json;

/// What a start finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing.
    Empty,
    /// What a start left that was cut off after its first migration.
    HalfMigrated,
    /// All that the release brings.
    Seeded,
    /// All that the release before it brings.
    Older,
}

impl State {
    pub(super) const ALL: [Self; 4] = [Self::Empty, Self::HalfMigrated, Self::Seeded, Self::Older];

    /// The name of the database that has it.
    pub(super) fn template(self) -> &'static str {
        match self {
            Self::Empty => "template0",
            Self::HalfMigrated => "half_migrated",
            Self::Seeded => "seeded",
            Self::Older => "older",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "empty",
            Self::HalfMigrated => "half-migrated",
            Self::Seeded => "seeded",
            Self::Older => "seeded, older",
        })
    }
}

/// What exists, apart from rows: relations with their columns, constraints, indexes and whether they are valid, functions with their text.
const OBJECTS: &str = "\
SELECT format('%s %s.%s: %s', c.relkind, n.nspname, c.relname, string_agg(format('%s %s %s', a.attname, format_type(a.atttypid, a.atttypmod), \
a.attnotnull), ', ' ORDER BY a.attnum)) \
FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 \
WHERE n.nspname IN ('shop', 'elyos') GROUP BY c.relkind, n.nspname, c.relname \
UNION ALL SELECT format('constraint %s: %s', conname, pg_get_constraintdef(oid)) FROM pg_constraint \
WHERE connamespace = 'shop'::regnamespace \
UNION ALL SELECT format('index %s: %s', indexrelid::regclass, indisvalid) FROM pg_index WHERE indrelid::regclass::text LIKE 'shop.%' \
UNION ALL SELECT pg_get_functiondef(oid) FROM pg_proc WHERE pronamespace = 'shop'::regnamespace ORDER BY 1";

/// What the ledger says, but for times.
const LEDGER: &str = "\
SELECT format('state %s %s %s', revision, digest, admin_email) FROM elyos.state \
UNION ALL SELECT format('migration %s %s %s', name, sha256, finished_at IS NOT NULL) FROM elyos.migrations \
UNION ALL SELECT format('statement %s.%s %s %s, started %s, finished %s', position, number, sha256, tokens_sha256, \
started_at IS NOT NULL, finished_at IS NOT NULL) FROM elyos.statements \
UNION ALL SELECT format('routine %s %s', identity, procedure) FROM elyos.routines \
UNION ALL SELECT format('extension %s %s %s', name, provided_by, sha256) FROM elyos.extensions \
UNION ALL SELECT format('seed %s %s', name, sha256) FROM elyos.seeds \
UNION ALL SELECT format('procedure %s %s', name, sha256) FROM elyos.procedures ORDER BY 1";

/// All of a database that two starts have in common, as text: objects, rows by their natural keys, and what the ledger says.
pub(super) fn picture(client: &mut Client) -> String {
    let lines = |client: &mut Client, sql: &str| -> Vec<String> {
        client.query(sql, &[]).expect("the database can be read").iter().map(|row| row.get(0)).collect()
    };
    let has_shop: bool = client.query_one("SELECT to_regnamespace('shop') IS NOT NULL", &[]).expect("an answer").get(0);
    let has_ledger: bool = client.query_one("SELECT to_regclass('elyos.state') IS NOT NULL", &[]).expect("an answer").get(0);
    let objects = if has_shop { lines(client, OBJECTS) } else { Vec::new() };
    let ledger = if has_ledger { lines(client, LEDGER) } else { Vec::new() };
    json!({"objects": objects, "ledger": ledger, "rows": by_natural_keys(client)}).to_string()
}
