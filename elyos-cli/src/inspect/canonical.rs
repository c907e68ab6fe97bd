//! The one place where expressions of a file and of a server are made comparable.
//!
//! PostgreSQL keeps an expression as a tree and prints it anew: `price>0` becomes `(price > (0)::numeric)`. Two ways to compare:
//!
//! - [`with_server`]: each expression of a [`Document`] is given to PostgreSQL on a temporary table with the same columns (a policy's on the
//!   table itself), in a transaction that is rolled back, and replaced by what the server prints for it. What a server has printed comes back as it is, so both sides
//!   end up the same exactly when they mean the same. The database must hold the schema.
//! - [`normalised`]: without a server, the text by its tokens. Equal texts mean the same; different ones may, too.

use elyos_schema::{
    catalog::names::quote,
    parse::{TokenKind, folded, tokens, within_parentheses},
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
    within_parentheses(&words).join(" ")
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
        let name = format!("{}.{}", quote(&table.schema), quote(&table.name));
        let Some(columns) = &mut table.columns else { continue };
        let has_expressions = columns.iter().any(|column| column.default.is_some() || column.generated.is_some())
            || !table.checks.is_empty()
            || !table.indexes.is_empty()
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
                scratch.policy(&name, condition)?;
            }
        }
        let exclusions = table.exclusions.iter_mut().map(|it| (&it.method, &mut it.columns, &mut it.predicate));
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

fn parts(index: &mut Index) -> (&String, &mut Vec<IndexColumn>, &mut Option<String>) {
    (&index.method, &mut index.columns, &mut index.predicate)
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

    /// A policy's condition may have sub-queries, which name the table they are in: it is tried on the real one.
    fn policy(&mut self, table: &str, text: &mut String) -> Result<(), postgres::Error> {
        let change = format!("create policy {NAME} on {table} using ({text})");
        let query =
            format!("select pg_get_expr(polqual, polrelid) from pg_policy where polname = '{NAME}' and polrelid = $1::text::regclass");
        self.ask(text, &change, &query, table)
    }

    fn indexes<'i>(
        &mut self,
        indexes: impl Iterator<Item = (&'i String, &'i mut Vec<IndexColumn>, &'i mut Option<String>)>,
    ) -> Result<(), postgres::Error> {
        for (method, columns, predicate) in indexes {
            for column in columns.iter_mut() {
                self.operator_class(method, &mut column.operator_class)?;
            }
            for expression in columns.iter_mut().filter_map(|column| column.expression.as_mut()) {
                self.index_expression(expression)?;
            }
            if let Some(predicate) = predicate {
                self.condition(predicate)?;
            }
        }
        Ok(())
    }

    /// A class with its schema, unless it is the one that its type has anyway. A name that the server does not know stays.
    fn operator_class(&mut self, method: &str, class: &mut Option<String>) -> Result<(), postgres::Error> {
        let Some(written) = class else { return Ok(()) };
        let (written, parameters) = written.find('(').map_or((written.as_str(), ""), |at| written.split_at(at));
        self.transaction.batch_execute(&format!("set local search_path to {}", self.path()))?;
        let known = self.transaction.query_opt(
            "select opcdefault, case when nspname <> 'pg_catalog' then quote_ident(nspname) || '.' else '' end || quote_ident(opcname) \
             from pg_opclass c join pg_am a on a.oid = opcmethod join pg_namespace n on n.oid = opcnamespace \
             where amname = $1 and (quote_ident(opcname) = $2 and pg_opclass_is_visible(c.oid) \
                 or quote_ident(nspname) || '.' || quote_ident(opcname) = $2) limit 1",
            &[&method, &written],
        )?;
        if let Some(row) = known {
            let shown = format!("{}{parameters}", row.get::<_, String>(1));
            *class = if row.get(0) && parameters.is_empty() { None } else { Some(shown) };
        }
        Ok(())
    }

    fn path(&self) -> &str {
        if self.search_path.is_empty() { "''" } else { &self.search_path }
    }

    fn index_expression(&mut self, text: &mut String) -> Result<(), postgres::Error> {
        // What an index is over does not depend on its method, but no method takes all types.
        let changes: Vec<String> = ["hash", "gin", "gist", "btree", "spgist"]
            .iter()
            .map(|method| format!("create index {NAME}_index on pg_temp.{NAME} using {method} (({text}))"))
            .collect();
        let query = "select pg_get_indexdef($1::text::regclass, 1, false)";
        self.ask_any(text, &changes, query, &format!("pg_temp.{NAME}_index"))
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

    fn ask(&mut self, text: &mut String, change: &str, query: &str, object: &str) -> Result<(), postgres::Error> {
        self.ask_any(text, &[change.to_owned()], query, object)
    }

    /// Tries changes under a savepoint until the server takes one, asks what became of it, and takes it back.
    fn ask_any(&mut self, text: &mut String, changes: &[String], query: &str, object: &str) -> Result<(), postgres::Error> {
        self.transaction.batch_execute(&format!("set local search_path to {}", self.path()))?;
        for change in changes {
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
                Ok(row) => {
                    *text = row.and_then(|row| row.get::<_, Option<String>>(0)).unwrap_or_default();
                    return Ok(());
                }
                Err(_) if refused => {}
                Err(error) => return Err(error),
            }
        }
        *text = normalised(text);
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
