//! A schema that is not SQL.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/schema_not_sql");

fn main() {
    println!("{}", BUNDLE.digest());
}
