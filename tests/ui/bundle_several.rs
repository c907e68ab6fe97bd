//! All that is wrong with a bundle is said at once.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/several");

fn main() {
    println!("{}", BUNDLE.digest());
}
