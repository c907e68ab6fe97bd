//! The folder is not there.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/no_such_folder");

fn main() {
    println!("{}", BUNDLE.digest());
}
