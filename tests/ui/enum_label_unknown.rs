//! A label that the enum does not have.

mod types {
    elyos_runtime::types!(schema = "schemas/types.sql");
}

fn main() {
    println!("{}", types::Mood::Angry);
}
