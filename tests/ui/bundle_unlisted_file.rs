//! A file is there that the manifest does not list.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/unlisted_file");

fn main() {
    println!("{}", BUNDLE.digest());
}
