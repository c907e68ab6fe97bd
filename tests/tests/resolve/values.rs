//! Values of every type a column may be of, as text: common ones and odd ones.

use elyos_schema::{
    Catalog,
    catalog::{Composite, Type},
    parse::{TokenKind, tokens},
};

/// The type below a domain.
pub(crate) fn base(catalog: &Catalog, ty: &Type) -> Type {
    let mut found = ty.clone();
    while let Some(domain) = domain(catalog, &found) {
        let dimensions = found.array_dimensions.max(domain.base.array_dimensions);
        found = Type { array_dimensions: dimensions, ..domain.base.clone() };
    }
    found
}

fn domain<'a>(catalog: &'a Catalog, ty: &Type) -> Option<&'a elyos_schema::catalog::Domain> {
    if ty.array_dimensions > 0 { None } else { catalog.domain(ty.schema.as_deref()?, &ty.name) }
}

/// The composite type that it is.
pub(crate) fn composite<'a>(catalog: &'a Catalog, ty: &Type) -> Option<&'a Composite> {
    catalog.composites().find(|it| Some(&it.schema) == ty.schema.as_ref() && it.name == ty.name)
}

/// A text as a literal.
pub(crate) fn literal(value: &str) -> String {
    let quoted = value.replace('\'', "''");
    if quoted.contains('\\') { format!("E'{}'", quoted.replace('\\', "\\\\")) } else { format!("'{quoted}'") }
}

/// The literals that conditions compare with, which are what a column with such a check can hold.
pub(crate) fn named_in<'a>(conditions: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut found = Vec::new();
    for condition in conditions {
        for token in tokens(condition) {
            match token.kind {
                TokenKind::Number => found.push(token.text.to_owned()),
                TokenKind::Text => {
                    found
                        .extend(token.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).map(|text| text.replace("''", "'")));
                }
                _ => {}
            }
        }
    }
    found
}

/// Values of a type; of a text or number also these others.
pub(crate) fn of(catalog: &Catalog, ty: &Type, others: &[String]) -> Vec<String> {
    if let Some(domain) = domain(catalog, ty) {
        let mut named = named_in(domain.checks.iter().map(|check| check.expression.as_str()));
        named.extend_from_slice(others);
        return of(catalog, &domain.base, &named);
    }
    if ty.array_dimensions > 0 {
        let element = Type { array_dimensions: 0, ..ty.clone() };
        let mut found = vec!["{}".to_owned(), "{NULL}".to_owned()];
        for value in of(catalog, &element, others).iter().take(3) {
            found.push(format!("{{{}}}", quoted(value)));
            found.push(format!("{{{},NULL}}", quoted(value)));
        }
        return found;
    }
    let strings = |list: &[&str]| list.iter().map(|value| (*value).to_owned()).collect::<Vec<_>>();
    if let Some(schema) = &ty.schema {
        return of_schema(catalog, schema, ty);
    }
    let mut found = strings(built_in(&ty.name));
    match ty.name.as_str() {
        "text" | "varchar" | "bpchar" | "int2" | "int4" | "int8" | "numeric" | "float4" | "float8" => {
            found.extend_from_slice(others);
        }
        "bit" => {
            let width = ty.modifiers.first().and_then(|width| usize::try_from(*width).ok()).unwrap_or(1);
            found = vec!["10".repeat(width).chars().take(width).collect(), "0".repeat(width)];
        }
        _ => {}
    }
    found
}

fn of_schema(catalog: &Catalog, schema: &str, ty: &Type) -> Vec<String> {
    if let Some(found) = catalog.enumeration(schema, &ty.name) {
        return found.values.clone();
    }
    if let Some(composite) = composite(catalog, ty) {
        let fields: Vec<String> = composite
            .attributes
            .iter()
            .map(|attribute| of(catalog, &attribute.ty, &[]).get(1).map_or_else(String::new, |value| quoted(value)))
            .collect();
        let empty = vec![""; composite.attributes.len()].join(",");
        return vec![format!("({})", fields.join(",")), format!("({empty})")];
    }
    if let Some(range) = catalog.ranges().find(|it| it.schema == schema && it.name == ty.name) {
        let mut found = vec!["empty".to_owned(), "(,)".to_owned()];
        found.extend(of(catalog, &range.subtype, &[]).first().map(|bound| format!("[{},]", quoted(bound))));
        return found;
    }
    extensions(&ty.name).iter().map(|value| (*value).to_owned()).collect()
}

/// A value within an array, a row or a range.
fn quoted(value: &str) -> String {
    format!("\"{}\"", value.replace('\\', "\\\\").replace('"', "\\\""))
}

fn built_in(name: &str) -> &'static [&'static str] {
    match name {
        "int2" | "int4" | "int8" | "oid" => &["1", "2", "3", "0", "7", "30"],
        "numeric" => &["0", "1", "0.5", "NaN"],
        "float4" | "float8" => &["0", "1.5", "NaN", "Infinity"],
        "text" | "varchar" => &["x", "", "ann", "a@b.cc", "a-b", "AB", "2020", "https://a.b/c"],
        "bpchar" | "char" | "name" => &["a", "b", "AB"],
        "bool" => &["t", "f"],
        "date" | "timestamp" | "timestamptz" => &["2000-01-01", "infinity", "2001-02-03 04:05", "2030-06-07", "-infinity"],
        "time" | "timetz" => &["07:00", "23:59:59"],
        "interval" => &["1 day", "0"],
        "uuid" => &[
            "00000000-0000-4000-8000-000000000001",
            "00000000-0000-4000-8000-000000000002",
            "00000000-0000-4000-8000-000000000003",
            "00000000-0000-4000-8000-000000000004",
        ],
        "json" | "jsonb" => &["{}", "null", "{\"a\": null}", "{\"a\": 1}", "[]", "\"x\""],
        "bytea" => &["", "ab"],
        "varbit" => &["1", "1010"],
        "inet" => &["10.0.0.1", "::1"],
        "cidr" => &["10.0.0.0/8"],
        "macaddr" => &["08:00:2b:01:02:03"],
        "macaddr8" => &["08:00:2b:01:02:03:04:05"],
        "money" => &["1", "2.50"],
        "int4range" | "int8range" | "numrange" => &["empty", "(,3)", "[1,2]", "(,)"],
        "daterange" | "tsrange" | "tstzrange" => &["empty", "(,)", "[2000-01-01,2001-01-01]"],
        "int4multirange" | "int8multirange" | "nummultirange" => &["{}", "{[1,2]}", "{(,1),(3,)}"],
        "datemultirange" | "tsmultirange" | "tstzmultirange" => &["{}", "{[2000-01-01,2001-01-01]}"],
        "tsvector" => &["'a' 'b'", ""],
        "tsquery" => &["a & b", ""],
        "xml" => &["<a/>"],
        "point" => &["(1,2)"],
        "line" => &["{1,2,3}"],
        "lseg" | "box" => &["((0,0),(1,1))"],
        "path" => &["[(0,0),(1,1)]"],
        "polygon" => &["((0,0),(1,1),(1,0))"],
        "circle" => &["<(0,0),1>"],
        "regclass" => &["pg_class"],
        "regtype" => &["int4"],
        "regproc" => &["now"],
        "pg_lsn" => &["0/1"],
        "xid" | "cid" | "xid8" => &["1"],
        "tid" => &["(0,1)"],
        _ => &[],
    }
}

/// Of the types of extensions.
fn extensions(name: &str) -> &'static [&'static str] {
    match name {
        "citext" => &["Ab", "", "x"],
        "hstore" => &["", "a=>1", "a=>NULL"],
        "ltree" => &["a.b", "a"],
        "lquery" | "ltxtquery" => &["a"],
        "cube" => &["(1,2)", "(0)"],
        "seg" => &["1..2"],
        _ => &[],
    }
}
