//! A long text is cut between two statements, and the parts are read beside one another: to read is most of the work of a schema, and no
//! statement is read by what is said in another one.
//!
//! Each part keeps its place, with blanks for what is before it, so that every offset is the text's. Where anything is wrong in a part, be it
//! that a cut was none, the text is read as a whole, as if there were no parts.

use std::{borrow::Cow, ops::Range, panic::resume_unwind, thread};

use super::{Statement, boundary::Boundary};
use crate::source::Source;

/// The bytes of a part at least: what is shorter takes less time than it takes to start a thread and to have its memory ready.
const SHORTEST: usize = 48 * 1024;

/// So many parts at most.
const MOST: usize = 8;

/// The statements of a long text without any error, in as many parts as can be read at once.
pub(super) fn statements(source: &Source, text: &str) -> Option<Vec<Statement>> {
    let most = MOST.min(text.len() / SHORTEST);
    if most < 2 {
        return None;
    }
    let at_once = thread::available_parallelism().map_or(1, Into::into);
    beside_one_another(source, text, &parts(text, most.min(at_once)))
}

fn beside_one_another(source: &Source, text: &str, parts: &[Range<usize>]) -> Option<Vec<Statement>> {
    let (first, others) = parts.split_first().filter(|(_, others)| !others.is_empty())?;
    thread::scope(|scope| {
        let mut readers = Vec::new();
        for part in others {
            readers.push(thread::Builder::new().name("SQL".to_owned()).spawn_scoped(scope, || read(source, text, part)).ok()?);
        }
        let mut all = read(source, text, first)?;
        for reader in readers {
            all.extend(reader.join().unwrap_or_else(|panic| resume_unwind(panic))?);
        }
        Some(all)
    })
}

fn read(source: &Source, text: &str, part: &Range<usize>) -> Option<Vec<Statement>> {
    let mut in_place = " ".repeat(part.start);
    in_place.push_str(text.get(part.clone())?);
    super::statements(source, Cow::Owned(in_place), part.start).ok()
}

/// A text in so many parts of about the same length, or fewer.
fn parts(text: &str, count: usize) -> Vec<Range<usize>> {
    let mut boundary = Boundary::default();
    let mut parts = Vec::new();
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        if parts.len() + 1 >= count {
            break;
        }
        if boundary.ends_with(byte) && at + 1 >= text.len() / count * (parts.len() + 1) {
            parts.push(start..at + 1);
            start = at + 1;
        }
    }
    parts.push(start..text.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_parts(text: &str, count: usize) -> Option<String> {
        let statements = beside_one_another(&Source::new("a.sql", text), text, &parts(text, count));
        statements.map(|statements| format!("{statements:?}"))
    }

    #[test]
    fn parts_say_what_the_whole_says() {
        let text = "-- é\ncreate table a (b int default 1 + 2, check (b in (1, 2)));\n/* ; */ create schema s create table t (c int);\n\
            create function f() returns int language sql begin atomic; select 1; end;\n-- elyos: ignore\ncreate table d (e int);;\n\
            -- elyos: ignore\n\ncreate view v as select b, ';' from a;\ninsert into a values (1)";
        let whole = super::super::statements(&Source::new("a.sql", text), Cow::Borrowed(text), 0).expect("it is SQL");
        assert_eq!(whole.len(), 6);
        for count in 2..=8 {
            assert_eq!(in_parts(text, count).expect("so it is in parts"), format!("{whole:?}"), "{count}");
        }
    }

    #[test]
    fn where_anything_is_wrong_there_are_no_parts() {
        for text in ["select 1; select 2; select 'a", "select 1; select from where; select 2", "create table a (b); select 1; select 2"] {
            assert_eq!(in_parts(text, 3), None, "{text}");
        }
    }

    #[test]
    fn parts_are_about_the_same_and_make_up_the_text() {
        let text = "select 1;".repeat(10);
        assert_eq!(parts(&text, 3), [0..36, 36..63, 63..90]);
        assert_eq!(parts("select 1", 3), [0..8]);
    }
}
