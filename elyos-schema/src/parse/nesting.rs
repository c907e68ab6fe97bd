//! How deep a text is nested, told from its tokens before anything reads it by recursion, and a stack that suffices for that.
//!
//! The parser crate, the readers of its tree and the resolver call themselves once a level, and so does the freeing of their trees. A text of
//! ten thousand parentheses would end the compiler or the command that reads it by an overflow of the stack, which nothing can catch.
//! PostgreSQL refuses such a text by `max_stack_depth` (<https://www.postgresql.org/docs/current/runtime-config-resource.html>); here it is
//! refused by a bound, or read on a thread of its own.
//!
//! What is counted is never less than half of what there is; that it may be more costs a thread at worst.

use std::{ops::Range, thread};

use super::token::{Token, TokenKind, tokens};
use crate::{
    diagnostic::{Diagnostic, Diagnostics},
    source::Source,
};

/// What is read on the caller's thread, which may have 2 MB and be built without optimisation.
const SHALLOW: usize = 40;

/// What is read at all. A chain of operators is as deep as it is long.
const DEEPEST: usize = 3_000;

/// So many `AND` and `OR` are as deep as one level: the parser crate reads them in a loop, only its tree is deep.
const CONNECTIVES_OF_LEVEL: usize = 10;

/// How many brackets, `CASE`s and blocks may be open. The parser crate looks ahead from each, again and again.
const DEEPEST_OPEN: usize = 300;

/// What may be in a catalog, whose queries are copied and freed on any thread: a copy without optimisation takes 2 KB a level.
const DEEPEST_KEPT: usize = 500;

/// A stack's bytes, for a level without optimisation and to begin with.
const STACK_OF_LEVEL: usize = 48 * 1024;
const STACK_AT_LEAST: usize = 8 << 20;

/// How deep strings that are SQL may be in one another: the body of a `DO`, an `EXECUTE` in it.
const DEEPEST_STRINGS: usize = 8;

/// How deep a text is nested.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Nesting {
    /// At its deepest place.
    levels: usize,
    /// Where it becomes deeper than anything may be.
    too_deep: Option<usize>,
    /// Where what is kept of it would be deeper than that may be; the first place of each statement.
    not_to_keep: Vec<usize>,
}

impl Nesting {
    /// Measures a text.
    pub(crate) fn of(text: &str) -> Self {
        let mut meter = Meter::new(0, 0);
        meter.read(text, 0);
        meter.nesting
    }

    /// Runs what reads the text where the stack suffices.
    ///
    /// # Errors
    /// The text is nested too deeply to be read, or no thread can be had for it.
    pub(crate) fn with_room<T: Send>(&self, source: &Source, start: usize, read: impl FnOnce() -> T + Send) -> Result<T, Diagnostics> {
        if let Some(at) = self.too_deep {
            return Err(too_deep(source, start + at).into());
        }
        if self.levels <= SHALLOW {
            return Ok(read());
        }
        let stack = STACK_AT_LEAST + self.levels * STACK_OF_LEVEL;
        let result = thread::scope(|scope| {
            let reader = thread::Builder::new().name("deep SQL".to_owned()).stack_size(stack).spawn_scoped(scope, read)?;
            Ok(reader.join())
        });
        match result {
            Ok(Ok(value)) => Ok(value),
            // As if it had been read on this thread.
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(error) => Err(no_thread(source, &error).into()),
        }
    }

    /// Says of a statement that leaves something in a catalog if that would be too deep. What was measured begins at `start`.
    pub(super) fn refuse_to_keep(&self, source: &Source, start: usize, statement: &Range<usize>) -> Option<Diagnostic> {
        let behind = self.not_to_keep.partition_point(|at| start + at < statement.start);
        self.not_to_keep.get(behind).map(|at| start + at).filter(|at| statement.contains(at)).map(|at| too_deep(source, at))
    }
}

fn too_deep(source: &Source, at: usize) -> Diagnostic {
    let length = source.text().get(at..).and_then(|rest| tokens(rest).next()).map_or(1, |token| token.text.len());
    Diagnostic::new("the statement is nested too deeply")
        .at(source, at..at + length)
        .help("divide it: PostgreSQL refuses a statement of some thousands of levels as well (`max_stack_depth`)")
}

fn no_thread(source: &Source, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(format!("what is nested deeply cannot be read: no thread with a large stack can be started: {error}"))
        .in_file(source.path())
        .help("raise the limit of the process's memory or threads, or divide the deepest statement")
}

/// What an open level was opened by, and so is closed by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Opened {
    Text,
    Bracket,
    /// `CASE`, or a block of PL/pgSQL.
    Block,
}

/// What is nested in one another between two brackets.
struct Level {
    opened: Opened,
    /// Set operations and joins, which a comma does not close.
    kept: usize,
    /// `AND` and `OR`: one behind the other in the parser's tree, beside one another in ours.
    connectives: usize,
    /// What comes before a statement inside of a statement.
    statements: usize,
    /// Other operators and words.
    chain: usize,
    /// `BETWEEN`s whose `AND` is still to come.
    betweens: usize,
}

impl Level {
    fn new(opened: Opened) -> Self {
        Self { opened, kept: 0, connectives: 0, statements: 0, chain: 0, betweens: 0 }
    }

    /// Its part of the depth of the parser's tree.
    fn read(&self) -> usize {
        1 + self.kept + self.statements + self.connectives.div_ceil(CONNECTIVES_OF_LEVEL) + self.chain
    }

    /// Its part of the depth of what is kept.
    fn kept(&self) -> usize {
        1 + self.kept + self.chain
    }

    /// What follows is beside what was before.
    fn divide(&mut self) {
        (self.connectives, self.chain, self.betweens) = (0, 0, 0);
    }
}

struct Meter<'a> {
    nesting: Nesting,
    levels: Vec<Level>,
    /// The parts of all levels but the last.
    below: (usize, usize),
    before: Option<Token<'a>>,
    /// The levels around the string that the text is.
    outer: usize,
    /// How many strings the text is in.
    strings: usize,
    /// What the strings one behind the other so far come to: they may be one.
    run: usize,
    /// Whether the statement at hand has a place in `not_to_keep`.
    marked: bool,
    /// Whether the statement at hand is a `CREATE SCHEMA`.
    creates_schema: bool,
}

impl<'a> Meter<'a> {
    fn new(strings: usize, outer: usize) -> Self {
        let levels = vec![Level::new(Opened::Text)];
        Self {
            nesting: Nesting::default(),
            levels,
            below: (0, 0),
            before: None,
            outer,
            strings,
            run: 0,
            marked: false,
            creates_schema: false,
        }
    }

    fn read(&mut self, text: &'a str, start: usize) {
        for token in tokens(text) {
            let at = start + token.start;
            match token.kind {
                TokenKind::Sign => self.sign(&token),
                TokenKind::Word => self.word(&token),
                TokenKind::Text => self.string(&token, at),
                TokenKind::Number | TokenKind::QuotedName => {}
            }
            if token.kind != TokenKind::Text {
                self.run = 0;
            }
            self.before = Some(token);
            let (read, kept) = (self.below.0 + self.last().read(), self.below.1 + self.last().kept());
            self.reach(read, kept, at);
            if self.nesting.too_deep.is_some() {
                return;
            }
        }
    }

    fn reach(&mut self, read: usize, kept: usize, at: usize) {
        self.nesting.levels = self.nesting.levels.max(read);
        if (read > DEEPEST || self.open_levels() > DEEPEST_OPEN) && self.nesting.too_deep.is_none() {
            self.nesting.too_deep = Some(at);
        }
        if kept > DEEPEST_KEPT && !self.marked {
            self.marked = true;
            self.nesting.not_to_keep.push(at);
        }
    }

    fn open_levels(&self) -> usize {
        self.outer + self.levels.len()
    }

    fn last(&mut self) -> &mut Level {
        if self.levels.is_empty() {
            self.levels.push(Level::new(Opened::Text));
        }
        let last = self.levels.len() - 1;
        &mut self.levels[last]
    }

    fn open(&mut self, opened: Opened) {
        let last = self.last();
        let (read, kept) = (last.read(), last.kept());
        self.below = (self.below.0 + read, self.below.1 + kept);
        self.levels.push(Level::new(opened));
    }

    /// Closes the last level, if it was opened so. A sign that closes something else closes nothing: how the parser goes on is not known.
    fn close(&mut self, opened: Opened) {
        if self.levels.len() < 2 || self.last().opened != opened {
            return;
        }
        self.levels.pop();
        let last = self.last();
        let (read, kept) = (last.read(), last.kept());
        self.below = (self.below.0 - read, self.below.1 - kept);
    }

    fn sign(&mut self, token: &Token<'_>) {
        match token.text {
            "(" | "[" | "{" => {
                // `a[1][2]`, where each applies to what is before it.
                let applied = self.before.is_some_and(|before| matches!(before.text, ")" | "]"));
                self.last().chain += usize::from(applied);
                self.open(Opened::Bracket);
            }
            ")" | "]" | "}" => self.close(Opened::Bracket),
            "," => self.last().divide(),
            ";" => {
                let last = self.last();
                last.divide();
                (last.kept, last.statements) = (0, 0);
                self.marked &= self.levels.len() > 1;
                self.creates_schema &= self.levels.len() > 1;
            }
            _ => self.last().chain += 1,
        }
    }

    fn word(&mut self, token: &Token<'_>) {
        let is = |word: &str| token.text.eq_ignore_ascii_case(word);
        let before = self.before;
        let behind = |word: &str| before.is_some_and(|before| before.text.eq_ignore_ascii_case(word));
        let body = self.strings > 0;
        if behind(".") || behind("as") {
            return;
        }
        if is("case") || is("atomic") || (body && (is("begin") || is("loop"))) || (body && is("if") && self.begins_statement()) {
            // `END CASE`, `END LOOP` and `END IF` have closed theirs.
            if !behind("end") {
                self.open(Opened::Block);
            }
        } else if is("end") {
            self.close(Opened::Block);
        } else if is("and") && self.last().betweens > 0 {
            self.last().betweens -= 1;
            self.last().chain += 1;
        } else if is("and") || is("or") {
            let last = self.last();
            last.connectives += 1;
            (last.chain, last.betweens) = (0, 0);
        } else if is("union") || is("intersect") || is("except") || is("join") {
            let last = self.last();
            last.divide();
            last.kept += 1;
        } else if self.last().opened == Opened::Block && (is("when") || is("then") || is("else")) {
            self.last().divide();
        } else if self.levels.len() == 1 && self.creates_schema && (is("create") || is("grant")) {
            // The parts of a `CREATE SCHEMA` stand beside one another.
            let last = self.last();
            last.divide();
            last.kept = 0;
        } else if self.levels.len() == 1 && is("schema") && behind("create") && self.last().chain <= 1 {
            self.creates_schema = true;
            self.last().chain += 1;
        } else if self.levels.len() == 1 && (is("create") || is("grant")) {
            // A statement inside of another one.
            let last = self.last();
            last.statements += last.chain + 1;
            last.chain = 0;
        } else {
            let operand = self.before.is_some_and(|before| before.kind == TokenKind::Sign && before.text != ")");
            let last = self.last();
            last.betweens += usize::from(is("between"));
            // A sign was counted for what follows it.
            last.chain += usize::from(!operand);
        }
    }

    /// Whether a statement of PL/pgSQL can begin here.
    fn begins_statement(&self) -> bool {
        let before = self.before.map_or(";", |before| before.text);
        [";", ">>", "then", "else", "loop", "begin"].iter().any(|word| before.eq_ignore_ascii_case(word))
    }

    /// A string may be the body of a function, or a statement to execute; what is compared, passed on or a comment is neither.
    fn string(&mut self, token: &Token<'_>, at: usize) {
        let before = self.before.filter(|before| before.kind == TokenKind::Sign || before.text.eq_ignore_ascii_case("is"));
        if before.is_some() {
            return;
        }
        let opening = token.text.find('\'').map_or(0, |quote| quote + 1);
        let opening = if token.text.starts_with('$') { token.text[1..].find('$').map_or(1, |end| end + 2) } else { opening };
        let inner = token.text.get(opening..).unwrap_or_default();
        let mut meter = Meter::new(self.strings + 1, self.open_levels());
        if self.strings < DEEPEST_STRINGS {
            meter.read(inner, at + opening);
        } else {
            meter.reach(DEEPEST + 1, DEEPEST_KEPT + 1, at);
        }
        // An escape may be a bracket.
        let escapes = if token.text.starts_with(['e', 'E', 'u', 'U']) { inner.matches('\\').count() } else { 0 };
        self.run += meter.nesting.levels + escapes;
        let (read, kept) = (self.below.0 + self.last().read(), self.below.1 + self.last().kept());
        self.nesting.too_deep = self.nesting.too_deep.or(meter.nesting.too_deep);
        let place = meter.nesting.not_to_keep.first().copied().unwrap_or(at);
        let kept = if meter.nesting.not_to_keep.is_empty() { kept + escapes } else { DEEPEST_KEPT + 1 };
        self.reach(read + self.run, kept, place);
    }
}
