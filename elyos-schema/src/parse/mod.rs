//! SQL text → statements. The only module that knows the parser crate; what it hands on is plain data.

mod alter;
mod block;
pub(crate) mod boundary;
pub(crate) mod called;
mod called_table;
mod carried;
mod comment;
mod constant;
mod constraint;
mod cut;
mod default;
mod definition;
mod dml;
mod doubt;
mod effect;
mod exclusion;
mod execution;
mod expression;
mod facts;
mod from;
mod index;
mod name;
mod negation;
pub(crate) mod nesting;
mod object;
mod operators;
mod parts;
mod precedence;
mod psql;
mod query;
mod relation;
mod routine;
mod security;
mod sequence;
mod setting;
mod special;
mod split;
mod syntax_error;
mod table;
mod time_zone;
mod token;
mod tree;
mod types;
mod view;
mod write;

use std::{borrow::Cow, ops::Range};

use nesting::Nesting;
pub(crate) use psql::guards_only_psql;
use squawk_syntax::{SourceFile, ast};

pub use execution::Execution;
pub use token::{Token, TokenKind, folded, tokens, within_parentheses};

use crate::{
    ddl::Ddl,
    diagnostic::{Diagnostic, Diagnostics},
    query::Query,
    source::Source,
};

/// A file's statements.
#[derive(Clone, Debug)]
pub struct Script {
    statements: Vec<Statement>,
    psql_commands: Vec<Range<usize>>,
    copy_data: Vec<Range<usize>>,
}

/// One statement, and what is known of it without a catalog.
#[derive(Clone, Debug)]
pub struct Statement {
    range: Range<usize>,
    transaction_control: Option<&'static str>,
    outside_transaction: Option<&'static str>,
    execution: Execution,
    copies_from_stdin: bool,
    copies_to_stdout: bool,
    creates_schema: Option<String>,
    creates_extension: Option<String>,
    extension_schema: Option<String>,
    creates_routine: Option<Routine>,
    reads: Vec<WrittenName>,
    writes: Vec<WrittenName>,
    ddl: Vec<Ddl>,
}

/// A relation's name as a statement has it: folded, with its schema only where that is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WrittenName {
    /// The schema, where written.
    pub schema: Option<String>,
    /// The relation.
    pub name: String,
}

/// A function or procedure as the statement that creates it names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routine {
    /// Function or procedure.
    pub kind: RoutineKind,
    /// The schema, where written.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The types of the arguments that tell it from others of its name, as written.
    pub arguments: Vec<String>,
}

/// What `DROP` and `CALL` tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoutineKind {
    /// `CREATE FUNCTION`.
    Function,
    /// `CREATE PROCEDURE`.
    Procedure,
}

impl Script {
    /// The statements in the order of the text; empty ones (`;;`) are left out.
    #[must_use]
    pub fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// Takes the foreign keys out of all `CREATE TABLE`s, as a script that adds them.
    pub(crate) fn take_references(&mut self) -> Self {
        let mut taken = Vec::new();
        for statement in &mut self.statements {
            let later: Vec<Ddl> = statement.ddl.iter_mut().filter_map(Ddl::take_references).collect();
            if !later.is_empty() {
                taken.push(Statement { ddl: later, ..statement.clone() });
            }
        }
        Self { statements: taken, psql_commands: Vec::new(), copy_data: Vec::new() }
    }

    /// The names that its statements give to something new.
    pub(crate) fn made_names(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|statement| &statement.ddl).flat_map(Ddl::made_names)
    }

    /// The names of the tables that its foreign keys point to.
    pub(crate) fn referenced_names(&self) -> impl Iterator<Item = &str> {
        self.statements.iter().flat_map(|statement| &statement.ddl).flat_map(Ddl::referenced_names)
    }

    /// psql's commands (`\i`, `\connect`, `\restrict`), from the backslash to the end of the line. A server knows none of them.
    #[must_use]
    pub fn psql_commands(&self) -> &[Range<usize>] {
        &self.psql_commands
    }

    /// The data below each `COPY … FROM stdin`, the line `\.` included.
    #[must_use]
    pub fn copy_data(&self) -> &[Range<usize>] {
        &self.copy_data
    }
}

impl Statement {
    /// From its first token to its last: no comment before it, no semicolon behind it.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.range.clone()
    }

    /// The words (`BEGIN`, `ROLLBACK TO SAVEPOINT`), if it begins, ends or divides a transaction.
    #[must_use]
    pub fn transaction_control(&self) -> Option<&'static str> {
        self.transaction_control
    }

    /// The words (`VACUUM`, `CREATE INDEX CONCURRENTLY`), if PostgreSQL refuses it inside a transaction.
    #[must_use]
    pub fn outside_transaction(&self) -> Option<&'static str> {
        self.outside_transaction
    }

    /// How it is run where it is committed by itself.
    #[must_use]
    pub fn execution(&self) -> &Execution {
        &self.execution
    }

    /// Whether it is a `COPY … FROM stdin`.
    #[must_use]
    pub fn copies_from_stdin(&self) -> bool {
        self.copies_from_stdin
    }

    /// Whether it is a `COPY … TO stdout`.
    #[must_use]
    pub fn copies_to_stdout(&self) -> bool {
        self.copies_to_stdout
    }

    /// The schema, if all it does is create one.
    #[must_use]
    pub fn creates_schema(&self) -> Option<&str> {
        self.creates_schema.as_deref()
    }

    /// The extension it creates.
    #[must_use]
    pub fn creates_extension(&self) -> Option<&str> {
        self.creates_extension.as_deref()
    }

    /// The schema it creates an extension in, where it names one.
    #[must_use]
    pub fn extension_schema(&self) -> Option<&str> {
        self.extension_schema.as_deref()
    }

    /// The function or procedure it creates.
    #[must_use]
    pub fn creates_routine(&self) -> Option<&Routine> {
        self.creates_routine.as_ref()
    }

    /// The relations it reads by name, sorted. Not those that only a function it calls reads, nor the names of a `WITH`.
    #[must_use]
    pub fn reads(&self) -> &[WrittenName] {
        &self.reads
    }

    /// The relations whose rows it writes, sorted.
    #[must_use]
    pub fn writes(&self) -> &[WrittenName] {
        &self.writes
    }

    /// What it does to a catalog.
    pub(crate) fn ddl(&self) -> &[Ddl] {
        &self.ddl
    }
}

/// Reads a text as PostgreSQL 18's grammar has it.
///
/// # Errors
/// Every syntax error of the text, each with its place (of very many the first twenty).
///
/// ```
/// use elyos_schema::{Source, parse::parse};
///
/// let source = Source::new("a.sql", "-- first\nselect 1; begin;");
/// let script = parse(&source)?;
/// assert_eq!(&source.text()[script.statements()[0].range()], "select 1");
/// assert_eq!(script.statements()[1].transaction_control(), Some("BEGIN"));
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
pub fn parse(source: &Source) -> Result<Script, Diagnostics> {
    let cleaned = psql::clean(source.text());
    let mut all = Vec::new();
    let statements =
        if parts::in_order(source, &cleaned.text, |statements| all.extend(statements)) { all } else { statements(source, cleaned.text)? };
    Ok(Script { statements, psql_commands: cleaned.commands, copy_data: cleaned.data })
}

/// Whether a text is so long that it is read in parts.
pub(crate) fn is_long(source: &Source) -> bool {
    source.text().len() >= parts::LONG
}

/// Reads a long text and gives its statements away in order, before all are read. False says that [`parse`] has to read it, and that what was
/// given away counts for nothing.
pub(crate) fn parse_in_order(source: &Source, take: impl FnMut(Vec<Statement>)) -> bool {
    parts::in_order(source, &psql::clean(source.text()).text, take)
}

/// The statements of a text.
fn statements(source: &Source, text: Cow<'_, str>) -> Result<Vec<Statement>, Diagnostics> {
    let nesting = Nesting::of(&text);
    nesting.with_room(source, 0, || lowered(source, 0, &sound(source, &readable(text))?, &nesting))?
}

/// The statements of a tree, of which the nesting was measured from `start` on.
fn lowered(source: &Source, start: usize, file: &SourceFile, nesting: &Nesting) -> Result<Vec<Statement>, Diagnostics> {
    let statements = file.stmts().filter(|statement| !matches!(statement, ast::Stmt::EmptyStmt(_)));
    let mut statements: Vec<Statement> = statements.flat_map(split::split).map(|statement| read(&statement)).collect();
    pass_over_ignored(source.text(), start, &mut statements);
    let is_kept = |ddl: &Ddl| !matches!(ddl, Ddl::Calls(_));
    let kept = statements.iter().filter(|statement| statement.ddl.iter().any(is_kept));
    let too_deep = kept.filter_map(|statement| nesting.refuse_to_keep(source, start, &statement.range)).collect();
    Diagnostics::into_result(too_deep, statements)
}

/// The tree of a text, or all its syntax errors.
fn sound(source: &Source, text: &str) -> Result<SourceFile, Diagnostics> {
    if let Some(file) = tree::without_error(0, text) {
        return Ok(file);
    }
    let parsed = SourceFile::parse(text);
    Diagnostics::into_result(syntax_error::all(source, &parsed), parsed.tree())
}

/// Reads one query: a `SELECT` or the like, or an `INSERT`, `UPDATE`, `DELETE` or `MERGE`.
///
/// # Errors
/// Every syntax error; where there is none, that the text is not one statement or is no query.
///
/// ```
/// use elyos_schema::{Catalog, Source, parse::parse_query, resolve};
///
/// let source = Source::new("a.sql", "select 1 as one");
/// let columns = resolve::columns_of(&Catalog::new(), &source, &parse_query(&source)?)?;
/// assert_eq!(columns[0].ty.to_string(), "integer");
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
pub fn parse_query(source: &Source) -> Result<Query, Diagnostics> {
    let text = psql::clean(source.text()).text;
    let nesting = Nesting::of(&text);
    nesting.with_room(source, 0, || only_query(source, text, &nesting))?
}

fn only_query(source: &Source, text: Cow<'_, str>, nesting: &Nesting) -> Result<Query, Diagnostics> {
    let file = sound(source, &readable(text))?;
    Diagnostics::into_result(nesting.refuse_to_keep(source, 0, &(0..source.text().len())).into_iter().collect(), ())?;
    let mut statements = file.stmts().filter(|statement| !matches!(statement, ast::Stmt::EmptyStmt(_)));
    match (statements.next(), statements.next()) {
        (Some(only), None) => query::of_statement(&only).ok_or_else(|| {
            Diagnostic::new("this is no query")
                .at(source, split::statement_range(&only))
                .help("only a statement that may return rows is one")
                .into()
        }),
        (None, _) => Err(Diagnostic::new("no query in the text").in_file(source.path()).into()),
        (Some(_), Some(second)) => Err(Diagnostic::new("more than one statement").at(source, split::statement_range(&second)).into()),
    }
}

/// What stands on a line of its own before a statement that is run, but not read into a catalog.
const IGNORE: &str = "-- elyos: ignore";

/// Takes what they do to a catalog from the statements that say so, of which the first is behind `start`.
fn pass_over_ignored(text: &str, start: usize, statements: &mut [Statement]) {
    if !text.contains(IGNORE) {
        return;
    }
    let mut end = start;
    for statement in statements {
        let before = text.get(end..statement.range.start).unwrap_or_default();
        if before.lines().any(|line| line.trim() == IGNORE) {
            statement.ddl.clear();
        }
        end = statement.range.end;
    }
}

fn read(statement: &ast::Stmt) -> Statement {
    let touched = dml::touched(statement);
    Statement {
        range: split::statement_range(statement),
        transaction_control: facts::transaction_control(statement),
        outside_transaction: facts::outside_transaction(statement),
        execution: execution::execution(statement),
        copies_from_stdin: facts::copies_from_stdin(statement),
        copies_to_stdout: facts::copies_to_stdout(statement),
        creates_schema: facts::creates_schema(statement),
        creates_extension: facts::creates_extension(statement),
        extension_schema: facts::extension_schema(statement),
        creates_routine: facts::creates_routine(statement),
        reads: touched.reads.into_iter().collect(),
        writes: touched.writes.into_iter().collect(),
        ddl: object::lower(statement),
    }
}

/// Whether a word without quotes is never a column: `CASE`, `END`, `LEFT`.
pub(crate) fn is_reserved(word: &str) -> bool {
    let word = word.to_ascii_lowercase();
    squawk_syntax::quote::quote_ident(&word) != word
}

/// Whether a word is a keyword that a name may not be written as, in one place or another.
pub(crate) fn is_keyword(word: &str) -> bool {
    squawk_syntax::quote::quote_quoted_ident(word) != word
}

/// The text as the parser crate can read it, with every offset as it was.
fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    called_table::readable(time_zone::readable(negation::readable(exclusion::readable(text))))
}
