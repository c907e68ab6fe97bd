//! `bundle!` takes the path of a folder, as text.

static A: elyos_runtime::Bundle = elyos_runtime::bundle!();
static B: elyos_runtime::Bundle = elyos_runtime::bundle!(db);
static C: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/cycle", "more");
static D: elyos_runtime::Bundle = elyos_runtime::bundle!("bundles/cycle/schema.sql");

fn main() {}
