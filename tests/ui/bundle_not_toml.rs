//! A manifest that is not TOML.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/not_toml");

fn main() {
    println!("{}", BUNDLE.digest());
}
