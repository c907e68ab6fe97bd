//! A schema that is not SQL, shown with its own file and lines.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "ok", schema = "schemas/broken.sql")]
pub struct OkRepository;

#[derive(Repository)]
#[repository(table = "a", schema = "schemas/dangling.sql")]
pub struct ARepository;

fn main() {}
