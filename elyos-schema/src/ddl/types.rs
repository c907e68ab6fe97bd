//! Types and domains.

use super::{Expression, Name, Qualified, TypeName};

#[derive(Clone, Debug)]
pub(crate) enum ValuePlace {
    End,
    Before(String),
    After(String),
}

#[derive(Clone, Debug)]
pub(crate) enum DomainChange {
    SetNotNull,
    DropNotNull,
    SetDefault(Expression),
    DropDefault,
    AddCheck { name: Option<Name>, check: Expression, not_valid: bool },
    Validate(Name),
    AddNotNull,
    DropConstraint { name: Name, if_exists: bool },
    RenameConstraint { name: Name, to: Name },
    RenameTo(Name),
    SetSchema(Name),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeChange {
    AddValue { value: String, place: ValuePlace, if_not_exists: bool },
    RenameValue { from: String, to: String },
    Attribute { change: AttributeChange, cascade: bool },
    RenameTo(Name),
    SetSchema(Name),
    Nothing,
}

#[derive(Clone, Debug)]
pub(crate) enum TypeDefinition {
    Enum(Vec<String>),
    Composite(Vec<(Name, TypeName)>),
    Range { subtype: Option<Box<TypeName>>, multirange: Option<Qualified> },
    Base,
    Shell,
}

/// What becomes of an attribute of a composite type.
#[derive(Clone, Debug)]
pub(crate) enum AttributeChange {
    Add { name: Name, ty: TypeName },
    Drop { name: Name, if_exists: bool },
    SetType { name: Name, ty: TypeName },
    Rename { name: Name, to: Name },
}
