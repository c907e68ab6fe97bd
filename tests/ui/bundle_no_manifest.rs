//! A bundle without seeds.toml.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/no_manifest");

fn main() {
    println!("{}", BUNDLE.digest());
}
