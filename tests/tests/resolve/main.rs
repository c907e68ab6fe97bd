//! What the resolver says of queries, against PostgreSQL: their columns' names and types, and that what it has proven never to be null is not.

mod any_schema;
mod contradicted;
mod expressions;
mod fill;
mod functions;
mod generator;
mod returning;
mod support;
mod table;
mod values;
mod vocabulary;
