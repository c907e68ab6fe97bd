//! The `elyos` command as its users see it: what it prints, and its exit codes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

mod demo_reset;
mod docker;
mod sql;
mod stand;

use stand::{Stand, stderr, stdout};

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
    assert_eq!(applied(&report, "truncate"), ["1 table"]);
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
fn a_reset_that_is_given_no_lock_is_4_and_names_who_is_in_the_way() {
    let stand = Stand::with_forty_seeds();
    assert_eq!(stand.run(&["init"]).status.code(), Some(0));
    let mut reader = postgres::Client::connect(stand.database.url(), postgres::NoTls).expect("the database is there");
    let pid: i32 = reader.query_one("SELECT pg_backend_pid()", &[]).expect("its pid").get(0);
    reader.batch_execute("BEGIN; SELECT FROM shop.items").expect("it reads");
    let output = stand.run(&["reset", "--migration-lock-timeout", "1", "--migration-lock-deadline", "0"]);
    assert_eq!(output.status.code(), Some(4));
    let text = stderr(&output);
    let who = format!("pid {pid}, application_name \"\", idle in transaction, its last query: BEGIN; SELECT FROM shop.items");
    let step = "emptying the tables that [truncate] lists";
    assert!(text.contains(&format!("\n{step}: waiting for a lock behind {who}\n")), "{text}");
    let (_, error) = text.split_once("error: ").expect("an error");
    let (_, error) = error.split_once(", in 1 attempt: ").expect("how often it was tried");
    assert_eq!(
        error,
        format!(
            "before it is {who}\n  = help: nothing of this transaction is left; start again when the others have ended\n  \
             = help: to end another's session: SELECT pg_terminate_backend(its pid)\n"
        )
    );
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");
    drop(reader);
    assert_eq!(stand.run(&["reset"]).status.code(), Some(0));
    // The file for psql waits as long.
    assert!(stdout(&stand.run(&["sql", "--migration-lock-timeout", "7"])).contains("SET LOCAL lock_timeout = 7000;\n"));
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
    let expected = "error: schema.sql has changed since it was applied to this database: its statement 3 was not in it\n --> schema.sql:3:1\n  |\n\
                    3 | CREATE TABLE shop.more (id integer);\n  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ this is new\n  |\n  = help: put the change into migrations/, which is the work of `elyos generate`, or use a new database\n";
    assert!(stderr(&output).ends_with(expected), "{}", stderr(&output));
}

#[test]
fn outside_of_a_project_it_is_elyos_on_a_private_server() {
    let private = Private::new(Stand::new());
    let output = private.run(&["init"]);
    let told = stderr(&output);
    assert_eq!(output.status.code(), Some(0), "{told}");
    assert!(told.contains("bundle     ElyOS, embedded in this command"), "{told}");
    assert!(told.contains("DATABASE_URL is not set: made a private PostgreSQL"), "{told}");
    assert!(stdout(&output).contains("= applied 3 schemas, 1 extension, 1 migration, 25 seeds, 5 procedures in "), "{}", stdout(&output));
    let url = stdout(&private.run(&["status", "--url"]));
    assert!(told.contains(url.trim()), "{told} {url}");
    assert!(stdout(&private.run(&["status"])).ends_with("up to date\n"));
    assert_eq!(stdout(&private.run(&["stop"])), "stopped the project's private PostgreSQL; its data stay\n");
    assert_eq!(stdout(&private.run(&["stop"])), "the project's private PostgreSQL was not running\n");
    let output = private.run(&["init"]);
    assert!(stderr(&output).contains("started the project's private PostgreSQL"), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("= nothing to do"), "{}", stdout(&output));
    assert_eq!(private.run(&["stop"]).status.code(), Some(0));
}

#[test]
fn the_url_told_is_the_private_servers_and_never_a_password() {
    let stand = Stand::with_forty_seeds();
    let mut command = stand.command(&["status", "--url"]);
    let output = command.env("DATABASE_URL", "postgresql://ann:s3cret@127.0.0.1:1/shop").output().expect("the command runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(stdout(&output), "");
    assert_eq!(
        stderr(&output),
        "error: DATABASE_URL is set, and `--url` tells the URL of the project's private PostgreSQL only\n  \
         = help: use DATABASE_URL as it is, or unset it to ask for the private PostgreSQL's\n"
    );

    let private = Private::new(stand);
    let output = private.run(&["status", "--url"]);
    assert_eq!((output.status.code(), stdout(&output)), (Some(3), String::new()));
    assert_eq!(
        stderr(&output),
        "there is no database: DATABASE_URL is not set, and the project's private PostgreSQL is not running\n  \
         = help: `elyos init` starts it\n"
    );
}

#[test]
fn a_private_server_is_found_and_stopped_beside_a_broken_bundle() {
    let private = Private::new(Stand::with_forty_seeds());
    assert_eq!(private.run(&["init"]).status.code(), Some(0));
    private.stand.write("seeds/seeds.toml", "schemas = [\n");
    assert_eq!(private.run(&["status"]).status.code(), Some(1));
    let output = private.run(&["status", "--url"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("postgresql://postgres@%2F"), "{}", stdout(&output));
    let output = private.run(&["stop"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(stdout(&output), "stopped the project's private PostgreSQL; its data stay\n");
}

#[test]
fn a_closed_pipe_changes_nothing_but_what_is_read() {
    let stand = Stand::with_forty_seeds();
    let run = |arguments: &[&str]| {
        let both = stand.command(arguments).stdout(closed()).stderr(closed()).status().expect("the command runs");
        let output = stand.command(arguments).stdout(closed()).output().expect("the command runs");
        assert_eq!(output.status.code(), both.code(), "{}", stderr(&output));
        assert!(!stderr(&output).contains("panic"), "{}", stderr(&output));
        both.code()
    };
    assert_eq!(run(&["init"]), Some(0));
    assert_eq!(stand.database.psql("SELECT shop.count_items()"), "40");
    for arguments in [&["status"][..], &["status", "--json"], &["seed", "--only=seed_1"], &["reset", "--json"], &["--help"], &["--version"]]
    {
        assert_eq!(run(arguments), Some(0), "{arguments:?}");
    }
    for arguments in [&["sed"][..], &["status", "--url"], &["seed", "--only=nothing"], &["seed", "--only=nothing", "--json"]] {
        assert_eq!(run(arguments), Some(2), "{arguments:?}");
    }
    stand.write("seeds/shop/stray.sql", "SELECT 1;\n");
    assert_eq!(run(&["init"]), Some(1));
    let private = Private::new(stand);
    let status =
        |arguments: &[&str]| private.command(arguments).stdout(closed()).stderr(closed()).status().expect("the command runs").code();
    assert_eq!((status(&["stop"]), status(&["status", "--url"])), (Some(0), Some(3)));
}

#[test]
fn help_shows_how_the_url_is_used() {
    let stand = Stand::new();
    for arguments in [["status", "--help"], ["status", "-h"]] {
        let text = stdout(&stand.run(&arguments)).split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("`DATABASE_URL=\"$(elyos status --url)\"`"), "{text}");
    }
}

#[test]
fn naming_nothing_is_wrong_usage() {
    let stand = Stand::with_forty_seeds();
    for (arguments, expected) in [
        (["seed", "--only", ""], "error: --only names no seed\n  = help: name some, as in `--only users,roles`, or leave it out\n"),
        (["seed", "--only", " , "], "error: --only names no seed\n  = help: name some, as in `--only users,roles`, or leave it out\n"),
        (
            ["seed", "--only-procedures", ""],
            "error: --only-procedures names no procedure\n  = help: name some, as in `--only-procedures get_groups`, or leave it out\n",
        ),
    ] {
        let output = stand.run(&arguments);
        assert_eq!((output.status.code(), stderr(&output).as_str()), (Some(2), expected), "{arguments:?}");
    }
}

#[test]
fn what_cannot_be_read_is_named_with_what_to_do() {
    let nowhere = tempfile::tempdir().expect("a folder");
    let folder = nowhere.path().canonicalize().expect("it is there");
    let stand = Stand::with_forty_seeds();
    let init = |folder: &Path| {
        let output = stand.run(&["init", "--project", &folder.display().to_string()]);
        (output.status.code(), stderr(&output))
    };
    let expected = format!(
        "error: there is no seeds/seeds.toml in {} or above it\n  \
         = help: a bundle is a folder with schema.sql or migrations/, and seeds/seeds.toml\n",
        folder.display()
    );
    assert_eq!(init(&folder), (Some(2), expected));

    let gone = folder.join("gone");
    let expected = format!(
        "error: the folder {} cannot be read: No such file or directory (os error 2)\n  \
         = help: it has to be there, and this user has to have the right to read it\n",
        gone.display()
    );
    assert_eq!(init(&gone), (Some(2), expected));

    let file = stand.path().canonicalize().expect("it is there").join("seeds/shop/7.sql");
    fs::remove_file(&file).expect("it is there");
    symlink("gone.sql", &file).expect("a link");
    let expected = format!(
        "error: {} cannot be read: No such file or directory (os error 2)\n  \
         = help: it has to be there, and this user has to have the right to read it; a link has to lead to a file\n",
        file.display()
    );
    assert_eq!(init(stand.path()), (Some(2), expected));
}

#[test]
fn a_folder_without_server_binaries_is_3() {
    let empty = tempfile::tempdir().expect("a folder");
    let private = Private::new(Stand::with_forty_seeds());
    let output = private.command(&["init"]).env("ELYOS_POSTGRES_BIN", empty.path()).output().expect("the command runs");
    assert_eq!(output.status.code(), Some(3));
    let expected = format!(
        "bundle     {}\nerror: ELYOS_POSTGRES_BIN is {}, which cannot be used: there is no initdb in it. Set it to the folder \
         that holds initdb, pg_ctl and postgres, or unset it to have them searched for\n",
        private.stand.path().canonicalize().expect("it is there").display(),
        empty.path().display()
    );
    assert_eq!(stderr(&output), expected);
}

/// A stand without `DATABASE_URL`. Its private server is stopped and removed with it.
struct Private {
    stand: Stand,
    clusters: TempDir,
}

impl Private {
    fn new(stand: Stand) -> Self {
        let clusters = tempfile::tempdir().expect("a folder");
        open_to_all(clusters.path());
        Self { stand, clusters }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.stand.command(arguments);
        command.env_remove("DATABASE_URL").env("ELYOS_CLUSTERS", self.clusters.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command runs")
    }
}

impl Drop for Private {
    fn drop(&mut self) {
        // A test that fails has said why already.
        drop(self.command(&["stop"]).output());
    }
}

/// The end of a pipe that nobody reads from, as `| head -0` leaves it.
fn closed() -> Stdio {
    let (reader, writer) = std::io::pipe().expect("a pipe");
    drop(reader);
    writer.into()
}

/// The server's user has to get through the folder.
fn open_to_all(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).expect("its owner may");
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
