//! A seed depends on one that does not exist.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/unknown_dependency");

fn main() {
    println!("{}", BUNDLE.digest());
}
