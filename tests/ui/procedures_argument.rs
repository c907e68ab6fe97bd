//! `procedures!` takes nothing, or a path.

mod wrong {
    elyos_runtime::procedures!(db);
}

mod missing {
    elyos_runtime::procedures!("no/such/folder");
}

fn main() {}
