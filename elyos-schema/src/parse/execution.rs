//! How a statement is run that is committed by itself, and by what one tells whether it was done if nobody saw it end.

use squawk_syntax::ast::{self, AstNode};

use super::{
    facts,
    index::create_index,
    name::qualified_text,
    token::{TokenKind, tokens},
};
use crate::catalog::names::quote;

/// How a statement of a migration that is not one transaction is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Execution {
    /// In a transaction of its own, together with the record that it was done: it is done just when that is recorded.
    Transaction,
    /// As it is: it sets what the session's later statements run under, and is run again whenever those are.
    Setting,
    /// As it is: `CREATE INDEX CONCURRENTLY`. Done if there is a valid index of that name beside its table.
    CreateIndex {
        /// The table as SQL names it, quoted where it has to be.
        table: String,
        /// The index's name.
        index: String,
    },
    /// As it is: `DROP INDEX CONCURRENTLY`. Done if there is no such index; what is left of one can be dropped again.
    DropIndex {
        /// The index as SQL names it, quoted where it has to be.
        index: String,
    },
    /// As it is: `REINDEX CONCURRENTLY`. It can run again, but leaves invalid indexes behind where it does not come to its end.
    Reindex,
    /// As it is, and again if nobody saw it end: done twice, it leaves what it leaves when it is done once.
    Repeatable,
    /// As it is. Whether it was done, if nobody saw it end, only a person can tell.
    Once,
}

/// How PostgreSQL lets a statement be run.
pub(super) fn execution(statement: &ast::Stmt) -> Execution {
    match statement {
        ast::Stmt::Set(_)
        | ast::Stmt::SetRole(_)
        | ast::Stmt::SetSessionAuth(_)
        | ast::Stmt::Reset(_)
        | ast::Stmt::ResetRole(_)
        | ast::Stmt::ResetSessionAuth(_) => return Execution::Setting,
        // A procedure may commit on its way, which it may not do inside of a transaction.
        ast::Stmt::Call(_) => return Execution::Once,
        ast::Stmt::Do(block) if may_commit(block) => return Execution::Once,
        _ => {}
    }
    if facts::outside_transaction(statement).is_none() {
        return Execution::Transaction;
    }
    match statement {
        ast::Stmt::CreateIndex(create) => match create_index(create) {
            Some(index) => match index.name {
                Some(name) => {
                    let table = [index.table.schema.as_deref(), Some(&index.table.name)].into_iter().flatten().map(quote);
                    Execution::CreateIndex { table: table.collect::<Vec<_>>().join("."), index: name.text }
                }
                None => Execution::Once,
            },
            None => Execution::Once,
        },
        ast::Stmt::DropIndex(drop) => match drop.index_refs().next() {
            Some(index) => Execution::DropIndex { index: qualified_text(index.syntax()) },
            None => Execution::Once,
        },
        ast::Stmt::Reindex(reindex) if reindex.is_concurrently() => Execution::Reindex,
        ast::Stmt::Vacuum(_)
        | ast::Stmt::Reindex(_)
        | ast::Stmt::Cluster(_)
        | ast::Stmt::Repack(_)
        | ast::Stmt::AlterSystem(_)
        | ast::Stmt::AlterDatabase(_) => Execution::Repeatable,
        _ => Execution::Once,
    }
}

/// Does the block's text have the words by which PL/pgSQL ends a transaction? To find them where they are none costs nothing but the
/// safety of a transaction.
fn may_commit(block: &ast::Do) -> bool {
    let text = block.syntax().text().to_string();
    let ends = |word: &str| word.eq_ignore_ascii_case("commit") || word.eq_ignore_ascii_case("rollback");
    tokens(&text)
        .filter(|token| token.kind == TokenKind::Text)
        .any(|body| body.text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').any(ends))
}

#[cfg(test)]
mod tests {
    use super::Execution;
    use crate::{Source, parse::parse};
    use Execution::Once;

    fn executions(sql: &str) -> Vec<Execution> {
        let script = parse(&Source::new("a.sql", sql)).expect("it is SQL");
        script.statements().iter().map(|statement| statement.execution().clone()).collect()
    }

    fn index(table: &str, index: &str) -> Execution {
        Execution::CreateIndex { table: table.to_owned(), index: index.to_owned() }
    }

    #[test]
    fn what_can_be_in_a_transaction_is() {
        let sql = "create table t (a int); create index i on t (a); alter type mood add value 'x'; select 1; do $$ begin perform 1; end $$; \
                   drop index i; reindex table t;";
        assert_eq!(executions(sql), vec![Execution::Transaction; 7]);
    }

    #[test]
    fn an_index_is_known_by_its_table_and_its_name() {
        let sql = "create unique index concurrently \"My Index\" on \"Shop\".t (a); create index concurrently if not exists i on T (a); \
                   create index concurrently on t (a); drop index concurrently if exists shop.\"My Index\"; reindex index concurrently i;";
        assert_eq!(
            executions(sql),
            [
                index("\"Shop\".t", "My Index"),
                index("t", "i"),
                Once,
                Execution::DropIndex { index: "shop.\"My Index\"".to_owned() },
                Execution::Reindex,
            ]
        );
    }

    #[test]
    fn what_commits_on_its_way_is_run_as_it_is() {
        use Execution::{Once, Repeatable, Setting};
        let sql =
            "call fill(); do $$ begin for i in 1..3 loop perform i; COMMIT; end loop; end $$; vacuum analyze t; set role ann; reset role;
                   create database other; alter system set work_mem = '8MB';";
        assert_eq!(executions(sql), [Once, Once, Repeatable, Setting, Setting, Once, Repeatable]);
    }
}
