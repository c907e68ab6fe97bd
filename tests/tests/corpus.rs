//! Whole schemas, read from their files and loaded by PostgreSQL: `inspect` shows the same of both.
//!
//! Everything in `tests/schemas` and the schema crate's fixtures is compared, as it is written and again as `pg_dump` writes it: a file, a
//! folder of migrations, or a folder with a file a table. `ELYOS_CORPUS=/path` names one more folder of such, for schemas that are not part
//! of the project; `ELYOS_CORPUS_ONLY=shop` keeps to what has the word in its name.

#[path = "catalog_support/mod.rs"]
#[allow(dead_code, reason = "the generator's tests use the rest")]
mod support;

use std::{env, fs, path::Path, process::Command};

use elyos_cli::inspect::files;
use elyos_schema::catalog::TableKind;
use elyos_tests::{
    client, cluster, database,
    schemas::{entries, load},
    workspace,
};

/// What is wrong with one form of a schema, and its views: how many there are, and how many are not resolved.
fn compare(url: &str, path: &Path, loaded: &str) -> (Vec<String>, String) {
    let mut found: Vec<String> = loaded.lines().map(|line| format!("PostgreSQL: {line}")).collect();
    let catalog = match files::read(&[path.to_owned()]) {
        Ok(catalog) => catalog,
        Err(error) => {
            found.push(format!("the catalog refuses: {error}"));
            return (found, "refused".to_owned());
        }
    };
    let mut client = client(url);
    let mut transaction = client.transaction().expect("the server answers");
    found.extend(support::Comparison::default().differences(&mut transaction, &catalog));
    let tables = catalog.tables().filter(|table| !is_view(table.kind)).count();
    let views = catalog.tables().filter(|table| is_view(table.kind)).count();
    let unresolved: Vec<_> = catalog.tables().filter(|table| !table.columns_known).collect();
    for table in &unresolved {
        let why = table.unresolved().map(ToString::to_string).unwrap_or_default();
        found.push(format!("{}.{} is not resolved: {why}", table.schema, table.name));
    }
    (found, format!("{tables} tables, {views} views, {} not resolved", unresolved.len()))
}

fn is_view(kind: TableKind) -> bool {
    matches!(kind, TableKind::View | TableKind::MaterializedView)
}

/// Compares a schema and its dump; says what differs.
fn check(path: &Path, folder: &Path) -> Vec<String> {
    let name = path.file_name().expect("it was found in a folder").to_string_lossy().into_owned();
    let first = database();
    let loaded = load(first.url(), path);
    let (written, summary) = compare(first.url(), path, &loaded);
    println!("{name}: {summary}, {} differences", written.len());
    let mut differences: Vec<String> = written.into_iter().map(|it| format!("{name}: {it}")).collect();

    let output = Command::new(cluster().program("pg_dump")).args(["--schema-only", "-d", first.url()]).output();
    let output = output.expect("pg_dump comes with PostgreSQL");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let dump = folder.join(format!("{name}.dump.sql"));
    fs::write(&dump, &output.stdout).expect("the folder is writable");
    let second = database();
    let loaded = load(second.url(), &dump);
    let (dumped, summary) = compare(second.url(), &dump, &loaded);
    println!("{name}, dumped ({} bytes): {summary}, {} differences", output.stdout.len(), dumped.len());
    differences.extend(dumped.into_iter().map(|it| format!("{name}, dumped: {it}")));
    differences
}

#[test]
fn schemas_and_their_dumps_hold_what_the_server_holds() {
    let mut paths = entries(&workspace().join("elyos-schema/tests/fixtures"));
    paths.extend(entries(&workspace().join("tests/schemas")));
    paths.extend(env::var_os("ELYOS_CORPUS").map(|folder| entries(Path::new(&folder))).into_iter().flatten());
    if let Ok(word) = env::var("ELYOS_CORPUS_ONLY") {
        paths.retain(|path| path.display().to_string().contains(&word));
    }
    let folder = tempfile::tempdir().expect("a folder");
    let differences: Vec<String> = paths.iter().flat_map(|path| check(path, folder.path())).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

/// Neither installs the extension that a start makes, or has a stand-in for; that and the manifest's schemas are there before them.
#[test]
fn the_schema_and_the_migrations_of_elyos_hold_what_the_server_holds() {
    const EXTENSION: &str = "CREATE EXTENSION IF NOT EXISTS \"postgres-json-schema\" WITH SCHEMA extensions;";
    let read = |path: &str| fs::read_to_string(workspace().join(path)).expect("it is UTF-8");
    let schemas = "CREATE SCHEMA IF NOT EXISTS auth; CREATE SCHEMA IF NOT EXISTS platform; CREATE SCHEMA IF NOT EXISTS extensions;";
    let stand_in = read("elyos-schema/src/bundle/stand_in/postgres-json-schema.sql");
    let folder = tempfile::tempdir().expect("a folder");
    let mut differences = Vec::new();
    for (name, text) in [("schema", read("schema.sql")), ("migrations", read("migrations/0001_initial.sql"))] {
        let path = folder.path().join(name);
        fs::create_dir(&path).expect("the folder is writable");
        fs::write(path.join("0.sql"), format!("{schemas}\nSET search_path TO extensions;\n{stand_in}")).expect("the folder is writable");
        fs::write(path.join("1.sql"), text.replace(EXTENSION, "")).expect("the folder is writable");
        differences.extend(check(&path, folder.path()));
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}
