//! A patch names columns, and says what to set.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.customers", search(name), schema = "schemas/shop.sql")]
pub struct CustomerRepository;

fn main() {
    let _ = CustomerPatch { nmae: Set("Ann".into()), ..default() };
    let _ = CustomerPatch { name: "Ann".to_owned(), ..default() };
    let _ = CustomerPatch { name: Set(None), ..default() };
    let _ = CustomerPatch { note: Set("hello".to_owned()), ..default() };
}
