//! What the benchmarks share: a durable private server, the bundle as one SQL file, samples and their table, and a
//! look at what goes over the wire; DDL made up.

pub mod ddl;
pub mod sample;
pub mod script;
pub mod server;
pub mod wire;

/// A benchmark that cannot go on says why and ends.
pub type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;
