//! A seed with a command of psql's.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/psql_command");

fn main() {
    println!("{}", BUNDLE.digest());
}
