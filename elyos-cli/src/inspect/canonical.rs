//! The one place where expressions of a file and of a server are made comparable.
//!
//! PostgreSQL keeps an expression as a tree and prints it anew: `price>0` becomes `(price > (0)::numeric)`. Two ways to compare:
//!
//! - [`with_server`]: each expression of a [`Document`] is given to PostgreSQL on a temporary table with the same columns, in a transaction
//!   that is rolled back, and replaced by what the server prints for it. What a server has printed comes back as it is, so both sides
//!   end up the same exactly when they mean the same. The database must hold the schema's types and functions.
//! - [`normalised`]: without a server, the text by its tokens. Equal texts mean the same; different ones may, too.

use elyos_schema::{
    catalog::names::quote,
    parse::{TokenKind, folded, tokens},
};
use postgres::{Client, Transaction};

use super::document::{Check, Column, Document, Index, IndexColumn};

/// A text by its tokens: words in lower case, one space between two, no parentheses around the whole, no quotes that nothing needs.
///
/// ```
/// use elyos_cli::inspect::canonical::normalised;
/// assert_eq!(normalised("( Lower(\"name\")<>'A' )"), normalised("lower( name ) <> 'A'"));
/// ```
#[must_use]
pub fn normalised(text: &str) -> String {
    let words: Vec<String> = tokens(text)
        .map(|token| match token.kind {
            // A word without quotes is a keyword or a name that needs none.
            TokenKind::Word => folded(&token).unwrap_or_else(|| token.text.to_owned()),
            TokenKind::QuotedName => folded(&token).map_or_else(|| token.text.to_owned(), |name| quote(&name)),
            _ => token.text.to_owned(),
        })
        .collect();
    let mut rest = words.as_slice();
    while let [first, inner @ .., last] = rest
        && first == "("
        && last == ")"
        && closes_at_end(rest)
    {
        rest = inner;
    }
    rest.join(" ")
}

/// Whether the parenthesis that opens first closes last.
fn closes_at_end(words: &[String]) -> bool {
    let mut depth = 0usize;
    for (index, word) in words.iter().enumerate() {
        match word.as_str() {
            "(" => depth += 1,
            ")" if depth <= 1 => return index + 1 == words.len(),
            ")" => depth -= 1,
            _ => {}
        }
    }
    false
}

/// Replaces every expression by what the server prints for it; one that the server does not take is normalised instead.
/// Unqualified names in them are looked up along `search_path`.
///
/// # Errors
///
/// When the connection fails.
pub fn with_server(client: &mut Client, document: &mut Document, search_path: &[&str]) -> Result<(), postgres::Error> {
    let mut transaction = client.transaction()?;
    within(&mut transaction, document, search_path)?;
    transaction.rollback()
}

/// [`with_server`] as a transaction sees the database; what it makes for that it takes back.
///
/// # Errors
///
/// When the connection fails.
pub fn within(transaction: &mut Transaction<'_>, document: &mut Document, search_path: &[&str]) -> Result<(), postgres::Error> {
    let mut transaction = transaction.savepoint("elyos_scratch")?;
    let path: Vec<String> = search_path.iter().map(|schema| quote(schema)).collect();
    let mut scratch = Scratch { transaction: &mut transaction, search_path: path.join(", ") };
    for table in &mut document.tables {
        let Some(columns) = &mut table.columns else { continue };
        let has_expressions = columns.iter().any(|column| column.default.is_some() || column.generated.is_some())
            || !table.checks.is_empty()
            || table
                .indexes
                .iter()
                .any(|index| index.predicate.is_some() || index.columns.iter().any(|column| column.expression.is_some()))
            || !table.exclusions.is_empty()
            || !table.policies.is_empty();
        if !has_expressions {
            continue;
        }
        scratch.table(columns)?;
        for column in columns.iter_mut() {
            let (name, ty) = (column.name.clone(), column.ty.clone());
            scratch.replace(&mut column.default, |text| scratch_default(&name, text))?;
            scratch.replace(&mut column.generated, |text| scratch_generated(&ty, text))?;
        }
        for check in &mut table.checks {
            scratch.condition(&mut check.expression)?;
        }
        for policy in &mut table.policies {
            for condition in policy.using.iter_mut().chain(&mut policy.with_check) {
                scratch.condition(condition)?;
            }
        }
        let exclusions = table.exclusions.iter_mut().map(|it| (&mut it.columns, &mut it.predicate));
        scratch.indexes(exclusions.chain(table.indexes.iter_mut().map(parts)))?;
    }
    // Those of materialised views.
    for view in &mut document.views {
        let Some(columns) = view.columns.as_ref().filter(|_| !view.indexes.is_empty()) else { continue };
        scratch.table(columns)?;
        scratch.indexes(view.indexes.iter_mut().map(parts))?;
    }
    for domain in &mut document.domains {
        let ty = domain.ty.clone();
        if let Some(default) = &mut domain.default {
            scratch.domain_default(&ty, default)?;
        }
        domain.default.take_if(|default| default.is_empty());
        for Check { expression, .. } in &mut domain.checks {
            scratch.domain_condition(&ty, expression)?;
        }
    }
    transaction.rollback()
}

fn parts(index: &mut Index) -> (&mut Vec<IndexColumn>, &mut Option<String>) {
    (&mut index.columns, &mut index.predicate)
}

/// Where expressions are tried out: a temporary table, in a transaction that is rolled back.
struct Scratch<'a, 'c> {
    transaction: &'a mut Transaction<'c>,
    search_path: String,
}

/// The name of the temporary things; nobody else sees them.
const NAME: &str = "elyos_canonical";

fn scratch_default(column: &str, text: &str) -> (String, &'static str) {
    let change = format!("alter table pg_temp.{NAME} alter column {} set default {text}", quote(column));
    (change, "select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = $1::text::regclass order by oid desc limit 1")
}

fn scratch_generated(ty: &str, text: &str) -> (String, &'static str) {
    let change = format!("alter table pg_temp.{NAME} add column {NAME} {ty} generated always as ({text}) stored");
    (change, "select pg_get_expr(adbin, adrelid) from pg_attrdef where adrelid = $1::text::regclass order by oid desc limit 1")
}

impl Scratch<'_, '_> {
    /// A temporary table under the name of the real one would hide it; it has a name of its own, and row references use that.
    fn table(&mut self, columns: &[Column]) -> Result<(), postgres::Error> {
        let columns: Vec<String> = columns.iter().map(|column| format!("{} {}", quote(&column.name), column.ty)).collect();
        self.transaction.batch_execute(&format!("drop table if exists pg_temp.{NAME}"))?;
        self.transaction.batch_execute(&format!("create temp table {NAME} ({})", columns.join(", ")))
    }

    fn replace(&mut self, text: &mut Option<String>, change: impl Fn(&str) -> (String, &'static str)) -> Result<(), postgres::Error> {
        if let Some(written) = text {
            let (change, query) = change(written);
            self.ask(written, &change, query, &format!("pg_temp.{NAME}"))?;
        }
        text.take_if(|text| text.is_empty());
        Ok(())
    }

    fn condition(&mut self, text: &mut String) -> Result<(), postgres::Error> {
        let change = format!("alter table pg_temp.{NAME} add constraint {NAME} check ({text})");
        let query = "select pg_get_expr(conbin, conrelid) from pg_constraint where conrelid = $1::text::regclass";
        self.ask(text, &change, query, &format!("pg_temp.{NAME}"))
    }

    fn indexes<'i>(
        &mut self,
        indexes: impl Iterator<Item = (&'i mut Vec<IndexColumn>, &'i mut Option<String>)>,
    ) -> Result<(), postgres::Error> {
        for (columns, predicate) in indexes {
            for expression in columns.iter_mut().filter_map(|column| column.expression.as_mut()) {
                self.index_expression(expression)?;
            }
            if let Some(predicate) = predicate {
                self.condition(predicate)?;
            }
        }
        Ok(())
    }

    fn index_expression(&mut self, text: &mut String) -> Result<(), postgres::Error> {
        let change = format!("create index {NAME}_index on pg_temp.{NAME} using hash (({text}))");
        let query = "select pg_get_indexdef($1::text::regclass, 1, false)";
        self.ask(text, &change, query, &format!("pg_temp.{NAME}_index"))
    }

    fn domain_default(&mut self, ty: &str, text: &mut String) -> Result<(), postgres::Error> {
        let change = format!("create domain pg_temp.{NAME}_domain as {ty} default {text}");
        self.ask(text, &change, "select typdefault from pg_type where oid = $1::text::regtype", &format!("pg_temp.{NAME}_domain"))
    }

    fn domain_condition(&mut self, ty: &str, text: &mut String) -> Result<(), postgres::Error> {
        let change = format!("create domain pg_temp.{NAME}_domain as {ty} check ({text})");
        let query = "select pg_get_expr(conbin, 0) from pg_constraint where contypid = $1::text::regtype";
        self.ask(text, &change, query, &format!("pg_temp.{NAME}_domain"))
    }

    /// Tries a change under a savepoint, asks what became of it, and takes it back.
    fn ask(&mut self, text: &mut String, change: &str, query: &str, object: &str) -> Result<(), postgres::Error> {
        self.transaction
            .batch_execute(&format!("set local search_path to {}", if self.search_path.is_empty() { "''" } else { &self.search_path }))?;
        let mut attempt = self.transaction.savepoint("elyos_canonical")?;
        // As a prepared statement, it can be one statement only.
        let answer = attempt.execute(change, &[]).and_then(|_| {
            attempt.batch_execute("set local search_path to ''")?;
            attempt.query_opt(query, &[&object])
        });
        let refused = matches!(&answer, Err(error) if error.as_db_error().is_some());
        attempt.rollback()?;
        match answer {
            // A default that says nothing is not kept.
            Ok(row) => *text = row.and_then(|row| row.get::<_, Option<String>>(0)).unwrap_or_default(),
            Err(_) if refused => *text = normalised(text),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter_and_meaning_does() {
        assert_eq!(normalised("((a>0))"), "a > 0");
        assert_eq!(normalised("(a) and (b)"), "( a ) and ( b )");
        assert_eq!(normalised("\"A\" = 'x'"), "\"A\" = 'x'");
        assert_ne!(normalised("'A'"), normalised("'a'"));
    }
}
