//! What expressions need of an operator, aggregate or cast.

use super::{Argument, Qualified, TypeName};

/// What the statement that creates it says.
#[derive(Clone, Debug)]
pub(crate) enum Definition {
    Operator {
        left: Option<TypeName>,
        right: TypeName,
        function: Qualified,
    },
    Aggregate {
        arguments: Vec<Argument>,
        state: TypeName,
        /// The function that makes the result of the state.
        last: Option<Qualified>,
    },
    Cast {
        source: TypeName,
        target: TypeName,
        context: CastContext,
        /// Whether the value stays as it is.
        binary: bool,
    },
}

/// When a cast happens by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CastContext {
    Implicit,
    Assignment,
    Explicit,
}
