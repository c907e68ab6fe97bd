//! The schema of `types!` is not there.

mod types {
    elyos_runtime::types!(schema = "schemas/kinds.sql");
}

fn main() {}
