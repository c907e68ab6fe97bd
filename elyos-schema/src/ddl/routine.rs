//! Functions, and what calls or guards: triggers and policies.

use std::ops::Range;

use super::{Expression, Name, Qualified, TypeName};
use crate::catalog::{Mode, Volatility};

/// An argument of a function.
#[derive(Clone, Debug)]
pub(crate) struct Argument {
    pub name: Option<Name>,
    pub mode: Mode,
    pub ty: TypeName,
    pub default: Option<Expression>,
}

/// What `CREATE` and `ALTER` say of a function beside its signature.
#[derive(Clone, Debug, Default)]
pub(crate) struct FunctionOptions {
    pub language: Option<String>,
    pub volatility: Option<Volatility>,
    pub strict: Option<bool>,
    pub security_definer: Option<bool>,
    pub window: bool,
    pub has_body: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct CreateFunction {
    pub name: Qualified,
    pub or_replace: bool,
    pub procedure: bool,
    pub arguments: Vec<Argument>,
    pub returns: Option<TypeName>,
    pub returns_set: bool,
    pub options: FunctionOptions,
}

/// A call that a statement makes.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub name: Qualified,
    /// The values of its arguments, where they are written down.
    pub arguments: Vec<Option<String>>,
    pub procedure: bool,
    /// Whether it is made, and once: not for each row of a query, nor in one case of several.
    pub sure: bool,
    pub range: Range<usize>,
}

/// What `DROP` and `ALTER` may mean by a name with arguments.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RoutineKind {
    Function,
    Procedure,
    Routine,
}

/// A function as `DROP` and `ALTER` name it; no arguments: the only one of its name.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    pub kind: RoutineKind,
    pub name: Qualified,
    pub arguments: Option<Vec<Argument>>,
}

#[derive(Clone, Debug)]
pub(crate) enum FunctionChange {
    RenameTo(Name),
    SetSchema(Name),
    Options(FunctionOptions),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) struct CreateTrigger {
    pub name: Name,
    pub or_replace: bool,
    pub table: Qualified,
    pub function: Qualified,
    pub before_insert: bool,
    pub before_update: bool,
    pub columns: Vec<Name>,
    /// The columns that `WHEN` names.
    pub when: Vec<Name>,
    /// What stands behind `WHEN`, and when the trigger is called.
    pub condition: Option<(Expression, Firing)>,
}

/// When a trigger is called.
#[derive(Clone, Copy, Debug, Default)]
#[allow(clippy::struct_excessive_bools, reason = "the words of the statement are independent of each other")]
pub(crate) struct Firing {
    pub before: bool,
    pub for_each_row: bool,
    pub on_insert: bool,
    pub on_delete: bool,
}

#[derive(Clone, Debug)]
pub(crate) struct CreatePolicy {
    pub name: Name,
    pub table: Qualified,
    pub permissive: bool,
    pub command: String,
    pub roles: Vec<String>,
    pub using: Option<Expression>,
    pub with_check: Option<Expression>,
}

#[derive(Clone, Debug)]
pub(crate) enum PolicyChange {
    RenameTo(Name),
    Set { roles: Option<Vec<String>>, using: Option<Expression>, with_check: Option<Expression> },
}
