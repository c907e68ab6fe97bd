//! Which functions never return null when none of their arguments is null.
//!
//! That a function is strict says only the opposite. So there is a list, in `proven.txt`: a name for all functions of it, a name with types for
//! one of them. Not on it is what gives null for an empty array (`array_length`), for infinity (`extract`, `to_char` of a time), for an empty
//! format (`to_number`), for what is not found (`array_position`, `regexp_match`, `->`), for a bound that is not there (`lower` of a range).

use std::{collections::HashSet, sync::OnceLock};

use super::snapshot::{Oid, own_type};

const LIST: &str = include_str!("proven.txt");

/// Whether one of PostgreSQL's own functions, declared with these types, is null only where an argument is.
pub(super) fn never_null(function: &str, declared: &[Oid]) -> bool {
    static NAMES: OnceLock<HashSet<&str>> = OnceLock::new();
    let names = NAMES.get_or_init(|| LIST.lines().filter(|line| !line.starts_with('#')).flat_map(str::split_ascii_whitespace).collect());
    if names.contains(function) {
        return true;
    }
    let types: Vec<&str> = declared.iter().filter_map(|ty| own_type(*ty)).map(|own| own.name).collect();
    types.len() == declared.len() && names.contains(format!("{function}({})", types.join(",")).as_str())
}

/// Aggregates that count, and give 0 where there is nothing (<https://www.postgresql.org/docs/current/functions-aggregate.html>).
pub(super) fn always_counts(function: &str) -> bool {
    matches!(function, "count" | "regr_count")
}

/// Aggregates that are not null where they have a row, and no null in it.
pub(super) fn of_rows(function: &str) -> bool {
    matches!(
        function,
        "avg" | "bit_and" | "bit_or" | "bit_xor" | "bool_and" | "bool_or" | "every" | "max" | "min" | "range_agg" | "string_agg" | "sum"
    )
}

/// Aggregates that are not null where they have a row, whatever is in it.
pub(super) fn of_any_rows(function: &str) -> bool {
    matches!(function, "array_agg" | "json_agg" | "jsonb_agg")
}

/// Window functions that are never null (<https://www.postgresql.org/docs/current/functions-window.html>).
pub(super) fn ranks(function: &str) -> bool {
    matches!(function, "cume_dist" | "dense_rank" | "percent_rank" | "rank" | "row_number")
}

/// Functions that are not null over a frame that has the row itself, where no row has a null for them.
pub(super) fn of_frame(function: &str) -> bool {
    of_rows(function) || of_any_rows(function) || matches!(function, "first_value" | "last_value" | "ntile")
}

/// Functions in `FROM` whose rows have no null in them.
pub(super) fn never_gives_null(function: &str) -> bool {
    matches!(
        function,
        "generate_series"
            | "generate_subscripts"
            | "json_array_elements"
            | "json_each"
            | "json_object_keys"
            | "jsonb_array_elements"
            | "jsonb_each"
            | "jsonb_object_keys"
            | "regexp_split_to_table"
    )
}
