//! A seed that begins and ends transactions.

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/transaction_control");

fn main() {
    println!("{}", BUNDLE.digest());
}
