//! Enums, domains, composite and range types, and the extensions that bring more of them.

use super::{model::Check, types::Type};

/// An enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its values in their order.
    pub values: Vec<String>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type it restricts.
    pub base: Type,
    /// Whether it refuses null.
    pub not_null: bool,
    /// The collation, its own or that of the domain that it is over, where one says any: with its schema, where it is not one of
    /// PostgreSQL's own.
    pub collation: Option<String>,
    /// Its default's SQL text.
    pub default: Option<String>,
    /// Its checks.
    pub checks: Vec<Check>,
    /// `COMMENT ON DOMAIN`.
    pub comment: Option<String>,
}

/// An extension.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extension {
    /// Its name.
    pub name: String,
    /// The schema its statement puts it in.
    pub schema: Option<String>,
    /// `COMMENT ON EXTENSION`.
    pub comment: Option<String>,
}

/// A composite type of its own; a table's row type is the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A range type. Its multirange is a type of the same schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RangeType {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// The type of its bounds.
    pub subtype: Type,
    /// The name of its multirange type.
    pub multirange: String,
    /// `COMMENT ON TYPE`.
    pub comment: Option<String>,
}

/// A type that the user created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UserType {
    Enum(Enum),
    Domain(Domain),
    Composite(Composite),
    Range(RangeType),
    /// What came with a range type.
    Multirange {
        range: String,
    },
    /// Base and shell types: known by name only.
    Base {
        shell: bool,
        comment: Option<String>,
    },
}

impl UserType {
    pub(crate) fn moved(self, schema: &str, name: &str) -> Self {
        let (schema, name) = (schema.to_owned(), name.to_owned());
        match self {
            Self::Enum(it) => Self::Enum(Enum { schema, name, ..it }),
            Self::Domain(it) => Self::Domain(Domain { schema, name, ..it }),
            Self::Composite(it) => Self::Composite(Composite { schema, name, ..it }),
            Self::Range(it) => Self::Range(RangeType { schema, name, ..it }),
            it @ (Self::Multirange { .. } | Self::Base { .. }) => it,
        }
    }

    pub(crate) fn set_comment(&mut self, text: Option<String>) {
        match self {
            Self::Enum(it) => it.comment = text,
            Self::Domain(it) => it.comment = text,
            Self::Composite(it) => it.comment = text,
            Self::Range(it) => it.comment = text,
            Self::Base { comment, .. } => *comment = text,
            Self::Multirange { .. } => {}
        }
    }
}
