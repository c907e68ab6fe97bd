//! A table to truncate that another one references.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/referenced_from_outside");

fn main() {
    println!("{}", BUNDLE.digest());
}
