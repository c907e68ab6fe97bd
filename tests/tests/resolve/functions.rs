//! The list of functions that are never null on arguments that are not, tried on the server.

use std::collections::BTreeSet;

use elyos_tests::{client, database};
use postgres::Client;

const LIST: &str = include_str!("../../../elyos-schema/src/resolve/proven.txt");

/// Values of a type, the odd ones among them.
fn values(ty: &str) -> Vec<String> {
    let list: &[&str] = match ty {
        "int2" | "int4" | "int8" | "oid" | "xid" | "xid8" | "cid" => &["0", "1", "-1", "7"],
        "float4" | "float8" | "numeric" => &["0", "1.5", "-2", "NaN", "Infinity"],
        "text" | "varchar" | "name" | "bpchar" | "char" | "unknown" => &["", "a", "abc", "UTC", "day", "english", "%s", "UTF8"],
        "bytea" => &["", "ab"],
        "bool" => &["t", "f"],
        "date" => &["2020-02-29", "infinity", "-infinity", "0001-01-01 BC"],
        "timestamp" | "timestamptz" => &["2020-02-29 10:00", "infinity", "-infinity"],
        "time" | "timetz" => &["00:00", "24:00"],
        "interval" => &["0", "1 day", "-1 month 2 s"],
        "anyarray" | "anycompatiblearray" | "_int4" => &["{}", "{1,NULL}", "{1,2,3}", "[0:1]={1,2}", "{{1,2},{3,4}}"],
        "_text" => &["{}", "{a,NULL}", "{a}"],
        "anyelement" | "anycompatible" | "anynonarray" | "anycompatiblenonarray" | "any" => &["1", "0"],
        "anyrange" | "int4range" => &["empty", "(,)", "[1,3)", "(,3)"],
        "anymultirange" | "int4multirange" => &["{}", "{[1,3)}", "{(,1),[5,)}"],
        "json" | "jsonb" => &["null", "{}", "[]", "{\"a\": null}", "[1, null]", "\"x\"", "1"],
        "jsonpath" => &["$", "$.a"],
        "inet" | "cidr" => &["10.0.0.0/8", "::1/128"],
        "macaddr" => &["08:00:2b:01:02:03"],
        "macaddr8" => &["08:00:2b:01:02:03:04:05"],
        "uuid" => &["00000000-0000-0000-0000-000000000000"],
        "money" => &["0", "12.5"],
        "bit" | "varbit" => &["", "1", "101"],
        "tsvector" => &["", "a b:1"],
        "tsquery" => &["", "a", "a & !b"],
        "regconfig" => &["english"],
        "pg_lsn" => &["0/0", "1/AB"],
        "anyenum" => &["one"],
        "tid" => &["(0,1)"],
        _ => &[],
    };
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// The type that a polymorphic one is tried as.
fn tried_as(ty: &str) -> &str {
    match ty {
        "anyarray" | "anycompatiblearray" => "_int4",
        "anyelement" | "anycompatible" | "anynonarray" | "anycompatiblenonarray" | "any" => "int4",
        "anyrange" => "int4range",
        "anymultirange" => "int4multirange",
        "anyenum" => "tried",
        "char" => "\"char\"",
        other => other,
    }
}

fn combinations(types: &[String]) -> Vec<Vec<String>> {
    let mut found: Vec<Vec<String>> = vec![Vec::new()];
    for ty in types {
        let values = values(ty);
        found = found
            .into_iter()
            .flat_map(|head| {
                values.iter().map(move |value| {
                    let mut whole = head.clone();
                    whole.push(format!("'{}'::{}", value.replace('\'', "''"), tried_as(ty)));
                    whole
                })
            })
            .take(400)
            .collect();
    }
    found
}

/// Whether the call gives a null; false where it fails.
fn is_null(client: &mut Client, call: &str) -> bool {
    client.query_one(&format!("SELECT ({call}) IS NOT DISTINCT FROM NULL"), &[]).is_ok_and(|row| row.get(0))
}

#[test]
fn no_function_of_the_list_is_null_on_arguments_that_are_not() {
    let database = database();
    let mut client = client(database.url());
    client.batch_execute("CREATE TYPE tried AS ENUM ('one'); CREATE SEQUENCE a").expect("they are created");
    let names: BTreeSet<&str> = LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace).collect();
    let rows = client
        .query(
            "SELECT proname::text, ARRAY(SELECT t.typname::text FROM unnest(proargtypes) WITH ORDINALITY AS a(oid, n) \
                JOIN pg_type AS t ON t.oid = a.oid ORDER BY n) \
             FROM pg_proc WHERE pronamespace = 'pg_catalog'::regnamespace AND prokind = 'f' AND NOT proretset",
            &[],
        )
        .expect("the functions are read");
    let (mut tried, mut wrong, mut found) = (0, Vec::new(), BTreeSet::new());
    for row in rows {
        let (name, types): (String, Vec<String>) = (row.get(0), row.get(1));
        let signature = format!("{name}({})", types.join(","));
        let listed = [name.as_str(), signature.as_str()].into_iter().find_map(|key| names.get(key));
        let Some(listed) = listed else { continue };
        found.insert(*listed);
        for arguments in combinations(&types) {
            let call = format!("pg_catalog.{}({})", name, arguments.join(", "));
            tried += 1;
            if is_null(&mut client, &call) {
                wrong.push(call);
            }
        }
    }
    println!("{tried} calls of {} listed functions", found.len());
    assert!(wrong.is_empty(), "{} calls are null:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    let unknown: Vec<&&str> = names.difference(&found).collect();
    assert!(unknown.is_empty(), "the server has none of {unknown:?}");
}
