//! What takes a repository takes no other struct.

use elyos_runtime::prelude::*;

pub struct CustomerRepository;

fn rows<R: Repository>(db: &Db) -> Result<i64, Error> {
    R::count_all(db)
}

fn main() {
    let _ = rows::<CustomerRepository>;
}
