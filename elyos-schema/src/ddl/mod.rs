//! What a DDL statement says, in our own words: the hand-over from `parse` to `apply`. Names are folded and cut, expressions are text.

mod block;
mod constraint;
mod definition;
mod name;
mod routine;
mod statement;
mod table;
mod types;

pub(crate) use block::{Block, Existence};
pub(crate) use constraint::{Action, Constraint, CreateIndex, Exclude, IndexColumn, IndexItem, KeyDefinition, Reference, Rule};
pub(crate) use definition::{CastContext, Definition};
pub(crate) use name::{Expression, Name, Plain, Qualified, TypeName};
pub(crate) use routine::{
    Argument, Call, CreateFunction, CreatePolicy, CreateTrigger, Firing, FunctionChange, FunctionOptions, PolicyChange, RoutineKind,
    Signature,
};
pub(crate) use statement::{CarriedName, Commented, Ddl, Owner};
pub(crate) use table::{
    ColumnChange, ColumnDefinition, CreateRelation, CreateTable, LikeOptions, PartitionKey, Persistence, RelationDefinition, RelationKind,
    TableChange, TableElement,
};
pub(crate) use types::{AttributeChange, DomainChange, TypeChange, TypeDefinition, ValuePlace};
