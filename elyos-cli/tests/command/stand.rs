//! A folder with a bundle in it and a database, and the command run there.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use elyos_cli::cluster::testing::{TestDatabase, database};
use serde_json::Value;
use tempfile::TempDir;

/// A folder with a bundle in it, and a database.
pub(crate) struct Stand {
    pub(crate) folder: TempDir,
    pub(crate) database: TestDatabase,
}

impl Stand {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), database: database() }
    }

    /// A bundle of forty seeds, each one needing the one before, listed backwards.
    pub(crate) fn with_forty_seeds() -> Self {
        let stand = Self::new();
        let mut manifest = String::from("schemas = [\"shop\"]\n\n");
        for number in (0..40).rev() {
            let needs = if number == 0 { String::new() } else { format!("depends_on = [\"seed_{}\"]\n", number - 1) };
            let _ = writeln!(manifest, "[seeds.seed_{number}]\nfile = \"shop/{number}.sql\"\n{needs}");
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

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("the command runs")
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_elyos"));
        command.args(arguments).current_dir(self.path()).env("DATABASE_URL", self.database.url()).env_remove("ADMIN_USER_EMAIL");
        command
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> (Option<i32>, Value) {
        let output = self.run(&[arguments, &["--json"]].concat());
        (output.status.code(), serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}")))
    }
}

pub(crate) fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
