//! Keys that mean nothing.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/unknown_key");

fn main() {
    println!("{}", BUNDLE.digest());
}
