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
    AddAttribute { name: Name, ty: TypeName },
    DropAttribute { name: Name, if_exists: bool },
    AlterAttribute { name: Name, ty: TypeName },
    RenameAttribute { name: Name, to: Name },
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
