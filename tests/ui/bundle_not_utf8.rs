//! A seed that is not UTF-8.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/not_utf8");

fn main() {
    println!("{}", BUNDLE.digest());
}
