//! What the resolver says of queries, against PostgreSQL: their columns' names and types, and that what it has proven never to be null is not.

mod data;
mod functions;
mod generated;
mod generator;
mod returning;
mod support;
mod table;
