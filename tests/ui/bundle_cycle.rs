//! Seeds that depend on each other: the whole way round is shown.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/cycle");

fn main() {
    println!("{}", BUNDLE.digest());
}
