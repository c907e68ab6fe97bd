//! One file in two seeds.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/file_listed_twice");

fn main() {
    println!("{}", BUNDLE.digest());
}
