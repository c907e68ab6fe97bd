//! Statements about what a catalog carries whole. Their grammars differ; what they are called stands in the same place in all of them,
//! so their names are read off the tokens.

use squawk_syntax::ast::{self, AstNode};

use super::{
    definition,
    name::{range, text},
    token::{Token, folded, tokens},
};
use crate::ddl::{CarriedName, Ddl, Name, Qualified};

/// The kinds, longest spelling first where one begins another.
const KINDS: &[(&str, Shape)] = &[
    ("aggregate", Shape::Arguments),
    ("operator class", Shape::Method),
    ("operator family", Shape::Method),
    ("operator", Shape::Operator),
    ("cast", Shape::Cast),
    ("rule", Shape::OnTable),
    ("event trigger", Shape::Plain),
    ("text search configuration", Shape::Schema),
    ("text search dictionary", Shape::Schema),
    ("text search parser", Shape::Schema),
    ("text search template", Shape::Schema),
    ("collation", Shape::Schema),
    ("conversion", Shape::Schema),
    ("statistics", Shape::FromTable),
    ("foreign data wrapper", Shape::Plain),
    ("server", Shape::Plain),
    ("user mapping", Shape::UserMapping),
    ("publication", Shape::Plain),
    ("subscription", Shape::Plain),
    ("access method", Shape::Plain),
    ("transform", Shape::UserMapping),
    ("trusted language", Shape::Plain),
    ("trusted procedural language", Shape::Plain),
    ("procedural language", Shape::Plain),
    ("language", Shape::Plain),
    ("default conversion", Shape::Schema),
];

/// What stands behind the kind's words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// A name of the whole database.
    Plain,
    /// A name that a schema may stand before.
    Schema,
    /// Such a name and arguments.
    Arguments,
    /// Such a name and `USING method`.
    Method,
    /// An operator; its arguments are named within the statement that creates it.
    Operator,
    /// `(type AS type)`.
    Cast,
    /// A name and `ON table` or `TO table`.
    OnTable,
    /// A name, and where it is created `FROM table`.
    FromTable,
    /// `FOR … SERVER …`, `FOR … LANGUAGE …`.
    UserMapping,
}

/// What a statement does to what is carried.
pub(super) fn lower(statement: &ast::Stmt) -> Option<Ddl> {
    let node = statement.syntax();
    let whole = text(node);
    let whole = whole.trim_end_matches(';').trim_end();
    let all: Vec<Token<'_>> = tokens(whole).collect();
    let (verb, mut rest) = all.split_first()?;
    if matches!(statement, ast::Stmt::Grant(_) | ast::Stmt::Revoke(_) | ast::Stmt::AlterDefaultPrivileges(_)) {
        return Some(Ddl::Grant { text: whole.to_owned() });
    }
    let start = range(node).start;
    let verb = verb.text.to_ascii_lowercase();
    let or_replace = eat(&mut rest, &["or", "replace"]);
    let (kind, shape) = KINDS.iter().copied().find(|(kind, _)| eat(&mut rest, &kind.split(' ').collect::<Vec<_>>()))?;
    let kind = match kind {
        "trusted language" | "trusted procedural language" | "procedural language" => "language",
        "default conversion" => "conversion",
        other => other,
    };
    match verb.as_str() {
        "create" => {
            let if_not_exists = eat(&mut rest, &["if", "not", "exists"]);
            let what = one(&mut rest, kind, shape, start, whole)?;
            let definition = definition::of(statement).map(Box::new);
            Some(Ddl::Carry { what, or_replace, if_not_exists, text: whole.to_owned(), definition })
        }
        "alter" => {
            let what = one(&mut rest, kind, shape, start, whole)?;
            let moves = eat(&mut rest, &["rename"]) || eat(&mut rest, &["set", "schema"]);
            Some(Ddl::ChangeCarried { what, moves, text: whole.to_owned() })
        }
        "drop" => {
            let if_exists = eat(&mut rest, &["if", "exists"]);
            let mut what = vec![one(&mut rest, kind, shape, start, whole)?];
            while eat(&mut rest, &[","]) {
                what.push(one(&mut rest, kind, shape, start, whole)?);
            }
            Some(Ddl::DropCarried { what, if_exists, cascade: eat(&mut rest, &["cascade"]) })
        }
        _ => None,
    }
}

/// What a `COMMENT ON` is about, if that is carried; `written` is all behind `ON`.
pub(super) fn commented(written: &str, start: usize) -> Option<CarriedName> {
    let all: Vec<Token<'_>> = tokens(written).collect();
    let mut rest = all.as_slice();
    let (kind, shape) = KINDS.iter().copied().find(|(kind, _)| eat(&mut rest, &kind.split(' ').collect::<Vec<_>>()))?;
    one(&mut rest, kind, shape, start, written)
}

fn eat(rest: &mut &[Token<'_>], words: &[&str]) -> bool {
    let fits = rest.len() >= words.len() && words.iter().zip(rest.iter()).all(|(word, token)| token.text.eq_ignore_ascii_case(word));
    if fits {
        *rest = &rest[words.len()..];
    }
    fits
}

fn one(rest: &mut &[Token<'_>], kind: &'static str, shape: Shape, start: usize, whole: &str) -> Option<CarriedName> {
    let begin = rest.first()?.start;
    let carried = |name: Qualified, arguments, table| CarriedName { kind, name, arguments, table, columns: Vec::new() };
    let named = |name: String, end: usize| Qualified { schema: None, name, range: start + begin..start + end };
    match shape {
        Shape::Plain | Shape::Schema => dotted(rest, start).map(|name| carried(name, None, None)),
        Shape::Arguments => {
            let name = dotted(rest, start)?;
            let arguments = parenthesised(rest, whole);
            Some(carried(name, Some(arguments.unwrap_or_default()), None))
        }
        Shape::Method => {
            let name = dotted(rest, start)?;
            let using = rest.iter().position(|token| token.text.eq_ignore_ascii_case("using"))?;
            let method = rest.get(using + 1).and_then(folded);
            *rest = rest.get(using + 2..)?;
            Some(carried(name, method, None))
        }
        Shape::Operator => operator(rest, start, whole).map(|(name, arguments)| carried(name, Some(arguments), None)),
        Shape::Cast => {
            let types = parenthesised(rest, whole)?;
            let end = rest.first().map_or(whole.len(), |token| token.start);
            Some(carried(named(types.to_ascii_lowercase(), end), None, None))
        }
        Shape::OnTable => {
            let name = dotted(rest, start)?;
            while let Some((token, behind)) = rest.split_first() {
                *rest = behind;
                if token.text.eq_ignore_ascii_case("on") || token.text.eq_ignore_ascii_case("to") {
                    // `ON SELECT TO table` in a rule's own statement.
                    if behind.get(1).is_some_and(|next| next.text.eq_ignore_ascii_case("to")) {
                        continue;
                    }
                    let table = dotted(rest, start);
                    return Some(carried(name, None, table));
                }
            }
            Some(carried(name, None, None))
        }
        Shape::FromTable => {
            // Without a name PostgreSQL makes one.
            let unnamed = rest.first().is_some_and(|next| next.text == "(" || next.text.eq_ignore_ascii_case("on"));
            let name = if unnamed { named(String::new(), begin) } else { dotted(rest, start)? };
            let from = rest.iter().rposition(|token| token.text.eq_ignore_ascii_case("from"));
            let table = from.and_then(|at| dotted(&mut &rest[at + 1..], start));
            let on = rest.iter().position(|token| token.text.eq_ignore_ascii_case("on"));
            let columns = on.zip(from).map(|(on, from)| plain_names(&rest[on + 1..from], start)).unwrap_or_default();
            *rest = &rest[from.map_or(0, |_| rest.len())..];
            Some(CarriedName { columns, ..carried(name, None, table) })
        }
        Shape::UserMapping => {
            let words: Vec<&str> = rest
                .iter()
                .take_while(|token| !["options", "(", "cascade", "restrict"].contains(&token.text.to_ascii_lowercase().as_str()))
                .map(|token| token.text)
                .collect();
            *rest = &rest[words.len()..];
            let name = words.join(" ").to_ascii_lowercase();
            let end = begin + words.iter().map(|word| word.len() + 1).sum::<usize>().saturating_sub(1);
            Some(carried(named(name, end.min(whole.len())), None, None))
        }
    }
}

/// The names in a list, without what is more than a name.
fn plain_names(list: &[Token<'_>], start: usize) -> Vec<Name> {
    let names = list.split(|token| token.text == ",").filter_map(|item| match item {
        [only] => Some(Name { text: folded(only)?, range: start + only.start..start + only.start + only.text.len() }),
        _ => None,
    });
    names.collect()
}

/// `name`, `schema.name`.
fn dotted(rest: &mut &[Token<'_>], start: usize) -> Option<Qualified> {
    let first = rest.first()?;
    let mut last = (folded(first)?, first.start + first.text.len());
    let mut schema = None;
    *rest = &rest[1..];
    while let [dot, next, ..] = rest
        && dot.text == "."
    {
        schema = Some(last.0);
        last = (folded(next)?, next.start + next.text.len());
        *rest = &rest[2..];
    }
    Some(Qualified { schema, name: last.0, range: start + first.start..start + last.1 })
}

/// What stands in the parentheses that come next, as it is written.
fn parenthesised(rest: &mut &[Token<'_>], whole: &str) -> Option<String> {
    let open = rest.first().filter(|token| token.text == "(")?.start + 1;
    let mut depth = 0usize;
    for (index, token) in rest.iter().enumerate() {
        match token.text {
            "(" => depth += 1,
            ")" => {
                depth -= 1;
                if depth == 0 {
                    let inner = whole.get(open..token.start)?.trim().to_owned();
                    *rest = &rest[index + 1..];
                    return Some(inner);
                }
            }
            _ => {}
        }
    }
    None
}

/// `schema.===` and its arguments: `(left, right)`, or `leftarg = …` in the statement that creates it.
fn operator(rest: &mut &[Token<'_>], start: usize, whole: &str) -> Option<(Qualified, String)> {
    let first = rest.first()?;
    let mut schema = None;
    if let [name, dot, ..] = rest
        && dot.text == "."
    {
        schema = folded(name);
        *rest = &rest[2..];
    }
    let sign = rest.first()?;
    *rest = &rest[1..];
    let name = Qualified { schema, name: sign.text.to_owned(), range: start + first.start..start + sign.start + sign.text.len() };
    let inner = parenthesised(rest, whole)?;
    let words: Vec<Token<'_>> = tokens(&inner).collect();
    let side = |wanted: &str| {
        let at = words.windows(2).position(|pair| pair[0].text.eq_ignore_ascii_case(wanted) && pair[1].text == "=")? + 2;
        let ty: Vec<&str> = words[at..].iter().take_while(|token| token.text != ",").map(|token| token.text).collect();
        Some(ty.concat())
    };
    let arguments = match (side("leftarg"), side("rightarg")) {
        (None, None) => words.iter().map(|token| token.text).collect::<String>(),
        (left, right) => format!("{},{}", left.as_deref().unwrap_or("none"), right.as_deref().unwrap_or("none")),
    };
    Some((name, arguments.to_ascii_lowercase()))
}
