//! Rows are counted, or the distinct values of a column.

use elyos_runtime::prelude::*;
use elyos_runtime::query::count;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns(count().distinct()).all(db);
}

fn main() {}
