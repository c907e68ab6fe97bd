//! What a schema is, in one form whether it was read from files or from a live server.
//!
//! [`files`] reads SQL files into a [`Catalog`](elyos_schema::Catalog) and [`from_catalog`] makes a [`Document`] of it; [`live`] makes the
//! same of a database. Expressions differ in spelling, as a server keeps trees and a file has text: [`canonical`] is the one place
//! that makes them comparable.

pub mod canonical;
mod document;
pub mod files;
mod from_catalog;
pub mod live;
mod text;

pub use document::{
    Argument, Attribute, Check, Column, Composite, Document, Domain, Enum, Exclusion, Extension, ForeignKey, Function, Index, IndexColumn,
    Key, Owner, Policy, Range, References, Sequence, Table, Trigger, View,
};
pub use from_catalog::from_catalog;
