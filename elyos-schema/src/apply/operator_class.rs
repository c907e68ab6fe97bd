//! The operator class of an index's column, as PostgreSQL shows it: not where it is the one that the column's type has anyway
//! (`get_opclass_name` in PostgreSQL's source).

use crate::parse::{Token, TokenKind, folded, tokens};

/// Of PostgreSQL's own classes those that some type has by default, by access method.
const DEFAULTS: &[(&str, &[&str])] = &[
    (
        "btree",
        &[
            "array_ops",
            "bit_ops",
            "bool_ops",
            "bpchar_ops",
            "bytea_ops",
            "char_ops",
            "date_ops",
            "enum_ops",
            "float4_ops",
            "float8_ops",
            "inet_ops",
            "int2_ops",
            "int4_ops",
            "int8_ops",
            "interval_ops",
            "jsonb_ops",
            "macaddr8_ops",
            "macaddr_ops",
            "money_ops",
            "multirange_ops",
            "name_ops",
            "numeric_ops",
            "oid_ops",
            "oidvector_ops",
            "pg_lsn_ops",
            "range_ops",
            "record_ops",
            "text_ops",
            "tid_ops",
            "time_ops",
            "timestamp_ops",
            "timestamptz_ops",
            "timetz_ops",
            "tsquery_ops",
            "tsvector_ops",
            "uuid_ops",
            "varbit_ops",
            "xid8_ops",
        ],
    ),
    (
        "hash",
        &[
            "aclitem_ops",
            "array_ops",
            "bool_ops",
            "bpchar_ops",
            "bytea_ops",
            "char_ops",
            "cid_ops",
            "date_ops",
            "enum_ops",
            "float4_ops",
            "float8_ops",
            "inet_ops",
            "int2_ops",
            "int4_ops",
            "int8_ops",
            "interval_ops",
            "jsonb_ops",
            "macaddr8_ops",
            "macaddr_ops",
            "multirange_ops",
            "name_ops",
            "numeric_ops",
            "oid_ops",
            "oidvector_ops",
            "pg_lsn_ops",
            "range_ops",
            "record_ops",
            "text_ops",
            "tid_ops",
            "time_ops",
            "timestamp_ops",
            "timestamptz_ops",
            "timetz_ops",
            "uuid_ops",
            "xid8_ops",
            "xid_ops",
        ],
    ),
    ("gin", &["array_ops", "jsonb_ops", "tsvector_ops"]),
    ("gist", &["box_ops", "circle_ops", "multirange_ops", "point_ops", "poly_ops", "range_ops", "tsquery_ops", "tsvector_ops"]),
    ("spgist", &["box_ops", "inet_ops", "poly_ops", "quad_point_ops", "range_ops", "text_ops"]),
    (
        "brin",
        &[
            "bit_minmax_ops",
            "box_inclusion_ops",
            "bpchar_minmax_ops",
            "bytea_minmax_ops",
            "char_minmax_ops",
            "date_minmax_ops",
            "float4_minmax_ops",
            "float8_minmax_ops",
            "inet_inclusion_ops",
            "int2_minmax_ops",
            "int4_minmax_ops",
            "int8_minmax_ops",
            "interval_minmax_ops",
            "macaddr8_minmax_ops",
            "macaddr_minmax_ops",
            "name_minmax_ops",
            "numeric_minmax_ops",
            "oid_minmax_ops",
            "pg_lsn_minmax_ops",
            "range_inclusion_ops",
            "text_minmax_ops",
            "tid_minmax_ops",
            "time_minmax_ops",
            "timestamp_minmax_ops",
            "timestamptz_minmax_ops",
            "timetz_minmax_ops",
            "uuid_minmax_ops",
            "varbit_minmax_ops",
        ],
    ),
];

/// A class as it is kept, with its parameters; none where its type has it anyway and there are none.
pub(super) fn shown(method: &str, written: &str) -> Option<String> {
    let (class, parameters) = written.find('(').map_or((written, ""), |at| written.split_at(at));
    let class = class.trim_end();
    let parameters = parameters_of(parameters);
    let is_default = DEFAULTS.iter().any(|(of, classes)| *of == method && classes.contains(&class));
    match parameters.as_slice() {
        [] => (!is_default).then(|| class.to_owned()),
        all => Some(format!("{class}({})", all.join(", "))),
    }
}

/// Each as `name=value`, the value without quotes, as PostgreSQL keeps it.
fn parameters_of(text: &str) -> Vec<String> {
    let all: Vec<Token<'_>> = tokens(text).filter(|token| !matches!(token.text, "(" | ")")).collect();
    let parameter = |parts: &[Token<'_>]| {
        let part = |token: &Token<'_>| match token.kind {
            TokenKind::Text => token.text.trim_matches('\'').replace("''", "'"),
            _ => folded(token).unwrap_or_else(|| token.text.to_owned()),
        };
        parts.iter().map(part).collect::<String>()
    };
    all.split(|token| token.text == ",").map(parameter).filter(|it| !it.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_class_is_shown_where_it_says_something() {
        assert_eq!(shown("btree", "text_ops"), None);
        assert_eq!(shown("btree", "varchar_ops").as_deref(), Some("varchar_ops"));
        assert_eq!(shown("gin", "jsonb_path_ops").as_deref(), Some("jsonb_path_ops"));
        assert_eq!(shown("gist", "public.gist_trgm_ops ( SigLen = '32' )").as_deref(), Some("public.gist_trgm_ops(siglen=32)"));
        assert_eq!(shown("gist", "tsvector_ops(siglen=100)").as_deref(), Some("tsvector_ops(siglen=100)"));
        assert_eq!(shown("gist", "text_ops").as_deref(), Some("text_ops"));
    }
}
