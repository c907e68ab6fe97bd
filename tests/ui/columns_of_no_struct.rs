//! `Columns` is for structs with named fields.

use elyos_runtime::prelude::*;

#[derive(Columns)]
enum Either {
    One,
}

#[derive(Columns)]
struct Pair(i32, i32);

#[derive(Columns)]
struct Generic<T> {
    value: T,
}

#[derive(Columns)]
struct Empty {}

fn main() {}
