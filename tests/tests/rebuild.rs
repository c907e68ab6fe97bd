//! What cargo builds anew when a file of the bundle or the schema changes: a package of its own, as a user has it, with
//! the one-line `build.rs` of the documentation.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use elyos_tests::package::Package;

const MANIFEST: &str = r#"revision = 1

[seeds.items]
file = "items.sql"
"#;

/// Edition 2021: what the macros emit is no newer than that.
const PROGRAM: &str = r#"//! Prints what it was compiled with.

#![forbid(unsafe_code)]
#![deny(missing_docs, warnings)]

use elyos_runtime::prelude::*;

static BUNDLE: elyos_runtime::Bundle = elyos_runtime::bundle!("db");

/// Things to sell.
#[derive(Repository)]
#[repository(table = "items", schema = "db/schema.sql", search(gen))]
pub struct ItemRepository;

fn main() {
    println!("digest {}", BUNDLE.digest());
    println!("seeds {}", BUNDLE.seed_names().collect::<Vec<_>>().join(" "));
    println!("procedures {}", BUNDLE.procedure_names().collect::<Vec<_>>().join(" "));
    println!("columns {}", ItemRepository::SELECT);
    let _ = NewItem { id: 1, name: String::new(), optional: NewItemOptional { gen: Set(None), ..default() } };
}
"#;

/// The shop, whose program prints what it was compiled with.
fn shop() -> Package {
    let package = Package::new("shop", "", &target());
    package.write("build.rs", "fn main() { println!(\"cargo::rerun-if-changed=db\"); }\n");
    package.write("src/main.rs", PROGRAM);
    package.write("db/schema.sql", "CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, gen text);\n");
    package.write("db/seeds/seeds.toml", MANIFEST);
    package.write("db/seeds/items.sql", "INSERT INTO items VALUES (1, 'tea') ON CONFLICT DO NOTHING;\n");
    package
}

/// Builds and runs it.
fn run(package: &Package) -> Output {
    let said = package.cargo("build").unwrap_or_else(|said| panic!("it does not compile:\n{said}"));
    let program = target().join("debug").join(format!("shop{}", env::consts::EXE_SUFFIX));
    let output = Command::new(program).output().expect("it has just been built");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let value = |name: &str| {
        let line = text.lines().find_map(|line| line.strip_prefix(name));
        line.unwrap_or_else(|| panic!("no {name} in {text:?}")).trim().to_owned()
    };
    Output {
        digest: value("digest"),
        seeds: value("seeds"),
        procedures: value("procedures"),
        columns: value("columns"),
        fresh: said.lines().any(|line| line.trim_start().starts_with("Fresh shop ")),
    }
}

/// What the compiler says when it does not compile.
fn refused(package: &Package) -> String {
    package.cargo("build").expect_err("this must not compile")
}

/// What the program prints, and whether cargo found nothing to do.
#[derive(Debug)]
struct Output {
    digest: String,
    seeds: String,
    procedures: String,
    columns: String,
    fresh: bool,
}

/// The workspace's own target folder.
fn target() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("it is inside the target folder").to_owned()
}

#[test]
fn every_change_of_a_bundle_takes_effect_on_the_next_build() {
    let package = shop();
    let first = run(&package);
    assert_eq!((first.seeds.as_str(), first.procedures.as_str()), ("items", ""));
    assert_eq!(first.columns, r#""id", "name", "gen""#);

    // No change, no work.
    let again = run(&package);
    assert!(again.fresh, "{again:?}");
    assert_eq!(again.digest, first.digest);

    // A seed's text.
    package.write("db/seeds/items.sql", "INSERT INTO items VALUES (1, 'coffee') ON CONFLICT DO NOTHING;\n");
    let changed = run(&package);
    assert_ne!(changed.digest, first.digest);

    // Line ends alone are no change of what is applied.
    package.write("db/seeds/items.sql", "INSERT INTO items VALUES (1, 'coffee') ON CONFLICT DO NOTHING;\r\n");
    assert_eq!(run(&package).digest, changed.digest);

    // Another file, listed.
    package.write("db/seeds/more/extra.sql", "INSERT INTO items VALUES (2, 'milk') ON CONFLICT DO NOTHING;\n");
    let listed = format!("{MANIFEST}\n[seeds.extra]\nfile = \"more/extra.sql\"\ndepends_on = [\"items\"]\n");
    package.write("db/seeds/seeds.toml", &listed);
    let extra = run(&package);
    assert_eq!(extra.seeds, "items extra");
    assert_ne!(extra.digest, changed.digest);

    // A listed file that goes.
    package.remove("db/seeds/more/extra.sql");
    let said = refused(&package);
    assert!(said.contains("no file `db/seeds/more/extra.sql`") && said.contains("db/seeds/seeds.toml:7:8"), "{said}");
    package.write("db/seeds/seeds.toml", MANIFEST);
    assert_eq!(run(&package).digest, changed.digest);

    // A file that nobody lists: cargo sees it by way of build.rs.
    package.write("db/seeds/unlisted.sql", "SELECT 1;\n");
    let said = refused(&package);
    assert!(said.contains("db/seeds/unlisted.sql") && said.contains("lists this file"), "{said}");
    package.remove("db/seeds/unlisted.sql");
    assert_eq!(run(&package).digest, changed.digest);

    // A folder that was not there before.
    package.write("db/procedures/one.sql", "CREATE OR REPLACE FUNCTION one() RETURNS integer LANGUAGE sql AS 'SELECT 1';\n");
    let said = refused(&package);
    assert!(said.contains("db/procedures/one.sql"), "{said}");
    package.write("db/seeds/seeds.toml", &format!("{MANIFEST}\n[procedures.one]\nfile = \"one.sql\"\n"));
    assert_eq!(run(&package).procedures, "one");

    // A column of the schema, in the bundle and in the derive.
    package.write(
        "db/schema.sql",
        "CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, gen text, price numeric NOT NULL DEFAULT 0);\n",
    );
    let wider = run(&package);
    assert_eq!(wider.columns, r#""id", "name", "gen", "price""#);
    assert_ne!(wider.digest, changed.digest);

    // A column that goes takes what names it along.
    package.write("db/schema.sql", "CREATE TABLE items (id integer PRIMARY KEY, name text NOT NULL, price numeric);\n");
    let said = refused(&package);
    assert!(said.contains("items has no column `gen`"), "{said}");

    // What the user reads names no folder of this machine but the package's own.
    assert!(said.contains(" --> src/main.rs"), "{said}");
}
