//! A value added to an enum and used in the same transaction, which PostgreSQL refuses
//! (<https://www.postgresql.org/docs/current/sql-altertype.html>, "Notes").

use super::mark::MARK;
use crate::{
    ddl::{Ddl, Qualified, TypeChange},
    diagnostic::Diagnostic,
    parse::{self, Statement, Token, TokenKind, folded, tokens},
    source::Source,
};

/// A value that an earlier statement has added.
struct Added<'a> {
    ty: &'a Qualified,
    value: &'a str,
    statement: &'a Statement,
}

/// Reports each use that is certain, `'value'::type`: which type another literal has, only the server knows, and says.
pub(super) fn refuse(source: &Source, parsed: &parse::Script, found: &mut Vec<Diagnostic>) {
    let mut created: Vec<&Qualified> = Vec::new();
    let mut added: Vec<Added<'_>> = Vec::new();
    for statement in parsed.statements() {
        if !added.is_empty() {
            uses(source, statement, &added, found);
        }
        for ddl in statement.ddl() {
            match ddl {
                Ddl::CreateType { name, .. } => created.push(name),
                // The values of a type that the same transaction has created can be used at once.
                Ddl::AlterType { name, changes } if !created.iter().any(|known| known.name == name.name) => {
                    added.extend(changes.iter().filter_map(|change| match change {
                        TypeChange::AddValue { value, .. } => Some(Added { ty: name, value, statement }),
                        _ => None,
                    }));
                }
                _ => {}
            }
        }
    }
}

fn uses(source: &Source, statement: &Statement, added: &[Added<'_>], found: &mut Vec<Diagnostic>) {
    let range = statement.range();
    let all: Vec<Token<'_>> = tokens(&source.text()[range.clone()]).collect();
    for (index, literal) in all.iter().enumerate().filter(|(_, token)| token.kind == TokenKind::Text) {
        let Some(ty) = cast(&all[index + 1..]) else { continue };
        let value = literal.text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')).map(|text| text.replace("''", "'"));
        let Some(added) = added.iter().find(|added| Some(added.value) == value.as_deref() && added.ty.name == ty) else { continue };
        let start = range.start + literal.start;
        found.push(
            Diagnostic::new(format!("a value of {ty} is used in the transaction that adds it, which PostgreSQL refuses"))
                .at(source, start..start + literal.text.len())
                .label(source, added.statement.range(), "added here")
                .help(format!("make `{MARK}` the first line of the file: each statement is then committed by itself"))
                .help("or use the value in a later migration"),
        );
    }
}

/// The name of the type, without its schema, that the tokens cast what is before them to.
fn cast(rest: &[Token<'_>]) -> Option<String> {
    let [sign, name, rest @ ..] = rest else { return None };
    if sign.text != "::" {
        return None;
    }
    match rest {
        [dot, name, ..] if dot.text == "." => folded(name),
        _ => folded(name),
    }
}
