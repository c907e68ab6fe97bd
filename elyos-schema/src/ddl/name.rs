//! Names, types and expressions as they are written.

use std::{ops::Range, sync::Arc};

use crate::query::Expr;

/// A name as PostgreSQL reads it (folded, unquoted, cut to 63 bytes), and where it stands.
#[derive(Clone, Debug)]
pub(crate) struct Name {
    pub text: String,
    pub range: Range<usize>,
}

/// A name that may carry its schema.
#[derive(Clone, Debug)]
pub(crate) struct Qualified {
    pub schema: Option<String>,
    pub name: String,
    pub range: Range<usize>,
}

/// A type as it is written.
#[derive(Clone, Debug)]
pub(crate) struct TypeName {
    pub name: Qualified,
    pub modifiers: Vec<i64>,
    pub array_dimensions: u32,
    /// Spelt with PostgreSQL's own keywords (`integer`, `timestamp with time zone`): `name` is the internal name, nothing to look up.
    pub built_in: bool,
    /// `table.column%TYPE`: the type of that column.
    pub of_column: Option<(Qualified, Name)>,
}

/// An expression's text, and the plain names in it, which may be columns.
#[derive(Clone, Debug)]
pub(crate) struct Expression {
    pub text: String,
    /// Where the text begins.
    pub start: usize,
    pub names: Vec<String>,
    /// Those of them that can be nothing but columns of the table it is about.
    pub columns: Vec<Name>,
    /// What it is, for its types; None for what is [`Plain`].
    pub tree: Option<Arc<Expr>>,
}

/// What most defaults are: a literal of one kind or a call without arguments, and nothing around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Plain {
    Bool,
    /// Of less than ten digits.
    Integer,
    String,
    /// `'…'::text` and `'…'::character varying`, as a dump has them.
    Text,
    Now,
    Uuid,
    /// `nextval('…'::regclass)`.
    Next,
}

impl Plain {
    /// The kind of a text, as far as it tells.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match text {
            "true" | "false" | "TRUE" | "FALSE" => Self::Bool,
            "now()" | "NOW()" | "CURRENT_TIMESTAMP" => Self::Now,
            "gen_random_uuid()" => Self::Uuid,
            _ if text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit()) => Self::Integer,
            _ => {
                let (text, kind) = if let Some(name) = text.strip_prefix("nextval(") {
                    (name.strip_suffix("::regclass)")?, Self::Next)
                } else if let Some(literal) = text.strip_suffix("::text").or_else(|| text.strip_suffix("::character varying")) {
                    (literal, Self::Text)
                } else {
                    (text, Self::String)
                };
                let inner = text.strip_prefix('\'')?.strip_suffix('\'')?;
                (!inner.contains('\'')).then_some(kind)?
            }
        })
    }
}
