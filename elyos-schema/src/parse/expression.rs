//! Expressions of the syntax tree → expressions of the [query model](crate::query).

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode, LitKind},
};

use super::{
    called_table,
    name::{child, name, range},
    operators, query, special,
    types::{built_in, type_name},
};
use crate::{
    ddl::Name,
    query::{Call, Expr, ExprKind, Frame, FrameUnits, Literal, Subscript, Test, Variadic, Window},
};

/// An expression; what cannot be made into one is [`ExprKind::Unsupported`], with its place.
pub(super) fn expr(written: &ast::Expr) -> Expr {
    let whole = range(written.syntax());
    if operators::is_chain(written.syntax()) {
        return operators::chain(written.syntax()).unwrap_or_else(|| Expr::new(ExprKind::Unsupported, whole));
    }
    let kind = kind(written).unwrap_or(ExprKind::Unsupported);
    Expr::new(kind, whole)
}

/// The expressions directly below a node.
pub(super) fn exprs(node: &SyntaxNode) -> Vec<Expr> {
    node.children().filter(|child| !operators::is_orphan(child)).filter_map(ast::Expr::cast).map(|found| expr(&found)).collect()
}

fn kind(written: &ast::Expr) -> Option<ExprKind> {
    Some(match written {
        ast::Expr::NameRef(it) => name_ref(it),
        ast::Expr::FieldExpr(it) => field(it)?,
        ast::Expr::Literal(it) => literal(it)?,
        ast::Expr::ParenExpr(it) => match (query::paren_query(it), it.expr()) {
            (Some(found), _) => ExprKind::SubQuery(Box::new(found)),
            (None, Some(inner)) => match expr(&inner).kind {
                // `(t.a).b` is a field, `t.a.b` may be a column of a table of a schema.
                ExprKind::Column(parts) if written.syntax().parent().is_some_and(|parent| ast::FieldExpr::can_cast(parent.kind())) => {
                    ExprKind::Parenthesised(Box::new(Expr::new(ExprKind::Column(parts), range(inner.syntax()))))
                }
                kind => kind,
            },
            (None, None) => return None,
        },
        ast::Expr::TupleExpr(it) => ExprKind::Row(exprs(it.syntax())),
        ast::Expr::ArrayExpr(it) => match it.select_variant() {
            Some(found) => ExprKind::ArrayQuery(Box::new(query::select_variant(&found)?)),
            None => ExprKind::Array(exprs(it.syntax())),
        },
        ast::Expr::CaseExpr(it) => case(it)?,
        ast::Expr::CastExpr(it) => cast(it)?,
        ast::Expr::IndexExpr(it) => subscripts(&it.base()?, Subscript::Index(expr(&it.index()?))),
        ast::Expr::SliceExpr(it) => {
            let bound = |bound: Option<ast::Expr>| bound.map(|bound| expr(&bound));
            subscripts(&it.base()?, Subscript::Slice(bound(it.start()), bound(it.end())))
        }
        ast::Expr::CallExpr(it) => call(it)?,
        // Chains of operators are read elsewhere.
        ast::Expr::BinExpr(_)
        | ast::Expr::PrefixExpr(_)
        | ast::Expr::PostfixExpr(_)
        | ast::Expr::BetweenExpr(_)
        | ast::Expr::Collate(_) => return None,
    })
}

/// A column, or one of the functions that are called without parentheses
/// (<https://www.postgresql.org/docs/current/functions-info.html>, `functions-datetime.html`).
fn name_ref(it: &ast::NameRef) -> ExprKind {
    special::sql_value(it.syntax(), None).unwrap_or_else(|| ExprKind::Column(vec![name(it.syntax())]))
}

fn field(it: &ast::FieldExpr) -> Option<ExprKind> {
    let base = expr(&it.base()?);
    let Some(field) = it.field().filter(|_| it.star_token().is_none()) else {
        return Some(match base.kind {
            ExprKind::Column(parts) => ExprKind::Star(parts),
            _ => ExprKind::FieldStar(Box::new(unwrapped(base))),
        });
    };
    let field = name(field.syntax());
    Some(match base.kind {
        ExprKind::Column(mut parts) => {
            parts.push(field);
            ExprKind::Column(parts)
        }
        _ => ExprKind::Field(Box::new(unwrapped(base)), field),
    })
}

/// A column in parentheses is kept apart only to tell it from the beginning of a longer name.
fn unwrapped(base: Expr) -> Expr {
    match base.kind {
        ExprKind::Parenthesised(inner) => *inner,
        kind => Expr::new(kind, base.range),
    }
}

fn literal(it: &ast::Literal) -> Option<ExprKind> {
    let found = match it.kind()? {
        LitKind::Null(_) => Literal::Null,
        LitKind::Default(_) => Literal::Default,
        LitKind::True(_) | LitKind::False(_) | LitKind::On(_) | LitKind::Off(_) => Literal::Bool,
        LitKind::IntNumber(token) => Literal::Integer(match it.integer_value() {
            Some(value) => value.to_string(),
            None => token.text().to_owned(),
        }),
        LitKind::NumericNumber(_) => Literal::Numeric,
        LitKind::BitString(_) | LitKind::ByteString(_) => Literal::Bits,
        LitKind::PositionalParam(_) => return Some(ExprKind::Parameter(it.positional_param_index()? + 1)),
        // `N'a'` is `nchar 'a'`, of any length.
        LitKind::NationalString(_) => {
            let text = Expr::new(ExprKind::Literal(Literal::String), range(it.syntax()));
            return Some(ExprKind::Cast(Box::new(text), built_in(it.syntax(), "bpchar", Vec::new())));
        }
        LitKind::String(_) | LitKind::DollarQuotedString(_) | LitKind::EscString(_) | LitKind::UnicodeEscString(_) => Literal::String,
    };
    Some(ExprKind::Literal(found))
}

fn cast(it: &ast::CastExpr) -> Option<ExprKind> {
    let mut ty = type_name(&it.ty()?)?;
    let is_typed_literal = it.colon_colon().is_none() && it.cast_token().is_none() && it.treat_token().is_none();
    if is_typed_literal && ty.built_in && matches!(ty.name.name.as_str(), "bpchar" | "bit") && !it.ty()?.syntax().text().contains_char('(')
    {
        // `char 'abc'` is of any length, other than a column's `char`.
        ty.modifiers.clear();
    }
    // `interval '1' day`: the fields stand behind the literal.
    if let Some(fields) = it.interval_qualifier() {
        ty.modifiers = super::types::interval_fields(&fields);
    }
    Some(ExprKind::Cast(Box::new(expr(&it.expr()?)), ty))
}

fn case(it: &ast::CaseExpr) -> Option<ExprKind> {
    let branches = it.when_clause_list()?.when_clauses().map(|when| {
        let mut parts = exprs(when.syntax()).into_iter();
        Some((parts.next()?, parts.next()?))
    });
    Some(ExprKind::Case {
        value: it.expr().map(|value| Box::new(expr(&value))),
        branches: branches.collect::<Option<_>>()?,
        otherwise: it.else_clause().and_then(|clause| clause.expr()).map(|value| Box::new(expr(&value))),
    })
}

fn subscripts(base: &ast::Expr, last: Subscript) -> ExprKind {
    let base = expr(base);
    match base.kind {
        ExprKind::Subscripts(value, mut earlier) => {
            earlier.push(last);
            ExprKind::Subscripts(value, earlier)
        }
        kind => ExprKind::Subscripts(Box::new(unwrapped(Expr::new(kind, base.range))), vec![last]),
    }
}

fn call(it: &ast::CallExpr) -> Option<ExprKind> {
    let Some(function) = it.expr() else {
        return special::special(it);
    };
    let list = it.arg_list()?;
    if let ast::Expr::NameRef(reference) = &function {
        let mut plain = list.args().filter_map(|argument| argument.expr());
        // Only a precision is a number.
        let precision = plain.next().map(|first| match &first {
            ast::Expr::Literal(_) => expr(&first),
            _ => Expr::new(ExprKind::Unsupported, range(first.syntax())),
        });
        let arguments = || list.args().filter_map(|argument| argument.expr()).map(|value| expr(&value)).collect();
        if let Some(found) =
            special::sql_value(reference.syntax(), precision.as_ref()).or_else(|| special::keyword(reference.syntax(), arguments))
        {
            return Some(found);
        }
    }
    let ExprKind::Column(names) = expr(&function).kind else { return None };
    let mut found = Call::new(names);
    found.star = list.star_token().is_some();
    found.distinct = matches!(list.all_or_distinct(), Some(ast::AllOrDistinct::Distinct(_)));
    for argument in list.args() {
        if argument.variadic_token().is_some() {
            found.variadic = Variadic::Yes;
        }
        match argument.func_arg_expr()? {
            ast::FuncArgExpr::Expr(value) => found.arguments.push((None, expr(&value))),
            ast::FuncArgExpr::NamedArg(argument) => {
                found.arguments.push((Some(name(argument.name()?.syntax())), expr(&argument.expr()?)));
            }
        }
        found.order_by.extend(argument.order_by_clause().as_ref().map(order_by).unwrap_or_default());
    }
    found.within_group = it.within_clause().and_then(|clause| clause.order_by_clause()).as_ref().map(order_by).unwrap_or_default();
    found.filter = it.filter_clause().and_then(|clause| clause.expr()).map(|condition| expr(&condition));
    found.over = it.over_clause().and_then(|clause| clause.over_target()).map(|target| match target {
        ast::OverTarget::WindowRef(reference) => Window { base: Some(name(reference.syntax())), ..Window::default() },
        ast::OverTarget::OverWindowSpec(spec) => spec.window_spec().as_ref().map(window).unwrap_or_default(),
    });
    Some(ExprKind::Call(Box::new(called_table::meant(found))))
}

/// A window as written after `OVER` or in `WINDOW`.
pub(super) fn window(spec: &ast::WindowSpec) -> Window {
    Window {
        base: spec.window_ref().map(|reference| name(reference.syntax())),
        partition_by: spec.partition_by_clause().map(|clause| exprs(clause.syntax())).unwrap_or_default(),
        order_by: spec.order_by_clause().as_ref().map(order_by).unwrap_or_default(),
        frame: spec.frame_clause().as_ref().map(frame),
        copied: spec.window_ref().is_some(),
    }
}

fn frame(clause: &ast::FrameClause) -> Frame {
    let units = match clause.frame_units() {
        Some(ast::FrameUnits::FrameRows(_)) => FrameUnits::Rows,
        Some(ast::FrameUnits::FrameGroups(_)) => FrameUnits::Groups,
        Some(ast::FrameUnits::FrameRange(_)) | None => FrameUnits::Range,
    };
    let bounds = clause.syntax().descendants().filter_map(ast::FrameBound::cast);
    let offset = |bound: ast::FrameBound| match bound {
        ast::FrameBound::ExprFollowing(it) => it.expr(),
        ast::FrameBound::ExprPreceding(it) => it.expr(),
        ast::FrameBound::CurrentRow(_) | ast::FrameBound::UnboundedFollowing(_) | ast::FrameBound::UnboundedPreceding(_) => None,
    };
    Frame { units, offsets: bounds.filter_map(offset).map(|found| expr(&found)).collect() }
}

/// The expressions of an `ORDER BY`.
pub(super) fn order_by(clause: &ast::OrderByClause) -> Vec<Expr> {
    let list: Option<ast::SortByList> = child(clause.syntax());
    list.map(|list| list.sort_bys().filter_map(|item| item.expr()).map(|item| expr(&item)).collect()).unwrap_or_default()
}

/// What stands behind `IS` or `IS NOT`.
pub(super) fn test_of(right: &ast::Expr) -> Option<Test> {
    match right {
        ast::Expr::Literal(it) => match it.kind()? {
            LitKind::Null(_) => Some(Test::Null),
            LitKind::True(_) => Some(Test::True),
            LitKind::False(_) => Some(Test::False),
            _ => None,
        },
        ast::Expr::NameRef(it) => match name(it.syntax()).text.as_str() {
            "unknown" => Some(Test::Unknown),
            "document" => Some(Test::Document),
            _ => None,
        },
        _ => None,
    }
}

impl Call {
    /// A call of nothing but a name.
    pub(crate) fn new(name: Vec<Name>) -> Self {
        Self {
            name,
            arguments: Vec::new(),
            variadic: Variadic::No,
            star: false,
            distinct: false,
            order_by: Vec::new(),
            within_group: Vec::new(),
            filter: None,
            over: None,
        }
    }
}
