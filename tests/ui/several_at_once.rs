//! All that is wrong with one repository is said at once.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(tabel = "shop.customers", search(), colour = 1)]
pub struct CustomerRepository<T> {
    id: T,
}

fn main() {}
