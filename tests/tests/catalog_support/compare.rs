//! How a catalog differs from what a transaction sees: all that `elyos inspect` prints, and what stands beside it.

use std::collections::HashSet;

use elyos_cli::inspect::{Document, canonical, from_catalog, live};
use elyos_schema::Catalog;
use postgres::Transaction;
use serde_json::{Map, Value};

use crate::support::beside;

/// Compares time and again. What was found equal is not asked of the server again while neither side has changed.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    equal: HashSet<(String, String)>,
}

impl Comparison {
    /// How a catalog differs from what a transaction sees, if it does.
    pub(crate) fn differences(&mut self, transaction: &mut Transaction<'_>, catalog: &Catalog) -> Option<String> {
        let ours = from_catalog(catalog);
        let theirs = value(&live::read_within(transaction).expect("the server answers"));
        let mut open = self.open(&ours, &theirs);
        let mut found = Vec::new();
        if let Some(open) = &mut open {
            let written = value(open);
            // What a file wrote under another `search_path` is found in its other schemas.
            let others = ours.schemas.iter().map(String::as_str).filter(|schema| *schema != "public");
            let path: Vec<&str> = ["public"].into_iter().chain(others).collect();
            canonical::within(transaction, open, &path).expect("the server answers");
            compare("", &value(open), &narrowed(&theirs, &written), &mut found);
            if found.is_empty() {
                self.remember(&written, &theirs);
            }
        }
        // What is only there says nothing of expressions.
        for (section, theirs) in theirs.as_object().expect("a document is an object") {
            missing(section, &value(&ours)[section], theirs, &mut found);
        }
        let (ours, theirs) = (beside::of_catalog(catalog), beside::of_server(transaction));
        found.extend(ours.difference(&theirs).map(|only| format!("only ours: {only}")));
        found.extend(theirs.difference(&ours).map(|only| format!("only theirs: {only}")));
        (!found.is_empty()).then(|| found.join("\n"))
    }

    /// The part of a document that is not known to be equal.
    fn open(&self, ours: &Document, theirs: &Value) -> Option<Document> {
        let mut open = ours.clone();
        let written = value(ours);
        let differs = |section: &str, key: &str| {
            let (left, right) = (&written[section][key], &theirs[section][key]);
            left != right && !self.equal.contains(&(left.to_string(), right.to_string()))
        };
        open.tables.retain(|it| differs("tables", &format!("{}.{}", it.schema, it.name)));
        open.views.retain(|it| differs("views", &format!("{}.{}", it.schema, it.name)));
        open.enums.retain(|it| differs("enums", &format!("{}.{}", it.schema, it.name)));
        open.domains.retain(|it| differs("domains", &format!("{}.{}", it.schema, it.name)));
        let nothing = open.tables.is_empty() && open.views.is_empty() && open.enums.is_empty() && open.domains.is_empty();
        let rest = ["schemas", "extensions", "composites", "ranges", "sequences", "functions"];
        (!nothing || rest.iter().any(|section| written[section] != theirs[section])).then_some(open)
    }

    fn remember(&mut self, written: &Value, theirs: &Value) {
        for section in ["tables", "views", "domains"] {
            for (key, ours) in written[section].as_object().into_iter().flatten() {
                self.equal.insert((ours.to_string(), theirs[section][key].to_string()));
            }
        }
    }
}

/// Of a document only what another has, in the sections that are compared by parts.
fn narrowed(theirs: &Value, ours: &Value) -> Value {
    let mut narrowed = theirs.clone();
    for section in ["tables", "views", "enums", "domains"] {
        if let Some(map) = narrowed[section].as_object_mut() {
            map.retain(|key, _| ours[section].get(key).is_some());
        }
    }
    narrowed
}

fn missing(section: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    for (key, value) in theirs.as_object().into_iter().flatten() {
        if ours.is_object() && ours.get(key).is_none() {
            found.push(format!("/{section}/{key}: missing, theirs {value}"));
        }
    }
}

fn value(document: &Document) -> Value {
    let mut value = serde_json::to_value(document).expect("a document is JSON");
    by_name(&mut value);
    value
}

/// Lists of named things become objects, so that one thing too many does not move all others.
fn by_name(value: &mut Value) {
    match value {
        Value::Array(list) => {
            list.iter_mut().for_each(by_name);
            let name = |one: &Value| {
                let part = |key: &str| one.get(key).and_then(Value::as_str);
                let types: Vec<&str> = one["arguments"].as_array().into_iter().flatten().filter_map(|it| it["type"].as_str()).collect();
                let schema = part("schema").map(|schema| format!("{schema}.")).unwrap_or_default();
                format!("{schema}{}{}", part("name").unwrap_or_default(), types.join(","))
            };
            let named = list.iter().all(|one| one.get("name").is_some_and(Value::is_string));
            // Columns are in their order, which is part of what they are.
            let ordered = list.iter().any(|one| one.get("type").is_some());
            if named && !ordered && !list.is_empty() || list.iter().all(|one| one.get("schema").is_some()) {
                *value = Value::Object(list.drain(..).map(|one| (name(&one), one)).collect());
            }
        }
        Value::Object(map) => map.values_mut().for_each(by_name),
        _ => {}
    }
}

fn compare(path: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(left), Value::Object(right)) => {
            // The collation of an expression follows from the types in it.
            let is_expression = left.get("expression").is_some_and(Value::is_string);
            let left: Map<String, Value> = left
                .iter()
                .filter(|(key, _)| !(is_expression && *key == "collation"))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            for (key, value) in &left {
                compare(&format!("{path}/{key}"), value, right.get(key).unwrap_or(&Value::Null), found);
            }
            for (key, value) in right.iter().filter(|(key, _)| !left.contains_key(*key) && !is_expression) {
                found.push(format!("{path}/{key}: missing, theirs {value}"));
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (index, (left, right)) in left.iter().zip(right).enumerate() {
                compare(&format!("{path}/{index}"), left, right, found);
            }
        }
        _ if ours != theirs => found.push(format!("{path}: ours {ours}, theirs {theirs}")),
        _ => {}
    }
}
