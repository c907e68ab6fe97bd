//! A long text is cut between two statements, and the parts are read beside one another: to read is most of the work of a schema, and no
//! statement is read by what is said in another one.
//!
//! Each part keeps its place, so that every offset is the text's. Where anything is wrong in a part, be it that a cut was none, the text is
//! read as a whole, as if there were no parts: so what is found wrong, and its order, do not depend on the machine.

use std::{
    borrow::Cow,
    ops::Range,
    panic::resume_unwind,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use super::{Statement, cut::Cuts, lowered, nesting::Nesting, readable, tree};
use crate::source::Source;

/// The bytes of a part at least: what is shorter takes less time than it takes to start a thread and to have its memory ready.
const SHORTEST: usize = 32 * 1024;

/// So many threads at most.
const MOST_THREADS: usize = 8;

/// Parts for each thread: as some take longer than others of their length, none waits for long.
const PARTS_OF_THREAD: usize = 3;

/// The statements of a long text without any error.
pub(super) fn statements(source: &Source, text: &str) -> Option<Vec<Statement>> {
    if text.len() < 2 * SHORTEST {
        return None;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    beside_one_another(source, text, &parts(text, (threads * PARTS_OF_THREAD).min(text.len() / SHORTEST)), threads)
}

fn beside_one_another(source: &Source, text: &str, parts: &[Range<usize>], threads: usize) -> Option<Vec<Statement>> {
    if threads < 2 || parts.len() < 2 {
        return None;
    }
    let next = AtomicUsize::new(0);
    let take = || read_next(source, text, parts, &next);
    let mut read = thread::scope(|scope| {
        let start = |_| thread::Builder::new().name("SQL".to_owned()).spawn_scoped(scope, take).ok();
        // Where there is no thread to be had, the others do its work.
        let others: Vec<_> = (1..threads.min(parts.len())).filter_map(start).collect();
        let mut read = take();
        for other in others {
            read.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        read
    });
    read.sort_unstable_by_key(|(index, _)| *index);
    let read: Option<Vec<_>> = read.into_iter().map(|(_, statements)| statements).collect();
    read.map(|parts| parts.into_iter().flatten().collect())
}

/// The parts that fall to one thread, by their number; once there is one that is not right, no more are read.
fn read_next(source: &Source, text: &str, parts: &[Range<usize>], next: &AtomicUsize) -> Vec<(usize, Option<Vec<Statement>>)> {
    let mut read = Vec::new();
    loop {
        let index = next.fetch_add(1, Ordering::Relaxed);
        let Some(part) = parts.get(index) else { return read };
        let statements = text.get(part.clone()).and_then(|text| statements_of(source, part.start, text));
        if statements.is_none() {
            next.store(parts.len(), Ordering::Relaxed);
        }
        read.push((index, statements));
    }
}

fn statements_of(source: &Source, start: usize, text: &str) -> Option<Vec<Statement>> {
    let nesting = Nesting::of(text);
    let read = || {
        let file = tree::without_error(start, &readable(Cow::Borrowed(text)))?;
        lowered(source, start, &file, &nesting).ok()
    };
    nesting.with_room(source, start, read).ok().flatten()
}

/// A text in so many parts of about the same length, or fewer.
fn parts(text: &str, count: usize) -> Vec<Range<usize>> {
    let mut cuts = Cuts::of(text);
    let mut parts = Vec::new();
    let mut start = 0;
    for number in 1..count {
        let Some(end) = cuts.next_from(text.len() / count * number) else { break };
        parts.push(start..end);
        start = end;
    }
    parts.push(start..text.len());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_parts(text: &str, count: usize) -> Option<String> {
        let statements = beside_one_another(&Source::new("a.sql", text), text, &parts(text, count), 3);
        statements.map(|statements| format!("{statements:?}"))
    }

    #[test]
    fn parts_say_what_the_whole_says() {
        let text = "-- é\ncreate table a (b int default 1 + 2, check (b in (1, 2)));\n/* ; */ create schema s create table t (c int);\n\
            create function f() returns int language sql begin atomic; select 1; end;\n-- elyos: ignore\ncreate table d (e int);;\n\
            -- elyos: ignore\n\ncreate view v as select b, ';' from a;\ninsert into a values (1)";
        let whole = super::super::statements(&Source::new("a.sql", text), Cow::Borrowed(text)).expect("it is SQL");
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
        assert_eq!(parts("select 1", 3).len(), 1);
    }
}
