//! The parser's errors in words for people: each at the word it stumbled over, keywords and signs as they are written.

use std::ops::Range;

use squawk_syntax::{Parse, SourceFile, SyntaxToken};

use crate::{diagnostic::Diagnostic, source::Source};

/// So many syntax errors of one file are shown; those behind them are mostly echoes.
const SHOWN: usize = 20;

/// One diagnostic a line: what the parser says about the rest of the line is an echo of the first.
pub(super) fn all(source: &Source, parsed: &Parse<SourceFile>) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut last_line = 0;
    for error in parsed.errors() {
        let range = place(parsed, usize::from(error.range().start())..usize::from(error.range().end()));
        let line = source.position(range.start).line;
        if line == last_line {
            continue;
        }
        last_line = line;
        if found.len() == SHOWN {
            found.push(Diagnostic::new("there are more syntax errors than these").at(source, range));
            break;
        }
        let diagnostic = Diagnostic::new(format!("syntax error: {}", in_words(error.message()))).at(source, range.clone());
        found.push(match hint(error.message(), source.text(), &range) {
            Some(hint) => diagnostic.help(hint),
            None => diagnostic,
        });
    }
    found
}

/// The parser points between two words; the one behind is what it stumbled over.
fn place(parsed: &Parse<SourceFile>, range: Range<usize>) -> Range<usize> {
    if !range.is_empty() {
        return range;
    }
    let Ok(offset) = u32::try_from(range.start) else { return range };
    let mut token: Option<SyntaxToken> = parsed.syntax_node().token_at_offset(offset.into()).right_biased();
    while let Some(next) = token.as_ref().filter(|token| token.kind().is_trivia()) {
        token = next.next_token();
    }
    token.map_or(range, |token| usize::from(token.text_range().start())..usize::from(token.text_range().end()))
}

/// `WHERE_KW` as `` `WHERE` ``, `COMMA` as `` `,` ``, the rest as it is with a small first letter.
fn in_words(message: &str) -> String {
    let words: Vec<String> = message.split(' ').map(|word| sign(word).unwrap_or_else(|| word.to_owned())).collect();
    let joined = words.join(" ");
    let mut letters = joined.chars();
    match (letters.next(), joined.chars().nth(1)) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => joined,
    }
}

fn sign(word: &str) -> Option<String> {
    let sign = match word {
        "COMMA" => ",",
        "SEMICOLON" => ";",
        "L_PAREN" => "(",
        "R_PAREN" => ")",
        "L_BRACK" => "[",
        "R_BRACK" => "]",
        "DOT" => ".",
        "EQ" => "=",
        "COLON" => ":",
        "STAR" => "*",
        "EOF" => return Some("the end of the file".to_owned()),
        "IDENT" => return Some("a name".to_owned()),
        _ => word.strip_suffix("_KW")?,
    };
    Some(format!("`{sign}`"))
}

/// What to do about the mistakes that are commonest by far.
fn hint(message: &str, text: &str, range: &Range<usize>) -> Option<String> {
    let before = text.get(..range.start)?;
    let after = text.get(range.start..)?;
    if before.ends_with('\'') && after.starts_with(char::is_alphabetic) {
        return Some("a quote inside a string is written twice: `'it''s'`".to_owned());
    }
    if message.starts_with("expected command") {
        let first: Vec<&str> = after.split_whitespace().take(2).collect();
        return Some(format!("no statement of PostgreSQL begins with `{}`", first.join(" ")));
    }
    None
}
