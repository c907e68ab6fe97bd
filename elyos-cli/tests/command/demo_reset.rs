//! `elyos demo-reset`: the database first, then the folder, and a line in its log.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown, symlink};
use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::stand::{Stand, stderr, stdout};

/// A demonstration: its database, and its uploads in a folder of their own.
struct Demo {
    stand: Stand,
    folder: TempDir,
}

impl Demo {
    fn new() -> Self {
        let demo = Self { stand: Stand::with_forty_seeds(), folder: tempfile::tempdir().expect("a folder") };
        assert_eq!(demo.stand.run(&["init"]).status.code(), Some(0));
        fs::create_dir(demo.uploads()).expect("a folder");
        for name in [".gitkeep", "a.png", "sub/b.png", "sub/c.png"] {
            let path = demo.uploads().join(name);
            fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
            fs::write(path, "x").expect("a file");
        }
        let _ = demo.stand.database.psql("INSERT INTO shop.items VALUES (99, NULL)");
        demo
    }

    fn uploads(&self) -> PathBuf {
        self.folder.path().join("uploads")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.stand.command(&[&["demo-reset"], arguments].concat());
        command.env("UPLOADS_DIR", self.uploads()).env("DEMO_RESET_UPLOADS_KEEP", "sub/b.png, nothing");
        command
    }

    /// What is in the folder, without what is always there.
    fn left(&self) -> Vec<String> {
        let below = |folder: PathBuf| fs::read_dir(folder).into_iter().flatten().map(|entry| entry.expect("it can be read").file_name());
        let mut names: Vec<_> = below(self.uploads()).chain(below(self.uploads().join("sub"))).collect();
        names.sort();
        names.into_iter().map(|name| name.to_string_lossy().into_owned()).collect()
    }

    fn rows(&self) -> String {
        self.stand.database.psql("SELECT count(*) FROM shop.items")
    }

    /// The status and the error of each line of the log.
    fn log(&self) -> Vec<(String, Option<String>)> {
        let text = fs::read_to_string(self.uploads().join(".demo-reset.log")).unwrap_or_default();
        let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).expect("each line is JSON"));
        let text = |value: &Value| value.as_str().map(str::to_owned);
        lines.map(|line| (text(&line["status"]).expect("a status"), text(&line["error"]))).collect()
    }
}

fn run(command: &mut Command) -> Output {
    command.output().expect("the command runs")
}

const UNTOUCHED: [&str; 5] = [".gitkeep", "a.png", "b.png", "c.png", "sub"];

#[test]
fn rows_and_files_are_as_at_the_beginning() {
    let demo = Demo::new();
    let output = run(&mut demo.command(&[]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(demo.rows(), "40");
    assert_eq!(demo.left(), [".demo-reset.log", ".gitkeep", "b.png", "sub"]);
    assert_eq!(demo.log(), [("success".to_owned(), None)]);
    let last = format!("= removed 2 files and 0 folders in {}", demo.uploads().display());
    assert_eq!(stdout(&output).lines().last(), Some(&*last));

    let output = run(&mut demo.command(&["--json"]));
    let done: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    assert_eq!(done["uploads"], serde_json::json!({ "files": 0, "folders": 0 }));
    assert_eq!(done["database"]["outcome"], "applied");
    assert_eq!(demo.log().len(), 2);
}

#[test]
fn the_files_stay_where_the_database_is_not_reset() {
    let demo = Demo::new();
    demo.stand.write("seeds/shop/20.sql", "INSERT INTO shop.items (id, parent) VALUES (20, 77);\n");
    let output = run(&mut demo.command(&[]));
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(demo.rows(), "41");
    let untouched = [&[".demo-reset.log"][..], &UNTOUCHED].concat();
    assert_eq!(demo.left(), untouched);
    let (status, error) = demo.log().pop().expect("a line");
    assert_eq!(status, "database_failed");
    let told = stderr(&output);
    assert_eq!(told.split_once("error: ").map(|(_, text)| text.trim_end()), error.as_deref().map(str::trim_end));

    // Nothing listens on port 1, and the password stays out of the log.
    let url = "postgresql://ann:s3cret@127.0.0.1:1/shop";
    let output = run(demo.command(&["--connect-timeout", "1"]).env("DATABASE_URL", url));
    assert_eq!(output.status.code(), Some(3));
    let (status, error) = demo.log().pop().expect("a line");
    let error = error.expect("an error");
    assert_eq!(status, "database_failed");
    assert!(error.starts_with("could not connect to postgresql://ann@127.0.0.1:1/shop: ") && !error.contains("s3cret"), "{error}");
    assert_eq!(demo.left(), untouched);
}

#[test]
fn what_is_wrong_with_the_request_is_said_before_anything_is_touched() {
    let demo = Demo::new();
    let unset = |name: &str| run(demo.command(&[]).env_remove(name));
    let output = unset("UPLOADS_DIR");
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).ends_with(
        "error: UPLOADS_DIR is not set, which names the folder to clear\n  = help: name the folder that holds uploaded files and nothing else, as in UPLOADS_DIR=/srv/app/uploads\n"
    ), "{}", stderr(&output));

    // The project's own folder, a folder above it, and the one that the command stands in.
    let project = demo.stand.path().canonicalize().expect("a folder");
    for folder in [project.clone(), project.parent().expect("a folder").to_owned()] {
        let output = run(demo.command(&[]).env("UPLOADS_DIR", &folder));
        assert_eq!(output.status.code(), Some(2));
        let expected = format!("error: UPLOADS_DIR is {folder:?}, which holds {project:?}\n");
        assert!(stderr(&output).contains(&expected), "{}", stderr(&output));
    }
    let seeds = project.join("seeds");
    let output = run(demo.command(&[]).env("UPLOADS_DIR", &seeds));
    assert!(stderr(&output).contains(&format!("error: UPLOADS_DIR is {seeds:?}, which holds {seeds:?}\n")), "{}", stderr(&output));
    let output = run(demo.command(&[]).env("DEMO_RESET_UPLOADS_KEEP", "sub,../precious"));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("DEMO_RESET_UPLOADS_KEEP names \"../precious\", which leads out of the folder\n"));
    assert_eq!(demo.log().pop().expect("a line").0, "refused");

    let link = demo.folder.path().join("link");
    symlink(demo.uploads(), &link).expect("a link");
    assert_eq!(run(demo.command(&[]).env("UPLOADS_DIR", link.join("."))).status.code(), Some(2));
    assert_eq!(demo.rows(), "41");
    assert_eq!(demo.left(), [&[".demo-reset.log"][..], &UNTOUCHED].concat());

    // A log that is a link would be written outside.
    let precious = demo.folder.path().join("precious");
    fs::write(&precious, "kept").expect("a file");
    fs::remove_file(demo.uploads().join(".demo-reset.log")).expect("a file");
    symlink(&precious, demo.uploads().join(".demo-reset.log")).expect("a link");
    let output = run(&mut demo.command(&[]));
    assert_eq!(output.status.code(), Some(2));
    assert_eq!((demo.rows(), fs::read_to_string(precious).expect("a file")), ("41".to_owned(), "kept".to_owned()));
}

#[test]
fn files_that_stay_are_5_and_in_the_log() {
    let demo = Demo::new();
    let closed = demo.uploads().join("sub");
    let is_root = nix::unistd::Uid::effective().is_root();
    let (mode, why) = if is_root { (0o1777, "Operation not permitted (os error 1)") } else { (0o555, "Permission denied (os error 13)") };
    fs::set_permissions(&closed, fs::Permissions::from_mode(mode)).expect("its owner may");
    let mut command = demo.command(&[]);
    if is_root {
        // Root without its right to remove what is another's from a folder like /tmp; the server knows it by its id.
        for path in [&closed, &closed.join("c.png")] {
            chown(path, Some(65_534), None).expect("root may");
        }
        let mut limited = Command::new("setpriv");
        limited.args(["--bounding-set", "-fowner", "--"]).arg(command.get_program()).args(command.get_args());
        limited.current_dir(demo.stand.path());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        command = limited;
    }
    let output = run(&mut command);
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).expect("its owner may");
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    let expected = format!(
        "the database was reset, and {} could not be cleared: \"sub/c.png\": {why}\n  \
         = help: give this user the right to remove what is in it, and run `elyos demo-reset` again",
        demo.uploads().display()
    );
    assert!(stderr(&output).ends_with(&format!("error: {expected}\n")), "{}", stderr(&output));
    assert_eq!(demo.log(), [("files_failed".to_owned(), Some(expected))]);
    assert_eq!(demo.rows(), "40");
    assert_eq!(demo.left(), [".demo-reset.log", ".gitkeep", "b.png", "c.png", "sub"]);
    // Run again with the right to do it, the rest is done.
    assert_eq!(run(&mut demo.command(&[])).status.code(), Some(0));
    assert_eq!(demo.left(), [".demo-reset.log", ".gitkeep", "b.png", "sub"]);
}

/// What is mounted is so for the command alone: it and its mounts are in a namespace of their own.
#[test]
#[cfg(target_os = "linux")]
fn a_folder_that_is_bound_into_the_uploads_stays_as_it_is() {
    let demo = Demo::new();
    let outside = demo.folder.path().join("outside");
    fs::create_dir(&outside).expect("a folder");
    fs::write(outside.join("precious"), "kept").expect("a file");
    fs::create_dir(demo.uploads().join("bound")).expect("a folder");
    let command = demo.command(&[]);
    let mut bound = Command::new("unshare");
    if !nix::unistd::Uid::effective().is_root() {
        bound.args(["--user", "--map-root-user"]);
    }
    bound.args(["--mount", "sh", "-c", "mount --bind \"$1\" \"$2\" && exec \"$3\" demo-reset", "sh"]);
    bound.args([&outside, &demo.uploads().join("bound"), &PathBuf::from(command.get_program())]);
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => bound.env(variable, value),
            None => bound.env_remove(variable),
        };
    }
    let output = run(bound.current_dir(demo.stand.path()));
    assert_eq!(output.status.code(), Some(5), "{}", stderr(&output));
    assert!(stderr(&output).contains("\"bound\": something is mounted there"), "{}", stderr(&output));
    assert_eq!(fs::read_to_string(outside.join("precious")).expect("it is there"), "kept");
    assert_eq!(demo.left(), [".demo-reset.log", ".gitkeep", "b.png", "bound", "sub"]);
}
