//! Triggers (<https://www.postgresql.org/docs/current/sql-createtrigger.html>) and policies
//! (<https://www.postgresql.org/docs/current/sql-createpolicy.html>).

use squawk_syntax::ast::{self, AstNode};

use super::{
    constraint::expression,
    name::{name, qualified, text},
    token::{folded, tokens},
};
use crate::ddl::{CreatePolicy, CreateTrigger, Ddl, Firing, PolicyChange};

/// What a statement does to a table's triggers and policies.
pub(super) fn lower(statement: &ast::Stmt) -> Option<Ddl> {
    Some(match statement {
        ast::Stmt::CreateTrigger(it) => create_trigger(it)?,
        ast::Stmt::AlterTrigger(it) => match it.action()? {
            ast::AlterTriggerAction::TriggerRenameTo(to) => Ddl::RenameTrigger {
                name: name(it.trigger_ref()?.syntax()),
                table: qualified(it.on_relation()?.relation_name_ref()?.syntax())?,
                to: name(to.trigger()?.syntax()),
            },
            _ => return None,
        },
        ast::Stmt::DropTrigger(it) => Ddl::DropTrigger {
            name: name(it.trigger_ref()?.syntax()),
            table: qualified(it.on_relation()?.relation_name_ref()?.syntax())?,
            if_exists: it.if_exists().is_some(),
        },
        ast::Stmt::CreatePolicy(it) => create_policy(it)?,
        ast::Stmt::AlterPolicy(it) => Ddl::AlterPolicy {
            name: name(it.policy_ref()?.syntax()),
            table: qualified(it.on_table()?.table_name_ref()?.syntax())?,
            change: match it.action()? {
                ast::AlterPolicyAction::PolicyRenameTo(to) => PolicyChange::RenameTo(name(to.policy()?.syntax())),
                ast::AlterPolicyAction::AlterPolicyTo(set) => PolicyChange::Set {
                    roles: set.policy_roles().map(|written| roles(Some(written))),
                    using: set.using_expr_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)),
                    with_check: set.with_check_expr_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)),
                },
            },
        },
        ast::Stmt::DropPolicy(it) => Ddl::DropPolicy {
            name: name(it.policy_ref()?.syntax()),
            table: qualified(it.on_table()?.table_name_ref()?.syntax())?,
            if_exists: it.if_exists().is_some(),
        },
        _ => return None,
    })
}

fn create_trigger(it: &ast::CreateTrigger) -> Option<Ddl> {
    let events: Vec<ast::TriggerEvent> = it.trigger_event_list().into_iter().flat_map(|list| list.trigger_events()).collect();
    let is_before = matches!(it.timing(), Some(ast::Timing::TimingBefore(_)));
    let before_insert = is_before && events.iter().any(|event| matches!(event, ast::TriggerEvent::TriggerEventInsert(_)));
    let before_update = is_before && events.iter().any(|event| matches!(event, ast::TriggerEvent::TriggerEventUpdate(_)));
    let columns = events.into_iter().flat_map(|event| match event {
        ast::TriggerEvent::TriggerEventUpdate(update) => update.column_name_refs().map(|column| name(column.syntax())).collect::<Vec<_>>(),
        _ => Vec::new(),
    });
    let call = it.call_expr()?;
    let function = call.expr()?;
    let words: Vec<crate::ddl::Name> =
        function.syntax().descendants().filter(|node| ast::NameRef::can_cast(node.kind())).map(|node| name(&node)).collect();
    let last = words.last()?;
    let schema = words.len().checked_sub(2).and_then(|at| words.get(at));
    let start = schema.map_or(last.range.start, |schema| schema.range.start);
    Some(Ddl::CreateTrigger(Box::new(CreateTrigger {
        name: name(it.trigger()?.syntax()),
        or_replace: it.or_replace().is_some(),
        table: qualified(it.on_relation()?.relation_name_ref()?.syntax())?,
        function: crate::ddl::Qualified {
            schema: schema.map(|schema| schema.text.clone()),
            name: last.text.clone(),
            range: start..last.range.end,
        },
        before_insert,
        before_update,
        columns: columns.collect(),
        when: it.when_condition().and_then(|when| when.expr()).map(|when| columns_of_row(&when)).unwrap_or_default(),
        condition: it.when_condition().and_then(|when| when.expr()).map(|when| (expression(&when), firing(it))),
    })))
}

fn firing(it: &ast::CreateTrigger) -> Firing {
    let has = |event: fn(&ast::TriggerEvent) -> bool| {
        it.trigger_event_list().is_some_and(|list| list.trigger_events().any(|found| event(&found)))
    };
    Firing {
        before: matches!(it.timing(), Some(ast::Timing::TimingBefore(_))),
        for_each_row: matches!(it.trigger_level(), Some(ast::TriggerLevel::ForEachRow(_))),
        on_insert: has(|event| matches!(event, ast::TriggerEvent::TriggerEventInsert(_))),
        on_delete: has(|event| matches!(event, ast::TriggerEvent::TriggerEventDelete(_))),
    }
}

/// The columns of the old and the new row that a trigger's condition names.
fn columns_of_row(condition: &ast::Expr) -> Vec<crate::ddl::Name> {
    let fields = condition.syntax().descendants().filter_map(ast::FieldExpr::cast).filter(|field| field.star_token().is_none());
    let of_row = |field: &ast::FieldExpr| {
        let base = match field.base()? {
            ast::Expr::NameRef(base) => name(base.syntax()).text,
            _ => return None,
        };
        let called = field.syntax().parent().is_some_and(|parent| ast::CallExpr::can_cast(parent.kind()));
        let column = field.field().filter(|_| !called && ["old", "new"].contains(&base.as_str()))?;
        Some(name(column.syntax()))
    };
    // `ctid` and the like are every table's.
    fields.filter_map(|field| of_row(&field)).filter(|column| !crate::catalog::SYSTEM_COLUMNS.contains(&column.text.as_str())).collect()
}

fn create_policy(it: &ast::CreatePolicy) -> Option<Ddl> {
    let permissive =
        it.as_policy_type().and_then(|ty| ty.ident_token()).is_none_or(|word| !word.text().eq_ignore_ascii_case("restrictive"));
    let command = it.policy_command().and_then(|written| written.command()).map(|command| text(command.syntax()).to_ascii_uppercase());
    Some(Ddl::CreatePolicy(Box::new(CreatePolicy {
        name: name(it.policy()?.syntax()),
        table: qualified(it.on_table()?.table_name_ref()?.syntax())?,
        permissive,
        command: command.unwrap_or_else(|| "ALL".to_owned()),
        roles: roles(it.policy_roles()),
        using: it.using_expr_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)),
        with_check: it.with_check_expr_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)),
    })))
}

fn roles(written: Option<ast::PolicyRoles>) -> Vec<String> {
    let list = written.and_then(|roles| roles.role_ref_list());
    let mut all: Vec<String> =
        list.into_iter().flat_map(|list| list.role_refs().filter_map(|role| role_name(&role)).collect::<Vec<_>>()).collect();
    if all.is_empty() {
        all.push("public".to_owned());
    }
    all
}

/// A role's name, folded; `public` and `current_user` are words of their own.
fn role_name(role: &ast::RoleRef) -> Option<String> {
    let written = text(role.syntax());
    tokens(&written).last().and_then(|token| folded(&token))
}
