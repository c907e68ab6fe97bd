//! `COMMENT ON` (<https://www.postgresql.org/docs/current/sql-comment.html>).

use squawk_syntax::ast::{self, AstNode};

use super::{
    alter::last_part,
    carried::commented,
    name::{name, qualified, qualified_column, range, text},
    routine::signature,
};
use crate::ddl::{Commented, Ddl, RelationKind, RoutineKind};

/// What a comment is put on; nothing for what a catalog does not hold (roles, tablespaces, large objects, databases).
pub(super) fn comment(it: &ast::CommentOn) -> Option<Ddl> {
    let text = it.literal().and_then(|literal| literal.string_value());
    Some(Ddl::Comment { on: on(&it.comment_object()?)?, text })
}

fn on(object: &ast::CommentObject) -> Option<Commented> {
    use ast::CommentObject as C;
    Some(match object {
        C::ObjectTable(it) => Commented::Relation(qualified(it.table_name_ref()?.syntax())?, RelationKind::Table),
        C::ObjectForeignTable(it) => Commented::Relation(qualified(it.table_name_ref()?.syntax())?, RelationKind::ForeignTable),
        C::ObjectView(it) => Commented::Relation(qualified(it.view_ref()?.syntax())?, RelationKind::View),
        C::ObjectMaterializedView(it) => Commented::Relation(qualified(it.view_ref()?.syntax())?, RelationKind::MaterializedView),
        C::ObjectColumn(it) => {
            let (table, column) = qualified_column(it.name()?.syntax())?;
            Commented::Column { table, column }
        }
        C::ObjectSchema(it) => Commented::Schema(name(it.schema_ref()?.syntax())),
        C::ObjectType(it) => Commented::Type(qualified(it.type_name_ref()?.syntax())?),
        C::ObjectDomain(it) => Commented::Type(qualified(it.domain_ref()?.syntax())?),
        C::ObjectConstraint(it) => {
            let constraint = last_part(it.constraint_name_ref()?.syntax())?;
            match it.domain_ref() {
                Some(domain) => Commented::DomainConstraint { domain: qualified(domain.syntax())?, name: constraint },
                None => Commented::Constraint { table: qualified(it.table_name_ref()?.syntax())?, name: constraint },
            }
        }
        C::ObjectIndex(it) => Commented::Index(qualified(it.index_ref()?.syntax())?),
        C::ObjectSequence(it) => Commented::Sequence(qualified(it.sequence_ref()?.syntax())?),
        C::ObjectFunction(it) => {
            let written = it.function_sig()?;
            Commented::Function(signature(RoutineKind::Function, written.function_name_ref()?.syntax(), written.param_list())?)
        }
        C::ObjectProcedure(it) => {
            let written = it.procedure_sig()?;
            Commented::Function(signature(RoutineKind::Procedure, written.procedure_name_ref()?.syntax(), written.param_list())?)
        }
        C::ObjectRoutine(it) => {
            let written = it.routine_sig()?;
            Commented::Function(signature(RoutineKind::Routine, written.routine_name_ref()?.syntax(), written.param_list())?)
        }
        C::ObjectTrigger(it) => {
            Commented::Trigger { table: qualified(it.relation_name_ref()?.syntax())?, name: name(it.trigger_ref()?.syntax()) }
        }
        C::ObjectPolicy(it) => {
            Commented::Policy { table: qualified(it.table_name_ref()?.syntax())?, name: name(it.policy_ref()?.syntax()) }
        }
        C::ObjectExtension(it) => Commented::Extension(name(it.extension_ref()?.syntax())),
        C::ObjectDatabase(_) | C::ObjectRole(_) | C::ObjectTablespace(_) | C::ObjectLargeObject(_) | C::ObjectPropertyGraph(_) => {
            return None;
        }
        other => Commented::Carried(commented(&text(other.syntax()), range(other.syntax()).start)?),
    })
}
