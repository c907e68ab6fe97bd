//! The `elyos` command where the application's role may not do the work, and where a newer release has.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use elyos_cli::cluster::testing::{TestDatabase, database};
use tempfile::TempDir;

/// A bundle with one table, of that revision.
fn bundle(revision: u32) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("seeds")).expect("a folder");
    fs::write(folder.path().join("seeds/seeds.toml"), format!("revision = {revision}\n")).expect("a file");
    fs::write(folder.path().join("schema.sql"), "CREATE TABLE public.items (id integer PRIMARY KEY);\n").expect("a file");
    folder
}

fn elyos(folder: &Path, variables: &[(&str, &str)], arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elyos"));
    for variable in ["DATABASE_URL", "MIGRATION_DATABASE_URL", "ADMIN_USER_EMAIL"] {
        command.env_remove(variable);
    }
    command.args(arguments).current_dir(folder).envs(variables.iter().copied()).output().expect("the command runs")
}

/// The exit code and what was told, without the line that says which bundle it is.
fn told(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("bundle ")).collect();
    (output.status.code(), lines.join("\n"))
}

/// The URL as a role that may do nothing.
fn without_rights(database: &TestDatabase) -> String {
    format!("{}?options=-c%20role%3Dpg_monitor", database.url())
}

#[test]
fn verify_says_what_is_missing_and_ends_with_1() {
    let (folder, database) = (bundle(1), database());
    let url = without_rights(&database);
    let verify = |arguments: &[&str]| elyos(folder.path(), &[("DATABASE_URL", &url)], &[&["init", "--verify"], arguments].concat());
    assert_eq!(
        told(&verify(&[])),
        (
            Some(1),
            "error: the database is not up to date with the bundle: 1 migration still to be applied\n  \
             = note: migration schema.sql is not applied\n  \
             = help: run `elyos init`, or a program that embeds the bundle, as a role that may write"
                .to_owned()
        )
    );
    assert_eq!(database.psql("SELECT count(*) FROM pg_namespace WHERE nspname = 'elyos'"), "0");
    let output = elyos(folder.path(), &[("DATABASE_URL", &url), ("MIGRATION_DATABASE_URL", database.url())], &["init"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    drop(database.psql("GRANT USAGE ON SCHEMA elyos TO pg_monitor; GRANT SELECT ON ALL TABLES IN SCHEMA elyos TO pg_monitor;"));
    let output = verify(&[]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("= nothing to do: the database is up to date ("), "{output:?}");
    assert_eq!(verify(&["--reset"]).status.code(), Some(2));
    let (code, text) = told(&elyos(folder.path(), &[], &["init", "--verify"]));
    assert_eq!(
        (code, text.as_str()),
        (
            Some(3),
            "error: there is no database to verify: DATABASE_URL is not set, and the project's private PostgreSQL is not running\n  \
             = help: set DATABASE_URL, or let `elyos init` start one"
        )
    );
}

#[test]
fn the_url_for_the_work_is_enough_and_has_to_lead_to_the_same_database() {
    let (folder, one, other) = (bundle(1), database(), database());
    let output = elyos(folder.path(), &[("DATABASE_URL", &without_rights(&one))], &["init", "--migration-database-url", other.url()]);
    let (code, text) = told(&output);
    assert_eq!(code, Some(2), "{text}");
    assert!(text.starts_with("error: the database URL and the migration database URL lead to different databases: "), "{text}");
    let output = elyos(folder.path(), &[("MIGRATION_DATABASE_URL", one.url())], &["init"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let owner = "SELECT tableowner FROM pg_tables WHERE tablename = 'items'";
    assert_eq!((one.psql(owner), other.psql(owner)), ("postgres".to_owned(), String::new()));
    // What looks only goes by the same URLs: this one alone, or where the application's may not read the ledger.
    let own = without_rights(&one);
    let (own, work) = (("DATABASE_URL", own.as_str()), ("MIGRATION_DATABASE_URL", one.url()));
    for output in [
        elyos(folder.path(), &[work], &["status"]),
        elyos(folder.path(), &[work], &["init", "--verify"]),
        elyos(folder.path(), &[own, work], &["status"]),
    ] {
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
    // As another role, which then owns what is made.
    drop(other.psql(&format!("GRANT CREATE ON DATABASE {} TO pg_monitor; GRANT CREATE ON SCHEMA public TO pg_monitor", other.name())));
    let output = elyos(folder.path(), &[("DATABASE_URL", other.url())], &["init", "--role", "pg_monitor"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(other.psql(owner), "pg_monitor");
}

#[test]
fn no_password_of_either_url_is_printed() {
    let folder = bundle(1);
    let bad = "postgresql://ann:s3cret@127.0.0.1:1/shop";
    let variables = [("DATABASE_URL", bad), ("MIGRATION_DATABASE_URL", bad)];
    let option = format!("--database-url={bad}");
    let pairs = "host=127.0.0.1 port=1 user=ann password=s3cret";
    for arguments in [
        &["init"][..],
        &["init", "--verify"],
        &["init", "--help"],
        &["status"],
        &["inspect", "--database", bad],
        &["init", "--bad"],
        &["init", bad],
        &["init", option.as_str()],
        &["inspect", bad],
        &["inspect", pairs],
        &["init", pairs],
        &[bad],
    ] {
        let output = elyos(folder.path(), &variables, &[arguments, &["--connect-timeout", "0"]].concat());
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(!text.contains("s3cret"), "{arguments:?}: {text}");
    }
}

#[test]
fn a_refused_connection_reads_the_same_everywhere() {
    let folder = bundle(1);
    let url = "postgresql://ann:s3cret@127.0.0.1:1/shop";
    let text = "error: could not connect to postgresql://ann@127.0.0.1:1/shop: error connecting to server: Connection refused (os error 111) \
                (tried for less than a second)\n  = help: is the server running, and do the host and the port of the URL lead to it?";
    for arguments in [&["init"][..], &["status"], &["inspect", "--database", url]] {
        let output = elyos(folder.path(), &[("DATABASE_URL", url)], &[arguments, &["--connect-timeout", "0"]].concat());
        assert_eq!(told(&output), (Some(3), text.to_owned()), "{arguments:?}");
    }
    let output = elyos(folder.path(), &[], &["inspect", "--database", "nonsense s3cret"]);
    let (code, text) = told(&output);
    assert_eq!(code, Some(2));
    assert!(text.starts_with("error: the database URL cannot be used: it ") && !text.contains("s3cret"), "{text}");
}

#[test]
fn a_newer_releases_database_is_left_alone_or_refused() {
    let (old, new, database) = (bundle(1), bundle(2), database());
    let run = |folder: &TempDir, arguments: &[&str]| elyos(folder.path(), &[("DATABASE_URL", database.url())], arguments);
    assert_eq!(run(&new, &["init"]).status.code(), Some(0));
    for arguments in [&["init"][..], &["init", "--on-ahead", "go-on"], &["init", "--verify"]] {
        let output = run(&old, arguments);
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(text.starts_with("! nothing was written: a newer release has written this database ("), "{text}");
        assert_eq!(output.status.code(), Some(0));
    }
    assert_eq!(
        told(&run(&old, &["init", "--on-ahead", "refuse"])),
        (
            Some(1),
            "error: a newer release has written this database (revision 2), and this bundle is revision 1\n  \
             = help: run the newer release; an older one never writes over its data"
                .to_owned()
        )
    );
    let text = String::from_utf8_lossy(&run(&old, &["status"]).stdout).into_owned();
    assert!(text.ends_with("\na newer release has written this database\n"), "{text}");
}
