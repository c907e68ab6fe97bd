//! Functions with a syntax of their own where a table stands: `FROM extract(year FROM now()) y`, which PostgreSQL's grammar takes and the parser
//! crate does not. They are written over as calls of functions that nobody has, of as many bytes, with commas for the words between their
//! arguments; [`meant`] tells which function it was.

use std::borrow::Cow;

use super::{
    exclusion::{has_word, is},
    token::{Token, TokenKind, tokens},
};
use crate::query::{Call, Expr, ExprKind, Literal};

/// The functions, the place of a rare letter in each, and the words that divide their arguments.
const FUNCTIONS: [(&str, usize, &[&str]); 5] = [
    ("extract", 1, &["from"]),
    ("overlay", 1, &["placing", "from", "for"]),
    ("position", 0, &["in"]),
    ("substring", 2, &["from", "for", "similar", "escape"]),
    ("trim", 3, &["from"]),
];

/// What the first two bytes of their names are while the text is parsed.
const SIGN: &str = "ǝ";

/// What may follow a list of tables.
const ENDS_OF_FROM: [&str; 16] = [
    "where",
    "group",
    "having",
    "window",
    "order",
    "limit",
    "offset",
    "fetch",
    "for",
    "union",
    "intersect",
    "except",
    "select",
    "set",
    "values",
    "returning",
];

/// What may stand first in `trim`.
const SIDES: [&str; 3] = ["both", "leading", "trailing"];

/// A bracket that is open, or the statement.
#[derive(Clone, Copy, Default)]
struct Bracket {
    /// Whether a list of tables has begun in it.
    in_from: bool,
    /// The words between the arguments, if it is of one of the functions, and whether that is written over.
    divided_by: Option<&'static [&'static str]>,
    written_over: bool,
}

/// The text as the parser crate can read it. One without such a call costs a few searches.
pub(super) fn readable(text: Cow<'_, str>) -> Cow<'_, str> {
    let may_be =
        |(function, rare, _): &(&str, usize, _)| has_word(text.as_bytes(), function.as_bytes(), *rare) && is_called(&text, function);
    if !FUNCTIONS.iter().any(may_be) || text.contains(SIGN) {
        return text;
    }
    let all: Vec<Token<'_>> = tokens(&text).collect();
    let mut bytes = text.as_bytes().to_vec();
    let mut open = vec![Bracket::default()];
    for (index, token) in all.iter().enumerate() {
        let before = |back: usize| index.checked_sub(back).and_then(|at| all.get(at));
        let innermost = open.last().copied().unwrap_or_default();
        match token.text {
            "(" => {
                let function = before(1).filter(|it| it.kind == TokenKind::Word);
                let known = function.and_then(|it| FUNCTIONS.iter().find(|(name, ..)| is(it, name)));
                let begins_table = |it: &Token<'_>| is(it, "from") || is(it, "join") || is(it, "lateral") || it.text == ",";
                let written_over = innermost.in_from && before(2).is_some_and(begins_table);
                if let (Some(function), true, true) = (function, known.is_some(), written_over) {
                    bytes[function.start..function.start + SIGN.len()].copy_from_slice(SIGN.as_bytes());
                }
                open.push(Bracket { in_from: false, divided_by: known.map(|(_, _, words)| *words), written_over });
            }
            ")" if open.len() > 1 => {
                open.pop();
            }
            ";" => open = vec![Bracket::default()],
            _ if token.kind != TokenKind::Word => {}
            _ if innermost.divided_by.is_none() => {
                let Some(bracket) = open.last_mut() else { continue };
                if is(token, "from") {
                    // `IS DISTINCT FROM` begins no list of tables.
                    bracket.in_from = !before(1).is_some_and(|it| is(it, "distinct"));
                } else if ENDS_OF_FROM.iter().any(|word| is(token, word)) {
                    bracket.in_from = false;
                }
            }
            _ if innermost.written_over => {
                let is_side = |it: &Token<'_>| SIDES.iter().any(|side| is(it, side));
                let divides = innermost.divided_by.is_some_and(|words| words.iter().any(|word| is(token, word)));
                if divides || is_side(token) {
                    let stretch = &mut bytes[token.start..token.start + token.text.len()];
                    stretch.fill(b' ');
                    // `trim(both FROM x)` has but one argument.
                    if divides && before(1).is_some_and(|it| it.text != "(" && !is_side(it)) {
                        stretch[0] = b',';
                    }
                }
            }
            _ => {}
        }
    }
    // Whole ASCII words were replaced.
    String::from_utf8(bytes).map_or(text, Cow::Owned)
}

/// Whether a function is called behind what a table may follow.
fn is_called(text: &str, function: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.match_indices(function).any(|(at, _)| {
        let behind = lower[at + function.len()..].trim_start().starts_with('(');
        let before = lower[..at].trim_end();
        behind && (before.len() < at || before.ends_with(',')) && ["from", "join", "lateral", ","].iter().any(|word| before.ends_with(word))
    })
}

/// The call that one of the written over functions is.
pub(super) fn meant(mut call: Call) -> Call {
    let Some(name) = call.name.first_mut() else { return call };
    let Some(rest) = name.text.strip_prefix(SIGN) else { return call };
    let Some((function, ..)) = FUNCTIONS.iter().find(|(function, ..)| function[2..] == *rest) else { return call };
    let real = if *function == "trim" { "btrim" } else { function };
    real.clone_into(&mut name.text);
    match *function {
        // The field is a word.
        "extract" => {
            if let Some((_, field)) = call.arguments.first_mut() {
                *field = Expr::new(ExprKind::Literal(Literal::String), field.range.clone());
            }
        }
        "position" | "trim" => call.arguments.reverse(),
        _ => {}
    }
    call
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        readable(Cow::Borrowed(text)).into_owned()
    }

    #[test]
    fn only_what_stands_for_a_table_is_written_over() {
        assert_eq!(read("select * from extract(year from now()) y"), "select * from ǝtract(year ,    now()) y");
        assert_eq!(read("from t, LATERAL Substring(a FROM 1 for 2)"), "from t, LATERAL ǝbstring(a ,    1 ,   2)");
        assert_eq!(read("from trim(both from substring(a from 2))"), "from ǝim(          substring(a from 2))");
        assert_eq!(read("select trim(a) from t, trim(leading 'x' from a)"), "select trim(a) from t, ǝim(        'x' ,    a)");
        for kept in [
            "select substring(a from position('@' in a)) from t",
            "select extract(year from trim(a)) from t",
            "select a is distinct from trim(b)",
            "select a, trim(b) from t where a, trim(c)",
            "select a from position",
            "delete from t where trim(a) = ''",
        ] {
            assert_eq!(read(kept), kept);
        }
    }
}
