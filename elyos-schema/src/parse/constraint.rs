//! Constraints of columns and tables, which PostgreSQL's grammar spells alike.

use std::sync::Arc;

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    alter::last_part,
    index::excluded,
    name::{child, children, name, qualified, range, text},
    sequence::identity_options,
};
use crate::ddl::{Action, Constraint, Exclude, Expression, KeyDefinition, Name, Plain, Reference, Rule};

/// A constraint node of any kind; None for what is none or changes no catalog.
pub(super) fn constraint(node: &SyntaxNode) -> Option<Constraint> {
    let rule = rule(node)?;
    let given = child::<ast::ConstraintNameClause>(node).and_then(|clause| clause.constraint_name());
    let mut constraint = Constraint {
        name: given.map(|given| name(given.syntax())),
        rule,
        deferrable: false,
        initially_deferred: false,
        no_inherit: false,
        not_valid: false,
        range: range(node),
    };
    for option in children::<ast::ConstraintOption>(node) {
        match option {
            ast::ConstraintOption::DeferrableConstraintOption(_) => constraint.deferrable = true,
            ast::ConstraintOption::NotDeferrableConstraintOption(_) => constraint.deferrable = false,
            // INITIALLY DEFERRED implies DEFERRABLE.
            ast::ConstraintOption::InitiallyDeferredConstraintOption(_) => {
                (constraint.deferrable, constraint.initially_deferred) = (true, true);
            }
            ast::ConstraintOption::NoInherit(_) => constraint.no_inherit = true,
            ast::ConstraintOption::NotValid(_) => constraint.not_valid = true,
            _ => {}
        }
    }
    Some(constraint)
}

fn rule(node: &SyntaxNode) -> Option<Rule> {
    let node = node.clone();
    Some(match ast::Constraint::cast(node.clone())? {
        ast::Constraint::NotNullConstraint(it) => Rule::NotNull { column: it.column_name_ref().map(|column| name(column.syntax())) },
        ast::Constraint::NullConstraint(_) => Rule::Null,
        ast::Constraint::DefaultConstraint(it) => super::default::default(&it.expr()?),
        ast::Constraint::GeneratedConstraint(it) => match it.generated_as()? {
            ast::GeneratedAs::GeneratedIdentity(identity) => {
                let (sequence, options) = identity_options(identity.sequence_option_list().as_ref());
                let always = matches!(identity.generated_when(), Some(ast::GeneratedWhen::GeneratedAlways(_)));
                Rule::Identity { always, sequence, options }
            }
            ast::GeneratedAs::GeneratedStored(stored) => Rule::Generated(expression(&stored.expr()?)),
        },
        ast::Constraint::CheckConstraint(it) => Rule::Check(expression(&it.expr()?)),
        ast::Constraint::PrimaryKeyConstraint(it) => Rule::PrimaryKey(key(it.index_parameters(), it.using_index())),
        ast::Constraint::UniqueConstraint(it) => Rule::Unique(key(it.index_parameters(), it.using_index())),
        ast::Constraint::ExcludeConstraint(it) => Rule::Exclude(Exclude {
            method: it.constraint_index_method().and_then(|using| using.access_method_ref()).map(|method| name(method.syntax()).text),
            elements: it
                .constraint_exclusion_list()
                .into_iter()
                .flat_map(|list| list.constraint_exclusions().collect::<Vec<_>>())
                .filter_map(|item| excluded(&item))
                .collect(),
            predicate: it.where_condition_clause().and_then(|clause| clause.expr()).map(|expr| expression(&expr)).filter(says_something),
        }),
        ast::Constraint::ForeignKeyConstraint(it) => Rule::References(Reference {
            columns: it
                .from_columns()
                .map(|list| list.column_name_refs().map(|column| name(column.syntax())).collect())
                .unwrap_or_default(),
            table: qualified(it.table_name_ref()?.syntax())?,
            referenced: it
                .to_columns()
                .map(|list| list.column_name_refs().map(|column| name(column.syntax())).collect())
                .unwrap_or_default(),
            on_delete: action(it.referential_actions(), true),
            on_delete_columns: on_delete_columns(it.referential_actions()),
            on_update: action(it.referential_actions(), false),
            match_full: matches!(it.match_type(), Some(ast::MatchType::MatchFull(_))),
        }),
        ast::Constraint::ReferencesConstraint(it) => Rule::References(Reference {
            columns: Vec::new(),
            table: qualified(it.table()?.syntax())?,
            referenced: it.column().map(|column| name(column.syntax())).into_iter().collect(),
            on_delete: action(it.referential_actions(), true),
            on_delete_columns: on_delete_columns(it.referential_actions()),
            on_update: action(it.referential_actions(), false),
            match_full: matches!(it.match_type(), Some(ast::MatchType::MatchFull(_))),
        }),
    })
}

fn key(parameters: Option<ast::IndexParameters>, using_index: Option<ast::UsingIndexName>) -> KeyDefinition {
    let columns = parameters.as_ref().and_then(ast::IndexParameters::column_list);
    let include = parameters.as_ref().and_then(ast::IndexParameters::constraint_include_clause).and_then(|clause| clause.column_ref_list());
    KeyDefinition {
        columns: columns.map(|list| list.column_name_refs().map(|column| name(column.syntax())).collect()).unwrap_or_default(),
        include: include.map(|list| list.column_name_refs().map(|column| name(column.syntax())).collect()).unwrap_or_default(),
        nulls_not_distinct: matches!(
            parameters.and_then(|it| it.nulls_distinct_option()),
            Some(ast::NullsDistinctOption::NullsNotDistinct(_))
        ),
        using_index: using_index.and_then(|using| using.index_ref()).and_then(|index| last_part(index.syntax())),
    }
}

fn action(actions: ast::AstChildren<ast::ReferentialAction>, delete: bool) -> Action {
    for action in actions {
        let action = match action {
            ast::ReferentialAction::OnDeleteAction(it) if delete => it.ref_action(),
            ast::ReferentialAction::OnUpdateAction(it) if !delete => it.ref_action(),
            _ => continue,
        };
        return match action {
            Some(ast::RefAction::Cascade(_)) => Action::Cascade,
            Some(ast::RefAction::Restrict(_)) => Action::Restrict,
            Some(ast::RefAction::SetNullColumns(_)) => Action::SetNull,
            Some(ast::RefAction::SetDefaultColumns(_)) => Action::SetDefault,
            Some(ast::RefAction::NoAction(_)) | None => Action::NoAction,
        };
    }
    Action::NoAction
}

/// The columns of `ON DELETE SET NULL (…)` and `ON DELETE SET DEFAULT (…)`.
fn on_delete_columns(actions: ast::AstChildren<ast::ReferentialAction>) -> Vec<Name> {
    let mut columns = Vec::new();
    for action in actions {
        let ast::ReferentialAction::OnDeleteAction(it) = action else { continue };
        let list = match it.ref_action() {
            Some(ast::RefAction::SetNullColumns(set)) => set.column_ref_list(),
            Some(ast::RefAction::SetDefaultColumns(set)) => set.column_ref_list(),
            _ => None,
        };
        columns.extend(list.into_iter().flat_map(|list| list.column_name_refs().map(|column| name(column.syntax())).collect::<Vec<_>>()));
    }
    columns
}

/// An expression's text and the names in it that may be columns.
pub(super) fn expression(expr: &ast::Expr) -> Expression {
    let (mut names, mut columns): (Vec<String>, Vec<Name>) = (Vec::new(), Vec::new());
    for node in expr.syntax().descendants().filter(|node| ast::NameRef::can_cast(node.kind())) {
        let found = name(&node);
        if may_be_a_column(&node) && !names.contains(&found.text) {
            names.push(found.text.clone());
        }
        if is_certainly_a_column(&node, &found.text, expr.syntax()) {
            columns.push(found);
        }
    }
    let text = text(expr.syntax());
    // Of what most defaults are its text tells all.
    let tree = if Plain::of(&text).is_none() { Some(Arc::new(super::expression::expr(expr))) } else { None };
    Expression { text, start: range(expr.syntax()).start, names, columns, tree }
}

/// Whether a name is no function's, no field of a value in parentheses, and nothing that stands before a dot.
fn may_be_a_column(node: &SyntaxNode) -> bool {
    let Some(parent) = node.parent() else { return true };
    let Some(field) = ast::FieldExpr::cast(parent.clone()) else { return !ast::CallExpr::can_cast(parent.kind()) };
    let of_a_value = !matches!(field.base(), Some(ast::Expr::NameRef(_) | ast::Expr::FieldExpr(_)));
    let is_last = field.star_token().is_none() && field.field().is_some_and(|last| last.syntax() == node);
    let goes_on = field.syntax().parent().is_some_and(|around| {
        ast::CallExpr::can_cast(around.kind()) || ast::FieldExpr::cast(around).is_some_and(|around| around.star_token().is_none())
    });
    is_last && !of_a_value && !goes_on
}

/// A condition that is always true is none.
pub(super) fn says_something(condition: &Expression) -> bool {
    !condition.text.trim_matches(['(', ')', ' ']).eq_ignore_ascii_case("true")
}

/// Words that stand where a column could and are none.
const NO_COLUMNS: &[&str] = &[
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "localtime",
    "localtimestamp",
    "session_user",
    "system_user",
    "user",
    "value",
];

/// Whether a name is an operand of a plain operator, cast or call, outside any query within the expression.
fn is_certainly_a_column(node: &SyntaxNode, written: &str, whole: &SyntaxNode) -> bool {
    if NO_COLUMNS.contains(&written) {
        return false;
    }
    if node == whole {
        return true;
    }
    let Some(parent) = node.parent() else { return false };
    let operand = match ast::Expr::cast(parent.clone()) {
        Some(ast::Expr::CastExpr(cast)) => cast.expr().is_some_and(|inner| inner.syntax() == node),
        Some(
            ast::Expr::BetweenExpr(_)
            | ast::Expr::BinExpr(_)
            | ast::Expr::ParenExpr(_)
            | ast::Expr::PostfixExpr(_)
            | ast::Expr::PrefixExpr(_),
        ) => true,
        _ => false,
    };
    let plain_argument = ast::Arg::can_cast(parent.kind()) && parent.children().count() == 1;
    // A composite value's field, and all that stands in a query of its own.
    let around = node.ancestors().skip(1).take_while(|ancestor| ancestor != whole).chain(std::iter::once(whole.clone()));
    let mut around = around.filter(|ancestor| ancestor != node);
    (operand || plain_argument)
        && around.all(|it| ast::Expr::can_cast(it.kind()) || ast::ArgList::can_cast(it.kind()) || ast::Arg::can_cast(it.kind()))
}
