//! Constraints of columns and tables, which PostgreSQL's grammar spells alike.

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::alter::last_part;
use super::name::{child, children, name, qualified, range, text};
use crate::ddl::{Action, Constraint, Expression, IndexColumn, KeyDefinition, Reference, Rule};

/// A constraint node of any kind; None for what is none or changes no catalog.
pub(super) fn constraint(node: &SyntaxNode) -> Option<Constraint> {
    let rule = rule(node)?;
    let given = child::<ast::ConstraintNameClause>(node).and_then(|clause| clause.constraint_name());
    let mut deferrable = false;
    for option in children::<ast::ConstraintOption>(node) {
        match option {
            // INITIALLY DEFERRED implies DEFERRABLE.
            ast::ConstraintOption::DeferrableConstraintOption(_) | ast::ConstraintOption::InitiallyDeferredConstraintOption(_) => {
                deferrable = true;
            }
            ast::ConstraintOption::NotDeferrableConstraintOption(_) => deferrable = false,
            _ => {}
        }
    }
    Some(Constraint { name: given.map(|given| name(given.syntax())), rule, deferrable, range: range(node) })
}

fn rule(node: &SyntaxNode) -> Option<Rule> {
    let node = node.clone();
    Some(match ast::Constraint::cast(node.clone())? {
        ast::Constraint::NotNullConstraint(it) => Rule::NotNull { column: it.column_name_ref().map(|column| name(column.syntax())) },
        ast::Constraint::NullConstraint(_) => Rule::Null,
        ast::Constraint::DefaultConstraint(it) => Rule::Default(expression(&it.expr()?)),
        ast::Constraint::GeneratedConstraint(it) => match it.generated_as()? {
            ast::GeneratedAs::GeneratedIdentity(identity) => Rule::Identity {
                always: matches!(identity.generated_when(), Some(ast::GeneratedWhen::GeneratedAlways(_))),
                sequence: identity.sequence_option_list().and_then(|list| sequence_name(&list)),
            },
            ast::GeneratedAs::GeneratedStored(stored) => Rule::Generated(expression(&stored.expr()?)),
        },
        ast::Constraint::CheckConstraint(it) => Rule::Check(expression(&it.expr()?)),
        ast::Constraint::PrimaryKeyConstraint(it) => Rule::PrimaryKey(key(it.index_parameters(), it.using_index())),
        ast::Constraint::UniqueConstraint(it) => Rule::Unique(key(it.index_parameters(), it.using_index())),
        ast::Constraint::ExcludeConstraint(it) => Rule::Exclude(
            it.constraint_exclusion_list()
                .into_iter()
                .flat_map(|list| list.constraint_exclusions().collect::<Vec<_>>())
                .filter_map(|item| item.expr().map(|expr| index_column(&expr)))
                .collect(),
        ),
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
            on_update: action(it.referential_actions(), false),
        }),
        ast::Constraint::ReferencesConstraint(it) => Rule::References(Reference {
            columns: Vec::new(),
            table: qualified(it.table()?.syntax())?,
            referenced: it.column().map(|column| name(column.syntax())).into_iter().collect(),
            on_delete: action(it.referential_actions(), true),
            on_update: action(it.referential_actions(), false),
        }),
    })
}

/// `SEQUENCE NAME …` among the options of an identity column, which only `pg_dump` writes.
pub(super) fn sequence_name(list: &ast::SequenceOptionList) -> Option<crate::ddl::Qualified> {
    list.sequence_options().find_map(|option| match option {
        ast::SequenceOption::OptionSequenceName(named) => named.sequence().and_then(|sequence| qualified(sequence.syntax())),
        _ => None,
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

/// An expression's text and the names in it that may be columns.
pub(super) fn expression(expr: &ast::Expr) -> Expression {
    let mut names: Vec<String> = Vec::new();
    for node in expr.syntax().descendants() {
        let is_function = || node.parent().is_some_and(|parent| ast::CallExpr::can_cast(parent.kind()));
        if ast::NameRef::can_cast(node.kind()) && !is_function() {
            let found = name(&node).text;
            if !names.contains(&found) {
                names.push(found);
            }
        }
    }
    Expression { text: text(expr.syntax()), names }
}

/// A column of an index, or an expression and the name its column gets (`FigureIndexColname` in PostgreSQL's source).
pub(super) fn index_column(expr: &ast::Expr) -> IndexColumn {
    if let ast::Expr::NameRef(column) = expr {
        return IndexColumn::Column(name(column.syntax()));
    }
    IndexColumn::Expression { name: expression_name(expr).unwrap_or_else(|| "expr".to_owned()), names: expression(expr).names }
}

/// The name PostgreSQL gives an expression's column, where the expression suggests one.
fn expression_name(expr: &ast::Expr) -> Option<String> {
    match expr {
        ast::Expr::NameRef(column) => Some(name(column.syntax()).text),
        ast::Expr::FieldExpr(field) => field.field().map(|field| name(field.syntax()).text),
        ast::Expr::ParenExpr(paren) => paren.expr().and_then(|inner| expression_name(&inner)),
        ast::Expr::Collate(collate) => collate.expr().and_then(|inner| expression_name(&inner)),
        ast::Expr::IndexExpr(index) => index.base().and_then(|inner| expression_name(&inner)),
        ast::Expr::CastExpr(cast) => cast.expr().and_then(|inner| expression_name(&inner)).or_else(|| {
            let ty = super::types::type_name(&cast.ty()?)?;
            Some(ty.name.name)
        }),
        ast::Expr::CaseExpr(_) => Some("case".to_owned()),
        ast::Expr::ArrayExpr(_) => Some("array".to_owned()),
        ast::Expr::TupleExpr(_) => Some("row".to_owned()),
        ast::Expr::CallExpr(call) => match call.expr() {
            Some(function) => expression_name(&function),
            // Functions with a syntax of their own begin with their name.
            None => call.syntax().first_token().map(|token| token.text().to_ascii_lowercase()),
        },
        _ => None,
    }
}
