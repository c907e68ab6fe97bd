//! A division of numbers with a fraction leaves nothing that the server has an operator for.

use elyos_runtime::prelude::*;
use elyos_runtime::query::sql_type;
use elyos_runtime::repositories::*;

fn query(db: &Db) {
    let _ = UserRepository::select().columns(users::ID.cast(sql_type::<f64>()).modulo(2.0)).all(db);
}

fn main() {}
