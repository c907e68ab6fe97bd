//! What each kind of statement does to a catalog. Every kind that the parser crate knows is named once: a new one does not compile before it
//! has its place here.

use squawk_syntax::ast;

/// What a kind of statement does to a catalog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Effect {
    /// It is applied as PostgreSQL applies it.
    Applied,
    /// What it is about is carried whole, with its text.
    Carried,
    /// It cannot change what a catalog holds: it changes rows, roles, settings or the session, or only shows something. What a function does
    /// is looked into where a `SELECT`, a `CALL` or a block calls it.
    PassedOver,
    /// It can change what a catalog holds in a way that only a server knows.
    Refused,
}

macro_rules! statements {
    ($($effect:ident: $($kind:ident)*;)*) => {
        /// What a statement's kind does.
        pub(super) fn effect(statement: &ast::Stmt) -> Effect {
            match statement {
                $($(ast::Stmt::$kind(_))|* => Effect::$effect,)*
            }
        }

        /// Every kind, as the parser crate calls it.
        #[cfg(test)]
        const KINDS: &[(&str, Effect)] = &[$($((stringify!($kind), Effect::$effect),)*)*];
    };
}

statements! {
    Applied:
        AlterDomain AlterExtension AlterForeignTable AlterFunction AlterIndex AlterMaterializedView AlterPolicy AlterProcedure
        AlterRoutine AlterSchema AlterSequence AlterTable AlterTrigger AlterType AlterView Call CommentOn CreateDomain CreateExtension
        CreateForeignTable CreateFunction CreateIndex CreateMaterializedView CreatePolicy CreateProcedure CreateSchema CreateSequence
        CreateTable CreateTableAs CreateTrigger CreateType CreateView Do DropDomain DropExtension DropForeignTable DropFunction
        DropIndex DropMaterializedView DropPolicy DropProcedure DropRoutine DropSchema DropSequence DropTable DropTrigger DropType
        DropView Reset Select SelectInto Set;
    Carried:
        AlterAggregate AlterCollation AlterConversion AlterDefaultPrivileges AlterEventTrigger AlterForeignDataWrapper AlterLanguage
        AlterOperator AlterOperatorClass AlterOperatorFamily AlterPublication AlterRule AlterServer AlterStatistics AlterSubscription
        AlterTextSearchConfiguration AlterTextSearchDictionary AlterTextSearchParser AlterTextSearchTemplate AlterUserMapping
        CreateAccessMethod CreateAggregate CreateCast CreateCollation CreateConversion CreateEventTrigger CreateForeignDataWrapper
        CreateLanguage CreateOperator CreateOperatorClass CreateOperatorFamily CreatePublication CreateRule CreateServer
        CreateStatistics CreateSubscription CreateTextSearchConfiguration CreateTextSearchDictionary CreateTextSearchParser
        CreateTextSearchTemplate CreateTransform CreateUserMapping DropAccessMethod DropAggregate DropCast DropCollation DropConversion
        DropEventTrigger DropForeignDataWrapper DropLanguage DropOperator DropOperatorClass DropOperatorFamily DropPublication DropRule
        DropServer DropStatistics DropSubscription DropTextSearchConfig DropTextSearchDict DropTextSearchParser DropTextSearchTemplate
        DropTransform DropUserMapping Grant Revoke;
    PassedOver:
        AlterDatabase AlterGroup AlterLargeObject AlterRole AlterSystem AlterTablespace AlterUser Analyze Begin Checkpoint Close
        Cluster CompoundSelect Copy CreateDatabase CreateGroup CreateRole CreateTablespace CreateUser Deallocate Declare Delete Discard
        DropDatabase DropGroup DropRole DropTablespace DropUser EmptyStmt Execute Explain Fetch Insert Listen Load Lock Merge Move
        Notify ParenSelect Prepare PrepareTransaction Reassign Refresh Reindex ReleaseSavepoint Repack ResetRole ResetSessionAuth
        SavepointCreate SecurityLabel SetConstraints SetRole SetSessionAuth SetTransaction Show Table Truncate Unlisten Update Vacuum
        Values Commit;
    Refused:
        AlterPropertyGraph CreatePropertyGraph DropOwned DropPropertyGraph ImportForeignSchema Rollback;
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use squawk_syntax::SourceFile;

    const STATEMENTS: &str = include_str!("../../tests/cases/statements.sql");

    /// Each line is a statement of the kind that the words before it name, with what it does to a catalog.
    #[test]
    fn there_is_a_statement_of_every_kind_and_it_does_what_is_said() {
        let mut seen = BTreeSet::new();
        for line in STATEMENTS.lines().filter(|line| !line.is_empty() && !line.starts_with("--")) {
            let (said, sql) = line.split_once(" | ").expect("an effect and a statement");
            let parsed = SourceFile::parse(sql);
            assert!(parsed.errors().is_empty(), "{sql}: {:?}", parsed.errors());
            let statement = parsed.tree().stmts().next().expect("a statement");
            let kind = format!("{statement:?}").split('(').next().unwrap_or_default().to_owned();
            assert_eq!(format!("{:?}", effect(&statement)), said, "{kind}: {sql}");
            let changes = !super::super::object::lower(&statement).is_empty();
            // `ALTER … OWNER TO` and the like are applied by doing nothing.
            assert!(changes || said != "Carried", "{kind} is not carried: {sql}");
            assert!(!changes || said != "PassedOver", "{kind} is not passed over: {sql}");
            seen.insert(kind);
        }
        let missing: Vec<_> = KINDS.iter().filter(|(kind, _)| !seen.contains(*kind)).collect();
        assert!(missing.is_empty(), "no statement of these kinds: {missing:?}");
    }
}
