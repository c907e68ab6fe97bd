//! A long text is cut between two statements, and the parts are read beside one another: to read is most of the work of a schema, and no
//! statement is read by what is said in another one.
//!
//! Who takes the statements need not wait for the last of them: those of the first part come while the others are being read.
//!
//! Each part keeps its place, so that every offset is the text's. Where anything is wrong in a part, be it that a cut was none, the text is
//! read as a whole, as if there were no parts: so what is found wrong, and its order, do not depend on the machine.

use std::{
    borrow::Cow,
    collections::BTreeMap,
    ops::Range,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
};

use super::{Statement, cut::Cuts, lowered, nesting::Nesting, readable, tree};
use crate::source::Source;

/// The bytes of a part at least: what is shorter takes less time than it takes to start a thread and to have its memory ready.
const SHORTEST: usize = 32 * 1024;

/// The bytes of a text that is read in parts.
pub(super) const LONG: usize = 2 * SHORTEST;

/// So many threads at most.
const MOST_THREADS: usize = 8;

/// Parts for each thread: as some take longer than others of their length, none waits for long.
const PARTS_OF_THREAD: usize = 3;

/// Reads a long text and gives its statements away in order, those of a part while later ones are still being read. False says that the text
/// is short, that it cannot be read in parts, or that something is wrong in it: then whatever was given away counts for nothing.
pub(super) fn in_order(source: &Source, text: &str, take: impl FnMut(Vec<Statement>)) -> bool {
    if text.len() < LONG {
        return false;
    }
    let threads = thread::available_parallelism().map_or(1, usize::from).min(MOST_THREADS);
    beside_one_another(source, text, (threads * PARTS_OF_THREAD).min(text.len() / SHORTEST), threads, take)
}

fn beside_one_another(source: &Source, text: &str, parts: usize, threads: usize, take: impl FnMut(Vec<Statement>)) -> bool {
    if threads < 2 || parts < 2 {
        return false;
    }
    let reading =
        Reading { source, text, parts: Mutex::new(Parts::of(text, parts)), read: Mutex::new(BTreeMap::new()), came: Condvar::new() };
    thread::scope(|scope| {
        for _ in 1..threads.min(parts) {
            let read_all = || while reading.read_next() {};
            // Where there is no thread to be had, the others do its work.
            let _ = thread::Builder::new().name("SQL".to_owned()).spawn_scoped(scope, read_all);
        }
        reading.give_away(take)
    })
}

/// Parts of a text that several threads read.
struct Reading<'a> {
    source: &'a Source,
    text: &'a str,
    /// Those that nobody reads yet.
    parts: Mutex<Parts<'a>>,
    /// What has been read and not given away, by the number of the part; None for a part in which something is wrong.
    read: Mutex<BTreeMap<usize, Option<Vec<Statement>>>>,
    came: Condvar,
}

impl Reading<'_> {
    /// Gives away the statements part by part, and reads itself while the next part is not there.
    fn give_away(&self, mut take: impl FnMut(Vec<Statement>)) -> bool {
        for index in 0.. {
            let statements = loop {
                if let Some(statements) = locked(&self.read).remove(&index) {
                    break statements;
                }
                if !self.read_next() {
                    if index == locked(&self.parts).count {
                        return true;
                    }
                    self.wait_for(index);
                }
            };
            let Some(statements) = statements else {
                // Nobody needs the others.
                locked(&self.parts).leave_out_the_rest();
                return false;
            };
            take(statements);
        }
        true
    }

    /// Reads one part more; false if all are being read.
    fn read_next(&self) -> bool {
        let next = locked(&self.parts).next();
        let Some((index, part)) = next else { return false };
        // A part whose reader panics is not right either: nobody may wait for it.
        let mut place = Place { reading: self, index, statements: None };
        place.statements = self.text.get(part.clone()).and_then(|text| statements_of(self.source, part.start, text));
        true
    }

    fn wait_for(&self, index: usize) {
        let mut read = locked(&self.read);
        while !read.contains_key(&index) {
            read = self.came.wait(read).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Where a part's statements are put once they are read, or that there are none.
struct Place<'a, 'text> {
    reading: &'a Reading<'text>,
    index: usize,
    statements: Option<Vec<Statement>>,
}

impl Drop for Place<'_, '_> {
    fn drop(&mut self) {
        locked(&self.reading.read).insert(self.index, self.statements.take());
        self.reading.came.notify_all();
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

/// A text in so many parts of about the same length, or fewer. A part's end is looked for when the part is asked for.
struct Parts<'a> {
    cuts: Cuts<'a>,
    length: usize,
    wanted: usize,
    /// How many have been given away, and where the next one begins.
    count: usize,
    start: usize,
}

impl<'a> Parts<'a> {
    fn of(text: &'a str, wanted: usize) -> Self {
        Self { cuts: Cuts::of(text), length: text.len(), wanted, count: 0, start: 0 }
    }

    fn leave_out_the_rest(&mut self) {
        self.start = self.length;
    }
}

impl Iterator for Parts<'_> {
    type Item = (usize, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.start == self.length {
            return None;
        }
        let number = self.count + 1;
        let cut = if number < self.wanted { self.cuts.next_from(self.length / self.wanted * number) } else { None };
        let part = self.start..cut.unwrap_or(self.length);
        (self.count, self.start) = (number, part.end);
        Some((number - 1, part))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn in_parts(text: &str, count: usize) -> Option<String> {
        let mut all = Vec::new();
        let read = beside_one_another(&Source::new("a.sql", text), text, count, 3, |statements| all.extend(statements));
        read.then(|| format!("{all:?}"))
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
        assert_eq!(Parts::of(&text, 3).collect::<Vec<_>>(), [(0, 0..36), (1, 36..63), (2, 63..90)]);
        assert_eq!(Parts::of("select 1", 3).count(), 1);
    }
}
