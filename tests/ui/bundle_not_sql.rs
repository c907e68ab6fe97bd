//! A seed that is not SQL.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/not_sql");

fn main() {
    println!("{}", BUNDLE.digest());
}
