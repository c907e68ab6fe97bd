//! `types!` is told something that it does not take.

mod types {
    elyos_runtime::types!("schemas/types.sql");
}

fn main() {}
