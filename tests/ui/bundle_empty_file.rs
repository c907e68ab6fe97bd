//! A seed without a statement.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/empty_file");

fn main() {
    println!("{}", BUNDLE.digest());
}
