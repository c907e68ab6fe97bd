//! The `elyos` command as its users see it: what it prints, and its exit codes.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use elyos_cli::cluster::testing::{TestDatabase, database};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a bundle in it, and a database.
struct Stand {
    folder: TempDir,
    database: TestDatabase,
}

impl Stand {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database: database() }
    }

    /// A bundle of forty seeds, each one needing the one before, listed backwards.
    fn with_forty_seeds() -> Self {
        let stand = Self::new();
        let mut manifest = String::from("schemas = [\"shop\"]\n\n");
        for number in (0..40).rev() {
            let needs = if number == 0 { String::new() } else { format!("depends_on = [\"seed_{}\"]\n", number - 1) };
            writeln!(manifest, "[seeds.seed_{number}]\nfile = \"shop/{number}.sql\"\n{needs}").expect("a string takes all");
            let before = if number == 0 { "NULL".to_owned() } else { (number - 1).to_string() };
            stand.write(
                &format!("seeds/shop/{number}.sql"),
                &format!("INSERT INTO shop.items (id, parent) VALUES ({number}, {before}) ON CONFLICT (id) DO NOTHING;\n"),
            );
        }
        manifest.push_str("[procedures.count_items]\nfile = \"count_items.sql\"\n\n[truncate]\norder = [\"shop.items\"]\n");
        stand.write("seeds/seeds.toml", &manifest);
        stand.write(
            "procedures/count_items.sql",
            "CREATE OR REPLACE FUNCTION shop.count_items() RETURNS bigint LANGUAGE sql AS 'SELECT count(*) FROM shop.items';\n",
        );
        stand.write(
            "schema.sql",
            "CREATE SCHEMA shop;\nCREATE TABLE shop.items (id integer PRIMARY KEY, parent integer REFERENCES shop.items);\n",
        );
        stand
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command runs")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_elyos"));
        command.args(arguments).current_dir(self.path()).env("DATABASE_URL", self.database.url()).env_remove("ADMIN_USER_EMAIL");
        command
    }

    fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}")))
    }
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The names of the steps of a kind that were applied.
fn applied(report: &Value, kind: &str) -> Vec<String> {
    let steps = report["steps"].as_array().expect("a report has steps");
    steps
        .iter()
        .filter(|step| step["kind"] == kind && step["action"] == "applied")
        .map(|step| step["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_strangers_bundle_runs_from_its_folder_and_then_has_nothing_to_do() {
    let stand = Stand::with_forty_seeds();
    let output = stand.run(&["init"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let text = stdout(&output);
    assert!(
        text.lines().last().is_some_and(|line| line.starts_with("= applied 1 schema, 1 migration, 40 seeds, 1 procedure in ")),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "no colour where there is no terminal");
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");

    let output = stand.run(&["init"]);
    assert!(stdout(&output).starts_with("= nothing to do: the database is up to date ("), "{output:?}");
    let (code, status) = stand.json(&["status"]);
    assert_eq!((code, &status["up_to_date"]), (Some(0), &Value::Bool(true)));

    // From a folder below, too.
    let below = stand.path().join("seeds/shop");
    let output = stand.command(&["init"]).current_dir(below).output().expect("the command runs");
    assert!(stdout(&output).starts_with("= nothing to do"), "{output:?}");
}

#[test]
fn seed_runs_what_it_is_asked_for() {
    let stand = Stand::with_forty_seeds();
    assert_eq!(stand.run(&["init"]).status.code(), Some(0));
    let (code, report) = stand.json(&["seed", "--no-truncate", "--only=seed_7,seed_3"]);
    assert_eq!(code, Some(0));
    assert_eq!(applied(&report, "seed"), ["seed_3", "seed_7"]);
    assert_eq!(applied(&report, "procedure"), Vec::<String>::new());
    let (_, report) = stand.json(&["seed", "--only", "seed_2", "--with-dependencies"]);
    assert_eq!(applied(&report, "seed"), ["seed_0", "seed_1", "seed_2"]);
    let (_, report) = stand.json(&["seed", "--only-procedures=count_items"]);
    assert_eq!((applied(&report, "seed").len(), applied(&report, "procedure").len()), (0, 1));
    let (_, report) = stand.json(&["seed"]);
    assert_eq!((applied(&report, "seed").len(), applied(&report, "procedure").len()), (40, 1));

    let _ = stand.database.psql("INSERT INTO shop.items VALUES (99, NULL)");
    let (_, report) = stand.json(&["reset"]);
    assert_eq!(applied(&report, "truncate"), ["1 tables"]);
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");
    let _ = stand.database.psql("INSERT INTO shop.items VALUES (99, NULL)");
    let (_, report) = stand.json(&["init", "--reset"]);
    assert_eq!(applied(&report, "seed").len(), 40);
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");
}

#[test]
fn wrong_usage_is_2() {
    let stand = Stand::with_forty_seeds();
    let output = stand.run(&["seed", "--only", "seed_40x,seed_1"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        stderr(&output).contains("error: the bundle has no seed `seed_40x`\n  = help: there are `seed_0`, `seed_4` and `seed_10`"),
        "{}",
        stderr(&output)
    );
    assert_eq!(stand.run(&["sed"]).status.code(), Some(2));
    assert_eq!(stand.run(&["seed", "--truncate", "--no-truncate"]).status.code(), Some(2));
    let nowhere = tempfile::tempdir().expect("a folder");
    let output = stand.run(&["init", "--project", &nowhere.path().display().to_string()]);
    assert_eq!(output.status.code(), Some(2));
    let output = stand.command(&["init"]).env("DATABASE_URL", "mysql://ann:s3cret@localhost/shop").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(!stderr(&output).contains("s3cret"));
    assert_eq!(stand.run(&["--help"]).status.code(), Some(0));
    assert_eq!(stand.run(&["--version"]).status.code(), Some(0));
}

#[test]
fn no_database_is_3() {
    let stand = Stand::with_forty_seeds();
    // Nothing listens on port 1.
    let mut command = stand.command(&["init", "--connect-timeout", "1"]);
    let output = command.env("DATABASE_URL", "postgresql://ann:s3cret@127.0.0.1:1/shop").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(3));
    let text = stderr(&output);
    assert!(text.contains("error: could not connect to postgresql://ann@127.0.0.1:1/shop: "), "{text}");
    assert!(text.contains("= help: is the server running, and do the host and the port of the URL lead to it?"), "{text}");
    assert!(!text.contains("s3cret"), "{text}");

    let output = stand.command(&["status"]).env_remove("DATABASE_URL").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(stdout(&output), "not running\n");
}

#[test]
fn a_failing_seed_is_4_and_leaves_nothing() {
    let stand = Stand::with_forty_seeds();
    stand.write("seeds/shop/20.sql", "-- the parent is not there\nINSERT INTO shop.items (id, parent)\nVALUES (20, 77);\n");
    let output = stand.run(&["init"]);
    assert_eq!(output.status.code(), Some(4));
    let text = stderr(&output);
    assert!(
        text.contains(
            "error: seed seed_20 failed: insert or update on table \"items\" violates foreign key constraint \"items_parent_fkey\"\n \
             --> seeds/shop/20.sql:2:1\n  |\n2 | INSERT INTO shop.items (id, parent)\n"
        ),
        "{text}"
    );
    assert!(
        text.contains("= help: the seed that brings the referenced row has to run first: add it to depends_on in seeds.toml"),
        "{text}"
    );
    assert_eq!(stand.database.psql("SELECT count(*) FROM shop.items"), "0");
    let (code, status) = stand.json(&["status"]);
    assert_eq!((code, &status["up_to_date"]), (Some(1), &Value::Bool(false)));
}

#[test]
fn a_bundle_that_is_not_in_order_is_1() {
    let stand = Stand::with_forty_seeds();
    stand.write("seeds/shop/stray.sql", "SELECT 1;\n");
    let output = stand.run(&["init"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("stray.sql"), "{}", stderr(&output));
    let (code, error) = stand.json(&["init"]);
    assert_eq!((code, &error["exit_code"]), (Some(1), &Value::from(1)));
    assert!(error["error"].as_str().is_some_and(|text| text.contains("stray.sql")));
}

#[test]
fn a_changed_schema_is_drift() {
    let stand = Stand::with_forty_seeds();
    assert_eq!(stand.run(&["init"]).status.code(), Some(0));
    let path = stand.path().join("schema.sql");
    let text = fs::read_to_string(&path).expect("it is there");
    fs::write(path, format!("{text}CREATE TABLE shop.more (id integer);\n")).expect("a file");
    let output = stand.run(&["init"]);
    assert_eq!(output.status.code(), Some(1));
    let expected = "error: schema.sql has changed since it was applied to this database\n  = help: `elyos generate` writes the change as a migration\n";
    assert!(stderr(&output).ends_with(expected), "{}", stderr(&output));
}

#[test]
fn outside_of_a_project_it_is_elyos_on_a_private_server() {
    let stand = Stand::new();
    let clusters = tempfile::tempdir().expect("a folder");
    open_to_all(clusters.path());
    let run = |arguments: &[&str]| {
        let mut command = stand.command(arguments);
        command.env_remove("DATABASE_URL").env("ELYOS_CLUSTERS", clusters.path());
        command.output().expect("the command runs")
    };
    let output = run(&["init"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("bundle     ElyOS, embedded in this command"), "{told}");
    assert!(told.contains("DATABASE_URL is not set: made a private PostgreSQL"), "{told}");
    assert!(stdout(&output).contains("= applied 3 schemas, 1 extension, 1 migration, 25 seeds, 5 procedures in "), "{}", stdout(&output));
    let url = stdout(&run(&["status", "--url"]));
    assert!(told.contains(url.trim()), "{told} {url}");
    assert!(stdout(&run(&["status"])).ends_with("up to date\n"));
    assert_eq!(stdout(&run(&["stop"])), "stopped the project's private PostgreSQL; its data stay\n");
    assert_eq!(stdout(&run(&["stop"])), "the project's private PostgreSQL was not running\n");
    let output = run(&["init"]);
    assert!(stderr(&output).contains("started the project's private PostgreSQL"), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("= nothing to do"), "{}", stdout(&output));
    assert_eq!(run(&["stop"]).status.code(), Some(0));
    remove(clusters.keep());
}

/// The server's user has to get through the folder.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("its owner may");
}

fn remove(folder: PathBuf) {
    fs::remove_dir_all(folder).expect("the server is stopped");
}

#[test]
fn inspect_prints_the_same_of_files_and_of_the_database_that_ran_them() {
    let stand = Stand::new();
    let users = "create table users (id serial primary key, email varchar(255) not null unique, team int references teams);";
    let teams = "create type mood as enum ('sad', 'ok');\ncreate table teams (id bigint generated always as identity primary key, mood mood, lead int references users);";
    // A file a table, each needing the other.
    stand.write("tables/teams.sql", teams);
    stand.write("tables/users.sql", &users.replace("team int", "team bigint"));
    let folder = stand.folder.path().join("tables");
    let of_files = json(&elyos(&["inspect", "--json", &folder.display().to_string()]));
    drop(stand.database.psql(
        "create type mood as enum ('sad', 'ok');
         create table teams (id bigint generated always as identity primary key, mood mood, lead int);
         create table users (id serial primary key, email varchar(255) not null unique, team bigint references teams);
         alter table teams add foreign key (lead) references users;",
    ));
    let of_database = json(&elyos(&["inspect", "--json", "--database", stand.database.url()]));
    assert_eq!(of_files, of_database);
    let users = &of_files["tables"][1];
    assert_eq!(users["columns"][0]["default"], "nextval('public.users_id_seq'::regclass)");
    assert_eq!(users["foreign_keys"][0]["references"], serde_json::json!({ "schema": "public", "table": "teams", "columns": ["id"] }));
}

#[test]
fn inspect_shows_every_mistake_with_its_place() {
    let stand = Stand::new();
    stand.write("a.sql", "create table a (id int, b nothing);\ncreate index on a (idd);\n");
    let output = elyos(&["inspect", &stand.folder.path().join("a.sql").display().to_string()]);
    assert_eq!(output.status.code(), Some(1));
    let text = String::from_utf8_lossy(&output.stderr).replace(&stand.folder.path().display().to_string(), "DIR");
    assert_eq!(
        text,
        "error: type `nothing` does not exist
 --> DIR/a.sql:1:27
  |
1 | create table a (id int, b nothing);
  |                           ^^^^^^^

error: column `idd` of relation `public.a` does not exist
 --> DIR/a.sql:2:20
  |
2 | create index on a (idd);
  |                    ^^^
  |
  = help: did you mean `id`?
"
    );
}

fn elyos(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_elyos")).args(arguments).env_remove("DATABASE_URL").output().expect("the command runs")
}

fn json(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("it prints JSON")
}
