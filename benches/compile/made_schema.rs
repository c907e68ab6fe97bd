//! Prints a schema of half a megabyte, or with `program`, a program of a derive for each of its first hundred tables.

#[path = "../src/ddl/mod.rs"]
#[allow(dead_code, unused_imports, reason = "of what is made up here, one is printed")]
mod ddl;

use std::collections::BTreeSet;
use std::process::ExitCode;

/// So many tables take half a megabyte.
const TABLES: usize = 175;

fn main() -> ExitCode {
    let schema = ddl::dump(TABLES, false);
    match std::env::args().nth(1).as_deref() {
        None => print!("{schema}"),
        Some("program") => print!("{}", program(&schema)),
        Some(other) => {
            eprintln!("`{other}` is not understood: it is `program`, or nothing");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn program(schema: &str) -> String {
    let names = schema.lines().filter_map(|line| line.strip_prefix("CREATE TABLE ")?.split(' ').next());
    let names: BTreeSet<&str> = names.collect();
    let derives: String = names
        .iter()
        .take(100)
        .enumerate()
        .map(|(at, name)| format!("#[derive(Repository)]\n#[repository(table = \"{name}\")]\npub struct Table{at}Repository;\n\n"))
        .collect();
    format!(
        "//! A derive for each of a hundred tables.\n\n#![allow(dead_code, reason = \"nothing is called\")]\n\nmod application;\n\n\
         mod types {{\n    elyos_runtime::types!();\n}}\n\nuse elyos_runtime::prelude::*;\n\n{derives}\
         fn main() {{\n    println!(\"{{}}\", application::answer());\n}}\n"
    )
}
