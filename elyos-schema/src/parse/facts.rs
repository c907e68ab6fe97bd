//! What a statement is to whoever runs it: whether it fits in a transaction, and what it creates.

use squawk_syntax::ast::{self, AstNode};

use super::{
    Routine, RoutineKind,
    name::{name, qualified, text},
};

/// The words of a statement that begins, ends or divides a transaction.
pub(super) fn transaction_control(statement: &ast::Stmt) -> Option<&'static str> {
    Some(match statement {
        ast::Stmt::Begin(begin) if begin.begin_token().is_some() => "BEGIN",
        ast::Stmt::Begin(_) => "START TRANSACTION",
        ast::Stmt::Commit(ast::Commit::CommitPrepared(_)) => "COMMIT PREPARED",
        ast::Stmt::Commit(ast::Commit::CommitTransaction(commit)) if commit.end_token().is_some() => "END",
        ast::Stmt::Commit(_) => "COMMIT",
        ast::Stmt::Rollback(ast::Rollback::RollbackPrepared(_)) => "ROLLBACK PREPARED",
        ast::Stmt::Rollback(ast::Rollback::RollbackToSavepoint(_)) => "ROLLBACK TO SAVEPOINT",
        ast::Stmt::Rollback(ast::Rollback::RollbackTransaction(rollback)) if rollback.abort_token().is_some() => "ABORT",
        ast::Stmt::Rollback(_) => "ROLLBACK",
        ast::Stmt::SavepointCreate(_) => "SAVEPOINT",
        ast::Stmt::ReleaseSavepoint(_) => "RELEASE SAVEPOINT",
        ast::Stmt::PrepareTransaction(_) => "PREPARE TRANSACTION",
        ast::Stmt::SetTransaction(set) if set.session_characteristics().is_none() => "SET TRANSACTION",
        _ => return None,
    })
}

/// The words of a statement that PostgreSQL refuses inside a transaction block (`PreventInTransactionBlock` in its source).
pub(super) fn outside_transaction(statement: &ast::Stmt) -> Option<&'static str> {
    Some(match statement {
        ast::Stmt::Vacuum(_) => "VACUUM",
        ast::Stmt::CreateDatabase(_) => "CREATE DATABASE",
        ast::Stmt::DropDatabase(_) => "DROP DATABASE",
        ast::Stmt::AlterDatabase(alter) if matches!(alter.action(), Some(ast::AlterDatabaseAction::SetTablespace(_))) => {
            "ALTER DATABASE … SET TABLESPACE"
        }
        ast::Stmt::CreateTablespace(_) => "CREATE TABLESPACE",
        ast::Stmt::DropTablespace(_) => "DROP TABLESPACE",
        ast::Stmt::AlterSystem(_) => "ALTER SYSTEM",
        ast::Stmt::CreateIndex(create) if create.concurrently_token().is_some() => "CREATE INDEX CONCURRENTLY",
        ast::Stmt::DropIndex(drop) if drop.concurrently_token().is_some() => "DROP INDEX CONCURRENTLY",
        ast::Stmt::Reindex(reindex) if reindex.is_concurrently() => "REINDEX CONCURRENTLY",
        ast::Stmt::Reindex(reindex) => match reindex.reindex_target()? {
            ast::ReindexTarget::ReindexTargetDatabase(_) => "REINDEX DATABASE",
            ast::ReindexTarget::ReindexTargetSchema(_) => "REINDEX SCHEMA",
            ast::ReindexTarget::ReindexTargetSystem(_) => "REINDEX SYSTEM",
            ast::ReindexTarget::ReindexTargetIndex(_) | ast::ReindexTarget::ReindexTargetTable(_) => return None,
        },
        ast::Stmt::Cluster(cluster) if cluster.table_name_ref().is_none() && cluster.cluster_legacy().is_none() => "CLUSTER of all tables",
        ast::Stmt::Repack(_) => "REPACK",
        ast::Stmt::Discard(discard) if matches!(discard.discard_target(), Some(ast::DiscardTarget::DiscardAll(_))) => "DISCARD ALL",
        ast::Stmt::CreateSubscription(_) => "CREATE SUBSCRIPTION",
        ast::Stmt::DropSubscription(_) => "DROP SUBSCRIPTION",
        ast::Stmt::AlterTable(alter)
            if alter.actions().any(|action| {
                matches!(&action, ast::AlterTableAction::DetachPartition(detach)
                    if matches!(detach.detach_partition_option(), Some(ast::DetachPartitionOption::DetachConcurrently(_))))
            }) =>
        {
            "ALTER TABLE … DETACH PARTITION CONCURRENTLY"
        }
        _ => return None,
    })
}

/// Whether it is a `COPY … FROM stdin`, which reads what only a client can send.
pub(super) fn copies_from_stdin(statement: &ast::Stmt) -> bool {
    let ast::Stmt::Copy(copy) = statement else {
        return false;
    };
    // PostgreSQL reads either word as the client, whichever the direction.
    matches!(copy.copy_direction(), Some(ast::CopyDirection::CopyFrom(from))
        if matches!(from.copy_source(), Some(ast::CopySource::CopyStdin(_) | ast::CopySource::CopyStdout(_))))
}

/// Whether it is a `COPY … TO stdout`, which sends rows that only a client of its own would take.
pub(super) fn copies_to_stdout(statement: &ast::Stmt) -> bool {
    let ast::Stmt::Copy(copy) = statement else {
        return false;
    };
    matches!(copy.copy_direction(), Some(ast::CopyDirection::CopyTo(to)) if matches!(to.copy_target(), Some(ast::CopyTarget::CopyStdout(_))))
}

/// The schema it creates; a `CREATE SCHEMA` with elements creates more than that and is not one.
pub(super) fn creates_schema(statement: &ast::Stmt) -> Option<String> {
    let ast::Stmt::CreateSchema(create) = statement else {
        return None;
    };
    if create.schema_elements().next().is_some() {
        return None;
    }
    create.schema_name().map(|node| name(&node).text)
}

/// The extension it creates.
pub(super) fn creates_extension(statement: &ast::Stmt) -> Option<String> {
    let ast::Stmt::CreateExtension(create) = statement else {
        return None;
    };
    create.extension().map(|extension| name(extension.syntax()).text)
}

/// The schema it creates an extension in, where it names one.
pub(super) fn extension_schema(statement: &ast::Stmt) -> Option<String> {
    let ast::Stmt::CreateExtension(create) = statement else {
        return None;
    };
    create.extension_schema()?.schema_ref().map(|schema| name(schema.syntax()).text)
}

/// The function or procedure it creates.
pub(super) fn creates_routine(statement: &ast::Stmt) -> Option<Routine> {
    let (kind, path, parameters) = match statement {
        ast::Stmt::CreateFunction(create) => (RoutineKind::Function, create.name()?.syntax().clone(), create.param_list()?),
        ast::Stmt::CreateProcedure(create) => (RoutineKind::Procedure, create.name()?.syntax().clone(), create.param_list()?),
        _ => return None,
    };
    let path = qualified(&path)?;
    // What tells overloads apart: a function's inputs; a procedure's outputs too, since PostgreSQL 14.
    let arguments = parameters
        .params()
        .filter(|parameter| kind == RoutineKind::Procedure || !matches!(parameter.mode(), Some(ast::ParamMode::ParamOut(_))))
        .filter_map(|parameter| parameter.func_type().map(|ty| text(ty.syntax())))
        .collect();
    Some(Routine { kind, schema: path.schema, name: path.name, arguments })
}
