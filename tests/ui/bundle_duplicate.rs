//! A seed of the same name again.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/duplicate");

fn main() {
    println!("{}", BUNDLE.digest());
}
