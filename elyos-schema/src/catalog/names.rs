//! Names: how long they may be, how they are quoted, and how PostgreSQL makes them up (`makeObjectName` and `ChooseRelationName` in its source).

use crate::parse::is_keyword;

/// The bytes of a name (`NAMEDATALEN` − 1).
pub(crate) const MOST_BYTES: usize = 63;

/// A name cut to what PostgreSQL keeps of it: 63 bytes, never half a character.
///
/// ```
/// assert_eq!(elyos_schema::catalog::names::cut(&"é".repeat(40)).len(), 62);
/// ```
#[must_use]
pub fn cut(name: &str) -> String {
    cut_to(name, MOST_BYTES).to_owned()
}

/// A name as SQL needs it written: in quotes unless it is lower-case and no keyword, as PostgreSQL's `quote_ident` does.
///
/// ```
/// use elyos_schema::catalog::names::quote;
/// assert_eq!([quote("users"), quote("User"), quote("order"), quote("a\"b")], ["users", "\"User\"", "\"order\"", "\"a\"\"b\""]);
/// ```
#[must_use]
pub fn quote(name: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let starts = name.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    if starts && name.bytes().all(plain) && !is_keyword(name) { name.to_owned() } else { format!("\"{}\"", name.replace('"', "\"\"")) }
}

pub(crate) fn cut_to(name: &str, most: usize) -> &str {
    let mut end = most.min(name.len());
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    &name[..end]
}

/// `table_column_label` within 63 bytes: the longer of table and column is cut first.
pub(crate) fn object_name(table: &str, column: Option<&str>, label: &str) -> String {
    let room = MOST_BYTES - (label.len() + 1) - column.map_or(0, |_| 1);
    let (mut first, mut second) = (table.len(), column.map_or(0, str::len));
    while first + second > room {
        if first > second {
            first -= 1;
        } else {
            second -= 1;
        }
    }
    match column {
        None => format!("{}_{label}", cut_to(table, first)),
        Some(column) => format!("{}_{}_{label}", cut_to(table, first), cut_to(column, second)),
    }
}

/// [`object_name`] with the first number behind it that makes it free: none, 1, 2 …
pub(crate) fn free_name(table: &str, column: Option<&str>, label: &str, taken: impl Fn(&str) -> bool) -> String {
    let plain = object_name(table, column, label);
    if !taken(&plain) {
        return plain;
    }
    let mut number = 1u64;
    loop {
        let numbered = object_name(table, column, &format!("{label}{number}"));
        if !taken(&numbered) {
            return numbered;
        }
        number += 1;
    }
}

/// The columns' part of a name: all joined with `_`, as far as 64 bytes go.
pub(crate) fn columns_part<'a>(columns: impl IntoIterator<Item = &'a str>) -> String {
    let mut joined = String::new();
    for column in columns {
        if !joined.is_empty() {
            joined.push('_');
        }
        joined.push_str(column);
        if joined.len() > MOST_BYTES {
            break;
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longer_part_is_cut_first() {
        assert_eq!(object_name("users", Some("email"), "key"), "users_email_key");
        let long = object_name(&"t".repeat(60), Some(&"c".repeat(20)), "fkey");
        assert_eq!(long, format!("{}_{}_fkey", "t".repeat(37), "c".repeat(20)));
        assert_eq!(long.len(), 63);
    }

    #[test]
    fn a_name_that_is_taken_gets_a_number() {
        assert_eq!(free_name("a", Some("b"), "key", |name| ["a_b_key", "a_b_key1"].contains(&name)), "a_b_key2");
    }
}
