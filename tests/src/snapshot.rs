//! What a database holds, in forms that two runs can be compared by.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use postgres::Client;
use serde_json::{Map, Value};

/// The rows of each table, by its name with its schema.
pub type Rows = BTreeMap<String, Vec<Value>>;

/// Columns that tell when something happened, not what.
const VOLATILE: [&str; 2] = ["created_at", "updated_at"];

const TABLES: &str = "\
SELECT format('%I.%I', n.nspname, c.relname), n.nspname FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY 1";

/// The columns of primary keys that the database makes up: serial, identity, random.
const SURROGATES: &str = "\
SELECT format('%I.%I', n.nspname, c.relname), a.attname::text FROM pg_constraint AS k \
JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace \
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] \
LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum \
WHERE k.contype = 'p' AND cardinality(k.conkey) = 1 \
AND (a.attidentity <> '' OR pg_get_expr(d.adbin, d.adrelid) ~ '^(nextval|gen_random_uuid)')";

/// Foreign keys of one column.
const REFERENCES: &str = "\
SELECT format('%I.%I', n.nspname, c.relname), a.attname::text, format('%I.%I', fn.nspname, f.relname), fa.attname::text \
FROM pg_constraint AS k JOIN pg_class AS c ON c.oid = k.conrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace \
JOIN pg_class AS f ON f.oid = k.confrelid JOIN pg_namespace AS fn ON fn.oid = f.relnamespace \
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = k.conkey[1] \
JOIN pg_attribute AS fa ON fa.attrelid = f.oid AND fa.attnum = k.confkey[1] \
WHERE k.contype = 'f' AND cardinality(k.conkey) = 1";

const SEQUENCES: &str = "\
SELECT format('%I.%I', n.nspname, c.relname), a.attname::text, pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) \
FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace \
WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname NOT LIKE 'pg\\_%' \
AND n.nspname <> 'information_schema' \
AND pg_get_serial_sequence(format('%I.%I', n.nspname, c.relname), a.attname) IS NOT NULL";

/// Every row of every table as it is, in a fixed order. The ledger is among them.
///
/// # Panics
///
/// When the database cannot be read.
#[must_use]
pub fn dump(client: &mut Client) -> Rows {
    let tables: Vec<String> = client.query(TABLES, &[]).expect("the tables").iter().map(|row| row.get(0)).collect();
    tables
        .into_iter()
        .map(|table| {
            let sql = format!("SELECT to_jsonb(t) FROM {table} AS t ORDER BY to_jsonb(t)::text");
            let rows = client.query(&sql, &[]).expect("the rows").iter().map(|row| row.get(0)).collect();
            (table, rows)
        })
        .collect()
}

/// As [`dump`], without the ledger.
#[must_use]
pub fn data(client: &mut Client) -> Rows {
    let mut rows = dump(client);
    rows.retain(|table, _| !table.starts_with("elyos."));
    rows
}

/// The data by natural keys: without surrogate ids, which are replaced by the row that they refer to, and without
/// the columns that tell when a row was written.
///
/// # Panics
///
/// When the database cannot be read.
#[must_use]
pub fn by_natural_keys(client: &mut Client) -> Rows {
    let surrogates: HashMap<String, String> =
        client.query(SURROGATES, &[]).expect("the keys").iter().map(|row| (row.get(0), row.get(1))).collect();
    let references: HashMap<(String, String), (String, String)> = client
        .query(REFERENCES, &[])
        .expect("the references")
        .iter()
        .map(|row| ((row.get(0), row.get(1)), (row.get(2), row.get(3))))
        .collect();
    let rows = data(client);
    let reader = Reader { rows: &rows, surrogates, references };
    rows.iter()
        .map(|(table, rows)| {
            let mut natural: Vec<Value> = rows.iter().map(|row| reader.natural(table, row, &mut BTreeSet::new())).collect();
            natural.sort_by_key(Value::to_string);
            (table.clone(), natural)
        })
        .collect()
}

struct Reader<'r> {
    rows: &'r Rows,
    surrogates: HashMap<String, String>,
    references: HashMap<(String, String), (String, String)>,
}

impl Reader<'_> {
    fn natural(&self, table: &str, row: &Value, seen: &mut BTreeSet<(String, String)>) -> Value {
        let mut natural = Map::new();
        for (column, value) in row.as_object().expect("a row is an object") {
            if VOLATILE.contains(&column.as_str()) || self.surrogates.get(table) == Some(column) {
                continue;
            }
            let target = self
                .references
                .get(&(table.to_owned(), column.clone()))
                .filter(|(table, key)| self.surrogates.get(table) == Some(key) && !value.is_null());
            natural.insert(column.clone(), target.map_or_else(|| value.clone(), |target| self.referred(target, value, seen)));
        }
        Value::Object(natural)
    }

    fn referred(&self, (table, key): &(String, String), value: &Value, seen: &mut BTreeSet<(String, String)>) -> Value {
        let visit = (table.clone(), value.to_string());
        if !seen.insert(visit.clone()) {
            return Value::String("this row again".to_owned());
        }
        let row = self.rows[table].iter().find(|row| &row[key] == value).expect("a foreign key refers to a row");
        let natural = self.natural(table, row, seen);
        seen.remove(&visit);
        natural
    }
}

/// The sequences that would give a key which their table already holds.
///
/// # Panics
///
/// When the database cannot be read.
#[must_use]
pub fn sequences_behind(client: &mut Client) -> Vec<String> {
    let owned: Vec<(String, String, String)> =
        client.query(SEQUENCES, &[]).expect("the sequences").iter().map(|row| (row.get(0), row.get(1), row.get(2))).collect();
    assert!(!owned.is_empty(), "a database without one sequence proves nothing");
    owned
        .into_iter()
        .filter(|(table, column, sequence)| {
            let sql = format!(
                "SELECT coalesce(max(t.\"{column}\"), 0)::bigint >= (SELECT last_value + is_called::int FROM {sequence}) FROM {table} AS t"
            );
            client.query_one(&sql, &[]).expect("the sequence").get(0)
        })
        .map(|(_, _, sequence)| sequence)
        .collect()
}

/// Asserts that two databases hold the same, and says where they differ.
///
/// # Panics
///
/// When they do not.
pub fn assert_same(left: &Rows, right: &Rows) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>(), "the same tables");
    for (table, rows) in left {
        for (left, right) in rows.iter().zip(&right[table]) {
            assert_eq!(left, right, "in {table}");
        }
        assert_eq!(rows.len(), right[table].len(), "rows of {table}");
    }
}
