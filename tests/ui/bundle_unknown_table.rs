//! A table to truncate that the schema does not have.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/unknown_table");

fn main() {
    println!("{}", BUNDLE.digest());
}
