//! `ALTER TABLE` (<https://www.postgresql.org/docs/current/sql-altertable.html>) and the like for views and foreign tables.

use squawk_syntax::ast::{self, AstNode};

use super::{
    constraint::{constraint, expression},
    name::{name, parts, qualified, range, text},
    sequence::{identity_options, numbers},
    types::type_name,
};
use crate::{
    catalog::SequenceOptions,
    ddl::{ColumnChange, ColumnDefinition, Name, TableChange},
};

/// One action of an `ALTER TABLE`; None where the parser could make nothing of it.
pub(super) fn table_change(action: &ast::AlterTableAction) -> Option<TableChange> {
    use ast::AlterTableAction as A;
    Some(match action {
        A::AddColumn(it) => TableChange::AddColumn {
            column: ColumnDefinition {
                name: name(it.column_name()?.syntax()),
                ty: it.ty().as_ref().and_then(type_name),
                collation: it.collate().and_then(|collate| collate.collation_ref()).and_then(|it| qualified(it.syntax())),
                constraints: it.constraints().filter_map(|written| constraint(written.syntax())).collect(),
                range: range(it.syntax()),
            },
            if_not_exists: it.if_not_exists().is_some(),
        },
        A::DropColumn(it) => TableChange::DropColumn {
            column: name(it.column_name_ref()?.syntax()),
            if_exists: it.if_exists().is_some(),
            cascade: cascades(it.drop_behavior().as_ref()),
        },
        A::RenameColumn(it) => rename_column(it)?,
        A::AlterColumn(it) => {
            TableChange::AlterColumn { column: name(it.column_name_ref()?.syntax()), change: column_change(&it.option()?)? }
        }
        A::AddConstraint(it) => TableChange::AddConstraint(Box::new(constraint(it.constraint()?.syntax())?)),
        A::DropConstraint(it) => TableChange::DropConstraint {
            name: last_part(it.constraint_name_ref()?.syntax())?,
            if_exists: it.if_exists().is_some(),
            cascade: cascades(it.drop_behavior().as_ref()),
        },
        A::RenameConstraint(it) => {
            TableChange::RenameConstraint { name: last_part(it.constraint_name_ref()?.syntax())?, to: name(it.constraint_name()?.syntax()) }
        }
        A::AlterConstraint(it) => {
            let (mut deferrable, mut initially_deferred) = (None, None);
            for option in it.constraint_options() {
                match option {
                    ast::ConstraintOption::DeferrableConstraintOption(_) => deferrable = Some(true),
                    ast::ConstraintOption::InitiallyDeferredConstraintOption(_) => {
                        (deferrable, initially_deferred) = (Some(true), Some(true));
                    }
                    ast::ConstraintOption::InitiallyImmediateConstraintOption(_) => initially_deferred = Some(false),
                    ast::ConstraintOption::NotDeferrableConstraintOption(_) => deferrable = Some(false),
                    _ => {}
                }
            }
            TableChange::AlterConstraint { name: last_part(it.constraint_name_ref()?.syntax())?, deferrable, initially_deferred }
        }
        A::ValidateConstraint(it) => TableChange::ValidateConstraint(last_part(it.constraint_name_ref()?.syntax())?),
        A::SetLogged(_) => TableChange::SetUnlogged(false),
        A::SetUnlogged(_) => TableChange::SetUnlogged(true),
        A::EnableRls(_) => TableChange::RowSecurity { enabled: Some(true), forced: None },
        A::DisableRls(_) => TableChange::RowSecurity { enabled: Some(false), forced: None },
        A::ForceRls(_) => TableChange::RowSecurity { enabled: None, forced: Some(true) },
        A::NoForceRls(_) => TableChange::RowSecurity { enabled: None, forced: Some(false) },
        A::OfType(it) => TableChange::OfType(it.ty().and_then(|ty| type_name(&ty)).map(|ty| ty.name)),
        A::NotOf(_) => TableChange::OfType(None),
        A::TableRenameTo(it) => TableChange::RenameTo(last_part(it.table_name()?.syntax())?),
        A::SetSchema(it) => set_schema(it)?,
        A::AttachPartition(it) => TableChange::AttachPartition {
            table: qualified(it.table_name_ref()?.syntax())?,
            bound: it.partition_type().map(|bound| text(bound.syntax())),
        },
        A::DetachPartition(it) => TableChange::DetachPartition(qualified(it.table_name_ref()?.syntax())?),
        A::InheritTable(it) => TableChange::Inherit(qualified(it.table_name_ref()?.syntax())?),
        A::NoInheritTable(it) => TableChange::NoInherit(qualified(it.table_name_ref()?.syntax())?),
        A::DisableRule(_)
        | A::DisableTrigger(_)
        | A::EnableAlwaysRule(_)
        | A::EnableAlwaysTrigger(_)
        | A::EnableReplicaRule(_)
        | A::EnableReplicaTrigger(_)
        | A::EnableRule(_)
        | A::EnableTrigger(_) => TableChange::OfTablesAlone { materialized: false, partitioned: true },
        A::ReplicaIdentity(_) => TableChange::OfTablesAlone { materialized: true, partitioned: true },
        A::ClusterOn(_) | A::SetWithoutCluster(_) => TableChange::OfTablesAlone { materialized: true, partitioned: false },
        // Ownership, storage: nothing a catalog here holds.
        _ => TableChange::Nothing,
    })
}

/// `RENAME COLUMN`, which views have too.
pub(super) fn rename_column(it: &ast::RenameColumn) -> Option<TableChange> {
    Some(TableChange::RenameColumn { column: name(it.column_name_ref()?.syntax()), to: name(it.column_name()?.syntax()) })
}

/// `SET SCHEMA`, which nearly everything has.
pub(super) fn set_schema(it: &ast::SetSchema) -> Option<TableChange> {
    Some(TableChange::SetSchema(name(it.schema_ref()?.syntax())))
}

/// `CASCADE` said.
pub(super) fn cascades(behavior: Option<&ast::DropBehavior>) -> bool {
    matches!(behavior, Some(ast::DropBehavior::Cascade(_)))
}

/// The last part of a path that the grammar lets be dotted and PostgreSQL does not.
pub(super) fn last_part(node: &squawk_syntax::SyntaxNode) -> Option<Name> {
    parts(node).pop().or_else(|| Some(name(node)))
}

fn column_change(option: &ast::AlterColumnOption) -> Option<ColumnChange> {
    use ast::AlterColumnOption as O;
    let always = |when: Option<ast::GeneratedWhen>| matches!(when, Some(ast::GeneratedWhen::GeneratedAlways(_)));
    Some(match option {
        O::SetNotNull(_) => ColumnChange::SetNotNull,
        O::DropNotNull(_) => ColumnChange::DropNotNull,
        O::SetDefault(it) => ColumnChange::SetDefault(expression(&it.expr()?)),
        O::DropDefault(_) => ColumnChange::DropDefault,
        O::SetType(it) => ColumnChange::SetType {
            ty: type_name(&it.ty()?)?,
            collation: it.collate().and_then(|collate| collate.collation_ref()).and_then(|it| qualified(it.syntax())),
            using: it.using_expr().and_then(|using| using.expr()).map(|using| expression(&using)),
        },
        O::AddGenerated(it) => {
            let (sequence, options) = identity_options(it.sequence_option_list().as_ref());
            ColumnChange::AddIdentity { always: always(it.generated_when()), sequence, options }
        }
        O::SetGenerated(it) => ColumnChange::SetIdentity { always: Some(always(it.generated_when())), options: SequenceOptions::default() },
        O::SetGeneratedOptions(it) => set_identity(it.set_generated_options()),
        O::SetSequenceOption(it) => {
            ColumnChange::SetIdentity { always: None, options: numbers(&it.sequence_option().into_iter().collect::<Vec<_>>()) }
        }
        O::DropIdentity(it) => ColumnChange::DropIdentity { if_exists: it.if_exists().is_some() },
        O::SetExpression(it) => ColumnChange::SetExpression(expression(&it.expr()?)),
        O::DropExpression(it) => ColumnChange::DropExpression { if_exists: it.if_exists().is_some() },
        // Statistics, storage, compression, sequence parameters: nothing a catalog here holds.
        _ => ColumnChange::Nothing,
    })
}

/// `SET GENERATED …`, `SET INCREMENT …` and the like, in one go.
fn set_identity(written: ast::AstChildren<ast::SetGeneratedOption>) -> ColumnChange {
    let (mut always, mut options) = (None, Vec::new());
    for option in written {
        match option {
            ast::SetGeneratedOption::SetGenerated(set) => {
                always = Some(matches!(set.generated_when(), Some(ast::GeneratedWhen::GeneratedAlways(_))));
            }
            ast::SetGeneratedOption::SetSequenceOption(set) => options.extend(set.sequence_option()),
            ast::SetGeneratedOption::Restart(_) => {}
        }
    }
    ColumnChange::SetIdentity { always, options: numbers(&options) }
}
