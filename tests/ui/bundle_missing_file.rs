//! The manifest lists a file that is not there.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/missing_file");

fn main() {
    println!("{}", BUNDLE.digest());
}
