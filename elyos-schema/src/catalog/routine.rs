//! Functions and procedures, as far as a caller sees them.

use std::ops::Range;

use super::types::Type;
use crate::source::Source;

/// A function or a procedure.
///
/// ```
/// use elyos_schema::{Catalog, Source, catalog::Volatility};
///
/// let text = "create function twice(n int, out m bigint) language sql immutable as 'select n * 2';";
/// let catalog = Catalog::load(&[Source::new("a.sql", text)])?;
/// let twice = catalog.functions().next().expect("it was just created");
/// assert_eq!(twice.signature(), "twice(integer)");
/// assert_eq!(twice.result().as_deref(), Some("bigint"));
/// assert_eq!(twice.volatility, Volatility::Immutable);
/// # Ok::<(), elyos_schema::Diagnostics>(())
/// ```
#[allow(clippy::struct_excessive_bools, reason = "the facts are independent of each other")]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whether it is a procedure, which is called and returns nothing.
    pub procedure: bool,
    /// `WINDOW`.
    pub window: bool,
    /// Its arguments in order, those of `RETURNS TABLE` last.
    pub arguments: Vec<Argument>,
    /// What stands behind `RETURNS`, `TABLE` aside; None where the arguments say it.
    pub returns: Option<Type>,
    /// Whether it returns a set.
    pub returns_set: bool,
    /// What it promises of its result.
    pub volatility: Volatility,
    /// Whether a null argument makes its result null without a call.
    pub strict: bool,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// The language it is written in.
    pub language: String,
    /// `COMMENT ON FUNCTION`.
    pub comment: Option<String>,
    /// The text it was created in.
    pub source: Source,
    /// The bytes of the statement that created it.
    pub range: Range<usize>,
}

/// An argument of a function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name, if it has one.
    pub name: Option<String>,
    /// Which way it goes.
    pub mode: Mode,
    /// Its type.
    pub ty: Type,
    /// The default's SQL text, as written.
    pub default: Option<String>,
}

/// Which way an argument goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Into the function.
    In,
    /// Out of it.
    Out,
    /// Both.
    InOut,
    /// Any number of them.
    Variadic,
    /// A column of `RETURNS TABLE`.
    Table,
}

/// What a function promises of its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Volatility {
    /// The same arguments always give the same.
    Immutable,
    /// The same within a statement.
    Stable,
    /// Nothing.
    Volatile,
}

impl Function {
    /// The types that tell it from others of its name, as PostgreSQL prints them.
    #[must_use]
    pub fn argument_types(&self) -> Vec<String> {
        let inputs = self.arguments.iter().filter(|argument| argument.is_input());
        inputs.map(|argument| argument.ty.without_modifiers()).collect()
    }

    /// Its schema and name, which others may share.
    pub(crate) fn full_name(&self) -> super::RelationName {
        super::RelationName { schema: self.schema.clone(), name: self.name.clone() }
    }

    /// `name(types)`.
    #[must_use]
    pub fn signature(&self) -> String {
        format!("{}({})", super::names::quote(&self.name), self.argument_types().join(", "))
    }

    /// What it returns, as `pg_get_function_result` prints it; None for a procedure.
    #[must_use]
    pub fn result(&self) -> Option<String> {
        if self.procedure {
            return None;
        }
        let columns: Vec<&Argument> = self.arguments.iter().filter(|argument| argument.mode == Mode::Table).collect();
        if !columns.is_empty() {
            let column = |argument: &&Argument| match &argument.name {
                Some(name) => format!("{} {}", super::names::quote(name), argument.ty.without_modifiers()),
                None => argument.ty.without_modifiers(),
            };
            return Some(format!("TABLE({})", columns.iter().map(column).collect::<Vec<_>>().join(", ")));
        }
        let outputs: Vec<&Argument> = self.arguments.iter().filter(|argument| matches!(argument.mode, Mode::Out | Mode::InOut)).collect();
        let ty = match (&self.returns, outputs.as_slice()) {
            (Some(ty), _) => ty.without_modifiers(),
            (None, [only]) => only.ty.without_modifiers(),
            (None, _) => "record".to_owned(),
        };
        Some(if self.returns_set { format!("SETOF {ty}") } else { ty })
    }
}

impl Argument {
    /// Whether a caller gives it.
    #[must_use]
    pub fn is_input(&self) -> bool {
        matches!(self.mode, Mode::In | Mode::InOut | Mode::Variadic)
    }
}
