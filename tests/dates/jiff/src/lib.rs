//! Repositories whose rows hold the dates and times of `jiff`: what the package's metadata say is all that is needed for that.

#[path = "../../repositories.rs"]
mod repositories;

pub use repositories::{procedures, types, *};
