//! Foreign keys as the schema has them, and finding the one that a relation goes by, when the program is compiled.

use super::super::ColumnDef;
use crate::repository::Repository;

/// Columns that refer to another table's; the derive emits those of each table.
#[derive(Debug, Clone, Copy)]
pub struct ForeignKey {
    columns: &'static [&'static ColumnDef],
    /// The table referred to, quoted.
    table: &'static str,
    /// Its columns, quoted.
    to: &'static [&'static str],
}

impl ForeignKey {
    /// These columns refer to those of a table, all of them quoted.
    #[must_use]
    pub const fn new(columns: &'static [&'static ColumnDef], table: &'static str, to: &'static [&'static str]) -> Self {
        Self { columns, table, to }
    }

    const fn holds(&self, column: &str) -> bool {
        let mut index = 0;
        while index < self.columns.len() {
            if is_same(self.columns[index].name(), column) {
                return true;
            }
            index += 1;
        }
        false
    }

    /// Is it of exactly these columns?
    const fn is_of(&self, columns: &[&str]) -> bool {
        if columns.len() != self.columns.len() {
            return false;
        }
        let mut index = 0;
        while index < columns.len() {
            if !is_same(columns[index], self.columns[index].name()) {
                return false;
            }
            index += 1;
        }
        true
    }

    /// What PostgreSQL checks of a foreign key is checked of one that only the program knows.
    pub(crate) const fn check_types(&self, referred: &[ColumnDef]) {
        let mut index = 0;
        while index < self.columns.len() {
            let mut place = 0;
            while place < referred.len() {
                if is_same(referred[place].quoted(), self.to[index]) && !is_same_type(referred[place].ty(), self.columns[index].ty()) {
                    let mut message = Message::new();
                    message.add(&["the column `", self.columns[index].name(), "` of type ", self.columns[index].ty()]);
                    message.add(&[" refers to none of type ", referred[place].ty(), ", as `", referred[place].name(), "` is"]);
                    panic!("{}", message.text());
                }
                place += 1;
            }
            index += 1;
        }
    }
}

/// A key, and the columns of the table that it refers to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    key: &'static ForeignKey,
    there: &'static [ColumnDef],
}

impl Reference {
    pub(super) const fn new(key: &'static ForeignKey, there: &'static [ColumnDef]) -> Self {
        Self { key, there }
    }

    /// The columns that refer to others.
    pub(super) const fn columns(self) -> &'static [&'static ColumnDef] {
        self.key.columns
    }

    /// The columns that they refer to.
    pub(super) fn to(self) -> Vec<&'static ColumnDef> {
        self.key.to.iter().filter_map(|name| self.there.iter().find(|column| column.quoted() == *name)).collect()
    }
}

/// The column of a repository's table with that name, for relations that no foreign key backs.
///
/// # Panics
///
/// When there is none; for a constant that is when the program is compiled.
#[must_use]
pub const fn column_of<R: Repository>(name: &str) -> &'static ColumnDef {
    let mut index = 0;
    while index < R::COLUMNS.len() {
        if is_same(R::COLUMNS[index].name(), name) {
            return &R::COLUMNS[index];
        }
        index += 1;
    }
    let mut message = Message::new();
    message.add(&[R::TABLE, " has no column `", name, "`"]);
    panic!("{}", message.text());
}

/// The foreign key of a table between to one of the two that it connects, where the other has none.
///
/// # Panics
///
/// When there is none, or more than one; for a constant that is when the program is compiled.
#[doc(hidden)]
#[must_use]
pub const fn key_to<L: Repository, R: Repository>(by: &'static [&'static str]) -> &'static ForeignKey {
    find(L::FOREIGN_KEYS, L::TABLE, R::QUOTED, R::TABLE, by)
}

/// The foreign key of a table to another: the only one, or that of the named columns.
pub(super) const fn find(keys: &'static [ForeignKey], of: &str, to: &str, shown: &str, by: &'static [&'static str]) -> &'static ForeignKey {
    let mut found: Option<&'static ForeignKey> = None;
    let mut index = 0;
    while index < keys.len() {
        if is_same(keys[index].table, to) && (by.is_empty() || keys[index].is_of(by)) {
            if found.is_some() {
                let mut message = Message::new();
                message.add(&[of, " has more than one foreign key to ", shown, ": say which one is meant, by its column: `by column`"]);
                panic!("{}", message.text());
            }
            found = Some(&keys[index]);
        }
        index += 1;
    }
    if let Some(found) = found {
        return found;
    }
    let mut message = Message::new();
    message.add(&[of, " has no foreign key to ", shown]);
    if !by.is_empty() {
        message.add(&[" of the columns that are named"]);
    }
    message.add(&[": name the columns that mean each other, `on (theirs = ours)`, of a table between "]);
    message.add(&["`on (link = ours) to on (link = theirs)`, where the schema has none"]);
    panic!("{}", message.text());
}

/// Whether the columns of the two keys hold all of those: no two rows are the same in them then.
pub(super) const fn covers(near: &ForeignKey, far: &ForeignKey, columns: &[&ColumnDef]) -> bool {
    let mut index = 0;
    while index < columns.len() {
        if !near.holds(columns[index].name()) && !far.holds(columns[index].name()) {
            return false;
        }
        index += 1;
    }
    !columns.is_empty()
}

/// Whether two types are the same but for what limits their values, as the `(40)` of `varchar(40)`: such are compared with each other.
const fn is_same_type(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let (mut here, mut there) = (behind_modifier(one, 0), behind_modifier(other, 0));
    while here < one.len() && there < other.len() {
        if one[here] != other[there] {
            return false;
        }
        (here, there) = (next(one, here), next(other, there));
    }
    here >= one.len() && there >= other.len()
}

/// The next place of a type's name; a modifier in parentheses is passed over, of which there is none in a quoted name.
const fn next(name: &[u8], place: usize) -> usize {
    if name[0] == b'"' { place + 1 } else { behind_modifier(name, place + 1) }
}

const fn behind_modifier(name: &[u8], place: usize) -> usize {
    let mut end = place;
    if end < name.len() && name[end] == b'(' {
        while end < name.len() && name[end] != b')' {
            end += 1;
        }
        end += 1;
    }
    end
}

const fn is_same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// A text that is put together when the program is compiled; what is too long is cut off.
struct Message {
    bytes: [u8; 512],
    length: usize,
}

impl Message {
    const fn new() -> Self {
        Self { bytes: [0; 512], length: 0 }
    }

    const fn add(&mut self, parts: &[&str]) {
        let mut part = 0;
        while part < parts.len() {
            let bytes = parts[part].as_bytes();
            let mut index = 0;
            // A part that does not fit is left out whole: half a character is no text.
            while index < bytes.len() && self.length + bytes.len() - index <= self.bytes.len() {
                self.bytes[self.length] = bytes[index];
                self.length += 1;
                index += 1;
            }
            part += 1;
        }
    }

    const fn text(&self) -> &str {
        match str::from_utf8(self.bytes.split_at(self.length).0) {
            Ok(text) => text,
            Err(_) => "the relation's columns do not fit",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Travel;

    static USER: ColumnDef = ColumnDef::new("user_id", "\"user_id\"", Travel::INT4, "integer");
    static OTHER: ColumnDef = ColumnDef::new("other_id", "\"other_id\"", Travel::INT4, "integer");
    static KEYS: [ForeignKey; 2] =
        [ForeignKey::new(&[&USER], "\"users\"", &["\"id\""]), ForeignKey::new(&[&OTHER], "\"users\"", &["\"id\""])];

    #[test]
    fn the_key_is_the_only_one_or_the_one_that_is_named() {
        assert_eq!(find(&KEYS[..1], "links", "\"users\"", "users", &[]).columns[0].name(), "user_id");
        assert_eq!(find(&KEYS, "links", "\"users\"", "users", &["other_id"]).columns[0].name(), "other_id");
    }

    #[test]
    fn what_limits_the_values_of_a_type_is_no_other_type() {
        for (one, other) in [
            ("varchar(40)", "varchar(50)"),
            ("varchar", "varchar(50)"),
            ("numeric(6, 2)[]", "numeric[]"),
            ("timestamp(3) with time zone", "timestamp with time zone"),
        ] {
            assert!(is_same_type(one, other) && is_same_type(other, one), "{one} and {other}");
        }
        for (one, other) in [("varchar(40)", "text"), ("varchar(4)", "varchar(4)[]"), (r#""a(b)""#, r#""a(c)""#), ("", "text")] {
            assert!(!is_same_type(one, other) && !is_same_type(other, one), "{one} and {other}");
        }
    }

    #[test]
    fn a_key_in_both_others_makes_pairs_single() {
        assert!(covers(&KEYS[0], &KEYS[1], &[&USER, &OTHER]) && covers(&KEYS[0], &KEYS[1], &[&OTHER]));
        assert!(!covers(&KEYS[0], &KEYS[0], &[&USER, &OTHER]) && !covers(&KEYS[0], &KEYS[1], &[]));
    }

    #[test]
    #[should_panic(expected = "links has more than one foreign key to users: say which one is meant, by its column: `by column`")]
    fn which_of_two_has_to_be_said() {
        find(&KEYS, "links", "\"users\"", "users", &[]);
    }

    #[test]
    #[should_panic(expected = "links has no foreign key to groups: name the columns that mean each other")]
    fn there_has_to_be_one() {
        find(&KEYS, "links", "\"groups\"", "groups", &[]);
    }

    #[test]
    #[should_panic(expected = "the column `user_id` of type integer refers to none of type text, as `id` is")]
    fn the_types_have_to_be_the_same() {
        KEYS[0].check_types(&[ColumnDef::new("id", "\"id\"", Travel::TEXT, "text")]);
    }
}
