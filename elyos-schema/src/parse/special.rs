//! Functions with a syntax of their own, as the functions that PostgreSQL's grammar makes of them (`func_expr_common_subexpr` in its
//! `gram.y`; <https://www.postgresql.org/docs/current/functions-string.html>, `functions-datetime.html`, `functions-json.html`).

use std::ops::Range;

use squawk_syntax::{
    SyntaxNode,
    ast::{self, AstNode},
};

use super::{
    expression::{expr, exprs},
    name::{child, name, range},
    query,
    types::type_name,
};
use crate::{
    ddl::{Name, Qualified, TypeName},
    query::{Call, Expr, ExprKind, Literal},
};

/// A call of one of PostgreSQL's own functions.
pub(super) fn system_call(function: &str, arguments: Vec<Expr>, range: Range<usize>) -> Expr {
    Expr::new(system(function, arguments, &range), range)
}

fn system(function: &str, arguments: Vec<Expr>, range: &Range<usize>) -> ExprKind {
    let part = |text: &str| Name { text: text.to_owned(), range: range.clone() };
    let mut call = Call::new(vec![part("pg_catalog"), part(function)]);
    call.arguments = arguments.into_iter().map(|argument| (None, argument)).collect();
    ExprKind::Call(Box::new(call))
}

/// `CURRENT_DATE` and the like, with or without a precision.
pub(super) fn sql_value(node: &SyntaxNode, precision: Option<&Expr>) -> Option<ExprKind> {
    let token = node.first_token()?.text().to_ascii_lowercase();
    let precision = match precision {
        None => None,
        Some(Expr { kind: ExprKind::Literal(Literal::Integer(digits)), .. }) => digits.parse().ok(),
        Some(_) => return None,
    };
    let name = match token.as_str() {
        "current_date" => "current_date",
        "current_time" => "current_time",
        "current_timestamp" => "current_timestamp",
        "localtime" => "localtime",
        "localtimestamp" => "localtimestamp",
        "current_role" => "current_role",
        "current_user" => "current_user",
        "user" => "user",
        "session_user" => "session_user",
        "current_catalog" => "current_catalog",
        // With parentheses it is an ordinary function.
        "current_schema" if node.next_sibling().is_none_or(|next| !ast::ArgList::can_cast(next.kind())) => "current_schema",
        _ => return None,
    };
    Some(ExprKind::SqlValue { name, precision })
}

/// Functions whose names are keywords: `COALESCE`, `GREATEST`, `LEAST`, `NULLIF`, `GROUPING`, `NORMALIZE`, `XMLCONCAT`.
///
/// The arguments are read only for these: reading those of every call twice would double the work a level.
pub(super) fn keyword(node: &SyntaxNode, arguments: impl FnOnce() -> Vec<Expr>) -> Option<ExprKind> {
    const NAMES: &[&str] = &["coalesce", "greatest", "least", "nullif", "grouping", "normalize", "xmlconcat"];
    let token = node.first_token()?.text().to_ascii_lowercase();
    if !NAMES.contains(&token.as_str()) {
        return None;
    }
    let mut arguments = arguments();
    Some(match token.as_str() {
        "coalesce" => ExprKind::Coalesce(arguments),
        "greatest" => ExprKind::Extreme { name: "greatest", values: arguments },
        "least" => ExprKind::Extreme { name: "least", values: arguments },
        "nullif" => {
            let second = arguments.pop()?;
            ExprKind::NullIf(Box::new(arguments.pop()?), Box::new(second))
        }
        "grouping" => ExprKind::Grouping(arguments),
        "normalize" => {
            // The form is a keyword that stands for a text.
            if let Some(form) = arguments.get_mut(1) {
                form.kind = ExprKind::Literal(Literal::String);
            }
            system("normalize", arguments, &range(node))
        }
        "xmlconcat" => own("xmlconcat", "xml", arguments, &range(node)),
        _ => return None,
    })
}

fn own(name: &'static str, ty: &str, inputs: Vec<Expr>, range: &Range<usize>) -> ExprKind {
    let name_of_type = Qualified { schema: None, name: ty.to_owned(), range: range.clone() };
    ExprKind::Special {
        name,
        ty: TypeName { name: name_of_type, modifiers: Vec::new(), array_dimensions: 0, built_in: true, of_column: None },
        inputs,
    }
}

/// Every expression anywhere below a node that is not itself inside another.
fn inputs(node: &SyntaxNode) -> Vec<Expr> {
    let mut found = Vec::new();
    let mut stack: Vec<SyntaxNode> = node.children().collect();
    stack.reverse();
    while let Some(next) = stack.pop() {
        if let Some(inner) = ast::Expr::cast(next.clone()) {
            found.push(expr(&inner));
        } else {
            let mut below: Vec<SyntaxNode> = next.children().collect();
            below.reverse();
            stack.extend(below);
        }
    }
    found
}

/// What `RETURNING type` says, or that the type is another.
fn returning(node: &SyntaxNode, otherwise: &str, name: &'static str, whole: &Range<usize>) -> ExprKind {
    let clause: Option<ast::JsonReturningClause> = child(node);
    let written = clause.and_then(|clause| clause.ty()).as_ref().and_then(type_name);
    match (own(name, otherwise, inputs(node), whole), written) {
        (ExprKind::Special { name, inputs, .. }, Some(ty)) => ExprKind::Special { name, ty, inputs },
        (kind, _) => kind,
    }
}

/// A call in whose place the grammar has a rule of its own.
pub(super) fn special(call: &ast::CallExpr) -> Option<ExprKind> {
    let whole = range(call.syntax());
    if let Some(it) = call.exists_fn() {
        return Some(ExprKind::Exists(Box::new(query::select_variant(&it.select_variant()?)?)));
    }
    if let Some(it) = call.extract_fn() {
        let field = Expr::new(ExprKind::Literal(Literal::String), range(it.extract_field()?.syntax()));
        return Some(system("extract", vec![field, expr(&it.expr()?)], &whole));
    }
    if let Some(it) = call.position_fn() {
        return Some(system("position", vec![expr(&it.string()?), expr(&it.pos()?)], &whole));
    }
    if let Some(it) = call.collation_for_fn() {
        return Some(system("pg_collation_for", vec![expr(&it.expr()?)], &whole));
    }
    if let Some(it) = call.substring_fn() {
        return Some(match it.substring_args()? {
            ast::SubstringArgs::SubstringForFrom(args) => {
                if let Some(start) = args.start() {
                    system("substring", vec![expr(&args.string()?), expr(&start), expr(&args.count()?)], &whole)
                } else {
                    let one = Expr::new(ExprKind::Literal(Literal::Integer("1".to_owned())), whole.clone());
                    system("substring", vec![expr(&args.string()?), one, expr(&args.count()?)], &whole)
                }
            }
            ast::SubstringArgs::SubstringFromFor(args) => system("substring", exprs(args.syntax()), &whole),
            ast::SubstringArgs::SubstringSimilarEscape(args) => system("substring", exprs(args.syntax()), &whole),
            // Written as an ordinary call, it is looked up as one.
            ast::SubstringArgs::SubstringExprs(args) => ordinary("substring", args.func_arg_exprs(), &whole)?,
        });
    }
    if let Some(it) = call.overlay_fn() {
        return Some(match it.overlay_args()? {
            ast::OverlayArgs::OverlayPlacing(args) => system("overlay", exprs(args.syntax()), &whole),
            ast::OverlayArgs::OverlayExprs(args) => ordinary("overlay", args.func_arg_exprs(), &whole)?,
        });
    }
    if let Some(it) = call.trim_fn() {
        let function = match it.trim_side() {
            Some(ast::TrimSide::TrimLeading(_)) => "ltrim",
            Some(ast::TrimSide::TrimTrailing(_)) => "rtrim",
            Some(ast::TrimSide::TrimBoth(_)) | None => "btrim",
        };
        let mut arguments = exprs(it.trim_args()?.syntax());
        // The characters are written first and handed over last.
        if let Some(ast::TrimArgs::TrimExprFrom(_)) = it.trim_args() {
            arguments.rotate_left(1);
        }
        return Some(system(function, arguments, &whole));
    }
    xml_or_json(call, &whole)
}

fn ordinary(function: &str, arguments: ast::AstChildren<ast::FuncArgExpr>, whole: &Range<usize>) -> Option<ExprKind> {
    let mut call = Call::new(vec![Name { text: function.to_owned(), range: whole.clone() }]);
    for argument in arguments {
        call.arguments.push(match argument {
            ast::FuncArgExpr::Expr(value) => (None, expr(&value)),
            ast::FuncArgExpr::NamedArg(named) => (Some(name(named.name()?.syntax())), expr(&named.expr()?)),
        });
    }
    Some(ExprKind::Call(Box::new(call)))
}

fn xml_or_json(call: &ast::CallExpr, whole: &Range<usize>) -> Option<ExprKind> {
    let xml = |name: &'static str, node: &SyntaxNode| own(name, "xml", inputs(node), whole);
    Some(if let Some(it) = call.xml_element_fn() {
        xml("xmlelement", it.syntax())
    } else if let Some(it) = call.xml_forest_fn() {
        xml("xmlforest", it.syntax())
    } else if let Some(it) = call.xml_parse_fn() {
        xml("xmlparse", it.syntax())
    } else if let Some(it) = call.xml_pi_fn() {
        xml("xmlpi", it.syntax())
    } else if let Some(it) = call.xml_root_fn() {
        xml("xmlroot", it.syntax())
    } else if let Some(it) = call.xml_exists_fn() {
        own("xmlexists", "bool", inputs(it.syntax()), whole)
    } else if let Some(it) = call.xml_serialize_fn() {
        ExprKind::Special { name: "xmlserialize", ty: type_name(&it.ty()?)?, inputs: inputs(it.syntax()) }
    } else if let Some(it) = call.json_object_fn() {
        if it.func_arg_exprs().next().is_some() {
            return ordinary("json_object", it.func_arg_exprs(), whole);
        }
        returning(it.syntax(), "json", "json_object", whole)
    } else if let Some(it) = call.json_array_fn() {
        returning(it.syntax(), "json", "json_array", whole)
    } else if let Some(it) = call.json_object_agg_fn() {
        returning(it.syntax(), "json", "json_objectagg", whole)
    } else if let Some(it) = call.json_array_agg_fn() {
        returning(it.syntax(), "json", "json_arrayagg", whole)
    } else if let Some(it) = call.json_exists_fn() {
        own("json_exists", "bool", inputs(it.syntax()), whole)
    } else if let Some(it) = call.json_query_fn() {
        returning(it.syntax(), "jsonb", "json_query", whole)
    } else if let Some(it) = call.json_value_fn() {
        returning(it.syntax(), "text", "json_value", whole)
    } else if let Some(it) = call.json_scalar_fn() {
        own("json_scalar", "json", inputs(it.syntax()), whole)
    } else if let Some(it) = call.json_serialize_fn() {
        returning(it.syntax(), "text", "json_serialize", whole)
    } else if let Some(it) = call.json_fn() {
        own("json", "json", inputs(it.syntax()), whole)
    } else {
        return None;
    })
}
