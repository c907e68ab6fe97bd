//! What is emitted, decided: names, types and keys, with nothing left to check.

use std::path::PathBuf;

use syn::{Ident, Visibility};

use crate::types::RustType;

/// A repository and its table.
pub(crate) struct Model {
    pub(crate) ident: Ident,
    pub(crate) vis: Visibility,
    /// The name that its structs are called after, such as `User`.
    pub(crate) base: String,
    /// The module of the column handles.
    pub(crate) module: Ident,
    /// As people write it: `auth.users`.
    pub(crate) shown: String,
    /// As SQL has it: `"auth"."users"`.
    pub(crate) quoted: String,
    pub(crate) comment: Option<String>,
    pub(crate) columns: Vec<ColumnModel>,
    /// Places of the key's columns.
    pub(crate) key: Vec<usize>,
    pub(crate) uniques: Vec<Unique>,
    /// Quoted names of the searched columns.
    pub(crate) search: Vec<String>,
    /// The file to be read again when it changes.
    pub(crate) schema_path: PathBuf,
}

/// A column and its field.
pub(crate) struct ColumnModel {
    pub(crate) name: String,
    pub(crate) quoted: String,
    pub(crate) field: Ident,
    pub(crate) constant: Ident,
    pub(crate) ty: RustType,
    pub(crate) nullable: bool,
    pub(crate) insert: OnInsert,
    pub(crate) doc: String,
}

/// What an insert says of a column.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnInsert {
    /// It has to say a value.
    Required,
    /// It may leave the column to its default, or to null.
    Optional,
    /// The database makes the value: generated, or identity always.
    Absent,
}

/// A unique constraint that rows are found by.
pub(crate) struct Unique {
    pub(crate) name: String,
    /// The method that finds them.
    pub(crate) method: Ident,
    pub(crate) columns: Vec<usize>,
}
