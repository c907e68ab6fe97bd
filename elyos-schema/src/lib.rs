//! Reads PostgreSQL's DDL and Elyos bundles without a database: SQL text in, a [`Catalog`] or a [`bundle::Bundle`] out.
//!
//! The way the data goes, one module a step: [`parse`] (text → statements, the only module that knows the parser crate) →
//! `apply` (a statement changes a [`Catalog`], as PostgreSQL would) → [`bundle`] (a folder's files, checked against the catalog,
//! ordered and hashed). What is wrong is told by [`Diagnostics`]: all of it at once, each with its place.
//!
//! Nothing here reads a file, opens a connection or depends on the machine: the same bytes give the same answer.
//!
//! ```
//! use elyos_schema::{Catalog, Source};
//!
//! let source = Source::new("schema.sql", "create table users (id serial primary key, email varchar(255) not null unique);");
//! let catalog = Catalog::load(&[source])?;
//! let users = catalog.table("public", "users").expect("it was just created");
//! assert_eq!(users.columns[1].ty.to_string(), "character varying(255)");
//! assert_eq!(users.unique[0].name, "users_email_key");
//! # Ok::<(), elyos_schema::Diagnostics>(())
//! ```

#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod apply;
pub mod bundle;
pub mod catalog;
mod ddl;
pub mod diagnostic;
mod nearest;
pub mod parse;
pub mod query;
pub mod resolve;
mod source;

pub use catalog::{Catalog, RelationName};
pub use diagnostic::{Diagnostic, Diagnostics};
pub use nearest::nearest;
pub use source::{Position, Source};
