//! What an insert cannot say is not there.

use elyos_runtime::prelude::*;

#[derive(Repository)]
#[repository(table = "shop.order_lines", schema = "schemas/shop.sql")]
pub struct OrderLineRepository;

fn main() {
    let _ = NewOrderLine { order_id: 1, line: 1, product: "tea".into(), price: 10, optional: default() };
    let _ = NewOrderLineOptional { price: Set(10), ..default() };
    let _ = NewOrderLineOptional { quantity: 2, ..default() };
}
