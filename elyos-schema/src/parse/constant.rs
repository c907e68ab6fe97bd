//! Texts that are put together before they are run, where all that they are made of is written down: literals, arguments of which the call
//! says the values, `||`, `format`, `quote_ident` and its kin (<https://www.postgresql.org/docs/current/functions-string.html>).

use std::collections::HashMap;

use super::token::{Token, TokenKind, folded, tokens};
use crate::catalog::names::quote;

/// What names and `$1` stand for.
pub(super) type Values = HashMap<String, String>;

/// The text that an expression is.
pub(super) fn text_of(expression: &str, values: &Values) -> Option<String> {
    let all: Vec<Token<'_>> = tokens(expression).collect();
    let mut reader = Reader { all: &all, at: 0, values };
    let text = reader.joined()?;
    (reader.at == all.len()).then_some(text)
}

struct Reader<'a> {
    all: &'a [Token<'a>],
    at: usize,
    values: &'a Values,
}

impl Reader<'_> {
    fn takes(&mut self, sign: &str) -> bool {
        let is = self.all.get(self.at).is_some_and(|token| token.text == sign);
        self.at += usize::from(is);
        is
    }

    fn joined(&mut self) -> Option<String> {
        let mut whole = self.cast()?;
        while self.takes("||") {
            whole.push_str(&self.cast()?);
        }
        Some(whole)
    }

    /// To be cast leaves a text as it is, as far as it is put into a statement.
    fn cast(&mut self) -> Option<String> {
        let text = self.term()?;
        while self.takes("::") {
            let ty = self.all.get(self.at).and_then(folded)?;
            if !["name", "regclass", "text", "varchar"].contains(&ty.as_str()) {
                return None;
            }
            self.at += 1;
        }
        Some(text)
    }

    fn term(&mut self) -> Option<String> {
        if self.takes("(") {
            let text = self.joined()?;
            return self.takes(")").then_some(text);
        }
        let token = self.all.get(self.at)?;
        self.at += 1;
        if let Some(text) = literal(token) {
            return Some(text);
        }
        if let Some(value) = self.values.get(token.text) {
            return Some(value.clone());
        }
        let name = folded(token)?;
        if !self.takes("(") {
            return self.values.get(&name).cloned();
        }
        let mut arguments = Vec::new();
        while !self.takes(")") {
            if !arguments.is_empty() && !self.takes(",") {
                return None;
            }
            arguments.push(self.joined()?);
        }
        match (name.as_str(), arguments.as_slice()) {
            ("format", [template, arguments @ ..]) => formatted(template, arguments),
            ("quote_ident", [only]) => Some(quote(only)),
            ("quote_literal" | "quote_nullable", [only]) => Some(quoted(only)),
            ("concat", all) => Some(all.concat()),
            ("lower", [only]) => Some(only.to_lowercase()),
            ("upper", [only]) => Some(only.to_uppercase()),
            _ => None,
        }
    }
}

/// What a literal says; a number is its own text.
fn literal(token: &Token<'_>) -> Option<String> {
    let text = token.text;
    if token.kind == TokenKind::Text {
        if let Some(inner) = text.strip_prefix('\'').and_then(|rest| rest.strip_suffix('\'')) {
            return Some(inner.replace("''", "'"));
        }
        let tag = text.strip_prefix('$').and_then(|rest| rest.find('$')).map(|end| &text[..end + 2])?;
        return text.strip_prefix(tag)?.strip_suffix(tag).map(str::to_owned);
    }
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.to_owned())
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// `format`, but for widths.
fn formatted(template: &str, arguments: &[String]) -> Option<String> {
    let mut whole = String::new();
    let mut rest = template;
    let mut next = 0;
    while let Some(at) = rest.find('%') {
        whole.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(behind) = rest.strip_prefix('%') {
            whole.push('%');
            rest = behind;
            continue;
        }
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if let Some(behind) = rest[digits..].strip_prefix('$') {
            next = rest[..digits].parse::<usize>().ok()?.checked_sub(1)?;
            rest = behind;
        } else if digits > 0 {
            return None;
        }
        let argument = arguments.get(next)?;
        next += 1;
        match rest.chars().next()? {
            's' => whole.push_str(argument),
            'I' => whole.push_str(&quote(argument)),
            'L' => whole.push_str(&quoted(argument)),
            _ => return None,
        }
        rest = &rest[1..];
    }
    whole.push_str(rest);
    Some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(expression: &str) -> Option<String> {
        let values = [("_tbl", "users"), ("$1", "users"), ("odd", "A b")];
        text_of(expression, &values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn what_is_written_down_is_put_together() {
        assert_eq!(text("'drop table ' || quote_ident(odd) || $$ cascade$$").as_deref(), Some("drop table \"A b\" cascade"));
        assert_eq!(text("format('%I.%s, %2$L %%', _TBL::regclass, ('it''s'))").as_deref(), Some("users.it's, 'it''s' %"));
        assert_eq!(
            text("format($t$create table %s (a int default %s)$t$, $1, 7)").as_deref(),
            Some("create table users (a int default 7)")
        );
        assert_eq!(text("concat(lower('A'), upper('b'), $1::text)").as_deref(), Some("aBusers"));
    }

    #[test]
    fn what_is_not_is_not_guessed() {
        for expression in
            ["other", "'a' || other", "format('%5s', 'a')", "format('%s')", "now()", "'a' 'b'", "'a' ||", "E'a'", "'a'::int", "$2"]
        {
            assert_eq!(text(expression), None, "{expression}");
        }
    }
}
