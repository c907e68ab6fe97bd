//! `DO`: the statements in a PL/pgSQL block that can change a catalog, and under which condition they run
//! (<https://www.postgresql.org/docs/current/sql-do.html>, `plpgsql-control-structures.html`).
//!
//! People write such blocks to create what may be there already: `BEGIN CREATE TYPE … EXCEPTION WHEN duplicate_object THEN NULL; END`, and
//! `IF NOT EXISTS (SELECT … FROM pg_type …) THEN`. Both are understood. A block without any DDL is passed over. What runs only if something
//! that no catalog holds is so, or what is put together while it runs, is not guessed.

use std::{borrow::Cow, ops::Range};

use squawk_syntax::{
    SyntaxElement, SyntaxNode,
    ast::{self, AstNode, PlpgsqlStmt},
    plpgsql::Plpgsql,
};

use super::{
    constant::{Values, text_of},
    name::{range, text},
    token::{folded, tokens},
};
use crate::ddl::{Block, Call, Ddl, Existence};

/// Relations that tell what a database has.
const TELL_WHAT_THERE_IS: &[&str] = &[
    "columns",
    "constraint_column_usage",
    "domains",
    "information_schema",
    "key_column_usage",
    "pg_attribute",
    "pg_catalog",
    "pg_class",
    "pg_constraint",
    "pg_enum",
    "pg_extension",
    "pg_index",
    "pg_indexes",
    "pg_matviews",
    "pg_namespace",
    "pg_policies",
    "pg_policy",
    "pg_proc",
    "pg_sequence",
    "pg_sequences",
    "pg_tables",
    "pg_trigger",
    "pg_type",
    "pg_views",
    "referential_constraints",
    "routines",
    "schemata",
    "sequences",
    "table_constraints",
    "tables",
    "triggers",
    "views",
];

/// How a statement begins that can change no catalog, whatever follows.
const HARMLESS: &[&str] = &[
    "alter database",
    "alter default",
    "alter role",
    "alter system",
    "alter user",
    "analyze",
    "call",
    "create database",
    "create role",
    "create user",
    "delete",
    "drop role",
    "drop user",
    "grant",
    "insert",
    "lock",
    "merge",
    "notify",
    "refresh",
    "reindex",
    "revoke",
    "select",
    "set",
    "truncate",
    "update",
    "with",
];

/// What a `DO` does to a catalog.
pub(super) fn lower(it: &ast::Do) -> Vec<Ddl> {
    let Some(body) = it.plpgsql() else {
        return vec![Ddl::Unknown { range: range(it.syntax()), what: "a `DO` block of another language than plpgsql" }];
    };
    of_body(&body, Values::new(), range(it.syntax()))
}

/// What a body does to a catalog, in which names stand for values.
pub(super) fn of_body(body: &Plpgsql, mut values: Values, whole: Range<usize>) -> Vec<Ddl> {
    if !body.errors().is_empty() {
        return vec![Ddl::Unknown { range: whole, what: "a block whose body cannot be read" }];
    }
    for name in assigned(&body.tree().syntax().text().to_string()) {
        values.remove(&name);
    }
    let reader = Reader { body, values };
    body.tree().block().map(|block| reader.block(&block)).unwrap_or_default()
}

/// The names that a body gives other values than those that they come with.
fn assigned(body: &str) -> Vec<String> {
    let all: Vec<_> = tokens(body).collect();
    let names = all.windows(2).filter_map(|pair| match pair {
        [name, sign] if sign.text == ":=" || sign.text == "=" => folded(name),
        [into, name] if into.text.eq_ignore_ascii_case("into") => folded(name),
        _ => None,
    });
    names.collect()
}

/// What statements of SQL do that stand in a text at a place.
pub(super) fn statements(sql: &str, start: usize, values: &Values) -> Vec<Ddl> {
    // With blanks before it every range is one of the file.
    match super::tree::without_error(start, &super::readable(Cow::Borrowed(sql))) {
        Some(file) => file.stmts().flat_map(|statement| super::object::lower_with(&statement, values)).collect(),
        None => vec![Ddl::Unknown { range: start..start + sql.len(), what: "a statement that cannot be read" }],
    }
}

struct Reader<'a> {
    body: &'a Plpgsql,
    values: Values,
}

impl Reader<'_> {
    /// The bytes of the file that a node of the body stands for.
    fn place(&self, node: &SyntaxNode) -> Range<usize> {
        let solid: Vec<_> =
            node.descendants_with_tokens().filter_map(SyntaxElement::into_token).filter(|token| !token.kind().is_trivia()).collect();
        let whole = match (solid.first(), solid.last()) {
            (Some(first), Some(last)) => first.text_range().cover(last.text_range()),
            _ => node.text_range(),
        };
        let found = self.body.source_range(whole);
        usize::from(found.start())..usize::from(found.end())
    }

    fn block(&self, block: &ast::PlpgsqlBlock) -> Vec<Ddl> {
        let steps = block.body().map(|body| self.steps(&body)).unwrap_or_default();
        let handlers: Vec<ast::PlpgsqlExceptionHandler> =
            block.exception().into_iter().flat_map(|it| it.handlers().collect::<Vec<_>>()).collect();
        if steps.is_empty() || handlers.is_empty() {
            return steps;
        }
        let handler = |handler: &ast::PlpgsqlExceptionHandler| {
            let words = handler.conditions().map(|condition| text(condition.syntax()).to_ascii_lowercase()).collect();
            (words, handler.body().map(|body| self.steps(&body)).unwrap_or_default())
        };
        vec![Ddl::Block(Box::new(Block { steps, only_if: None, handlers: handlers.iter().map(handler).collect() }))]
    }

    fn steps(&self, body: &ast::PlpgsqlBody) -> Vec<Ddl> {
        body.stmts().flat_map(|statement| self.step(&statement)).collect()
    }

    fn step(&self, statement: &PlpgsqlStmt) -> Vec<Ddl> {
        match statement {
            PlpgsqlStmt::PlpgsqlBlock(it) => self.block(it),
            PlpgsqlStmt::PlpgsqlExecSqlStmt(it) => it.stmt().map(|inner| self.sql(inner.syntax())).unwrap_or_default(),
            PlpgsqlStmt::PlpgsqlDoStmt(it) => {
                let inner = it.syntax().children().find(|child| ast::Do::can_cast(child.kind()));
                inner.map(|inner| self.sql(&inner)).unwrap_or_default()
            }
            PlpgsqlStmt::PlpgsqlDynExecuteStmt(it) => it.query().map(|query| self.executed(&query)).unwrap_or_default(),
            PlpgsqlStmt::PlpgsqlIfStmt(it) => self.condition(it),
            PlpgsqlStmt::PlpgsqlPerformStmt(it) => {
                // A query all the same, of another word that is as long.
                let written = text(it.syntax());
                let query = written.get("perform".len()..).map(|rest| format!("select {rest}")).unwrap_or_default();
                let calls = statements(query.trim_end_matches(';'), self.place(it.syntax()).start, &self.values);
                calls.into_iter().filter(|ddl| matches!(ddl, Ddl::Calls(_))).collect()
            }
            PlpgsqlStmt::PlpgsqlCallStmt(it) => it.call().map(|call| self.sql(call.syntax())).unwrap_or_default(),
            // What runs again and again, or in one case of several, or on rows: not without a server.
            _ => self.undecided(statement.syntax()),
        }
    }

    /// A statement of SQL in the body, read at its place.
    fn sql(&self, node: &SyntaxNode) -> Vec<Ddl> {
        statements(&text(node), self.place(node).start, &self.values)
    }

    /// `EXECUTE`: of a constant it is the statement in it.
    fn executed(&self, query: &ast::PlpgsqlExpr) -> Vec<Ddl> {
        let place = self.place(query.syntax());
        let literals: Vec<ast::Literal> = query.syntax().descendants().filter_map(ast::Literal::cast).collect();
        let written = text(query.syntax());
        let first = literals.first().and_then(ast::Literal::string_value);
        if let (Some(sql), [only]) = (&first, literals.as_slice())
            && text(only.syntax()) == written
        {
            let begin = self.place(only.syntax()).start + written.find(sql.as_str()).unwrap_or(1);
            return statements(sql, begin, &self.values);
        }
        if let Some(text) = text_of(&written, &self.values) {
            let any = !statements(&text, 0, &self.values).is_empty();
            return any.then_some(Ddl::Text { text, range: place }).into_iter().collect();
        }
        // Put together from parts, how it begins may still tell that it is harmless.
        let begins = first.map(|sql| {
            let words: Vec<String> = sql.split_ascii_whitespace().take(2).map(str::to_ascii_lowercase).collect();
            words.join(" ")
        });
        let leads = tokens(&written)
            .next()
            .is_some_and(|token| token.text.starts_with(['\'', '$', 'E', 'e']) || token.text.eq_ignore_ascii_case("format"));
        let harmless = |begins: &String| HARMLESS.iter().any(|known| begins == known || begins.starts_with(&format!("{known} ")));
        if leads && begins.as_ref().is_some_and(harmless) {
            return Vec::new();
        }
        vec![Ddl::Unknown { range: place, what: "a statement that is put together while it runs" }]
    }

    fn condition(&self, it: &ast::PlpgsqlIfStmt) -> Vec<Ddl> {
        let steps = it.then_body().map(|body| self.steps(&body)).unwrap_or_default();
        let rest: Vec<Ddl> = it
            .elsifs()
            .filter_map(|branch| branch.body())
            .chain(it.else_clause().and_then(|branch| branch.body()))
            .flat_map(|body| self.steps(&body))
            .collect();
        if steps.is_empty() && rest.is_empty() {
            return Vec::new();
        }
        if let Some(calls) = unsure(&steps, &rest) {
            return vec![Ddl::Calls(calls)];
        }
        let existence = it.cond().and_then(|condition| existence(&text(condition.syntax())));
        match existence {
            Some(existence) if rest.is_empty() => {
                vec![Ddl::Block(Box::new(Block { steps, only_if: Some(existence), handlers: Vec::new() }))]
            }
            _ => vec![Ddl::Unknown { range: self.place(it.syntax()), what: "DDL under a condition that only a server can tell" }],
        }
    }

    /// Nothing if there is no DDL anywhere below. What is only around other statements is passed over: they are below as well.
    fn undecided(&self, node: &SyntaxNode) -> Vec<Ddl> {
        let below = node.descendants().filter_map(PlpgsqlStmt::cast).filter(|statement| {
            matches!(
                statement,
                PlpgsqlStmt::PlpgsqlExecSqlStmt(_)
                    | PlpgsqlStmt::PlpgsqlDoStmt(_)
                    | PlpgsqlStmt::PlpgsqlDynExecuteStmt(_)
                    | PlpgsqlStmt::PlpgsqlPerformStmt(_)
                    | PlpgsqlStmt::PlpgsqlCallStmt(_)
            )
        });
        let steps: Vec<Ddl> = below.flat_map(|statement| self.step(&statement)).collect();
        if steps.is_empty() {
            return steps;
        }
        match unsure(&steps, &[]) {
            Some(calls) => vec![Ddl::Calls(calls)],
            None => vec![Ddl::Unknown { range: self.place(node), what: "DDL under a condition that only a server can tell" }],
        }
    }
}

/// Where some steps only call, the calls, of which it is not sure that they are made.
fn unsure(steps: &[Ddl], others: &[Ddl]) -> Option<Vec<Call>> {
    let mut all = Vec::new();
    for step in steps.iter().chain(others) {
        let Ddl::Calls(calls) = step else { return None };
        all.extend(calls.iter().map(|call| Call { sure: false, ..call.clone() }));
    }
    Some(all)
}

/// What a condition asks for, if all it asks is whether something is in the database.
fn existence(condition: &str) -> Option<Existence> {
    let all: Vec<_> = tokens(condition).collect();
    let words: Vec<String> = all.iter().map(|token| folded(token).unwrap_or_else(|| token.text.to_owned())).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    if words.first().is_some_and(|word| *word == "to_regclass" || *word == "to_regtype") {
        return match words.as_slice() {
            [.., "is", "null"] => Some(Existence::Missing),
            [.., "is", "not", "null"] => Some(Existence::There),
            _ => None,
        };
    }
    let (negated, rest) = match words.as_slice() {
        ["not", "exists", rest @ ..] => (true, rest),
        ["exists", rest @ ..] => (false, rest),
        _ => return None,
    };
    // Only one thing is asked, and only of relations that tell what there is.
    let mut depth = 0_usize;
    for (index, word) in rest.iter().enumerate() {
        match *word {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "from" | "join" => {
                let relation = rest.get(index + 1)?;
                if !TELL_WHAT_THERE_IS.contains(relation) {
                    return None;
                }
            }
            _ => {}
        }
        if depth == 0 && index + 1 < rest.len() {
            return None;
        }
    }
    rest.contains(&"from").then_some(if negated { Existence::Missing } else { Existence::There })
}
