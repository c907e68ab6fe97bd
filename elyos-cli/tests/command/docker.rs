//! `docker-compose.yml` by hand: its services' commands in its order, with its environment, against a real server.
//!
//! What is not tried here is Docker itself: the images are not built.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use elyos_cli::cluster::testing::{TestDatabase, cluster, database};
use serde_json::Value;
use yaml_rust2::{Yaml, YamlLoader};

use crate::stand::{stderr, stdout};

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the crate is in the workspace").to_owned()
}

/// The programs of the images, built: `elyos` and `quickstart`.
fn programs() -> PathBuf {
    let build = Command::new(env!("CARGO")).args(["build", "--quiet", "--package", "quickstart"]).current_dir(workspace()).output();
    let build = build.expect("cargo runs");
    assert!(build.status.success(), "{}", stderr(&build));
    Path::new(env!("CARGO_BIN_EXE_elyos")).parent().expect("a folder").to_owned()
}

/// `${NAME:-default}` and `$$`, as Compose has them.
fn interpolated(text: &str, variables: &BTreeMap<&str, &str>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('$') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('$') {
            out.push('$');
            rest = after;
            continue;
        }
        let (inner, after) = rest.strip_prefix('{').and_then(|rest| rest.split_once('}')).expect("${NAME:-default}");
        let (name, default) = inner.split_once(":-").expect("every variable has a default");
        out.push_str(variables.get(name).copied().filter(|value| !value.is_empty()).unwrap_or(default));
        rest = after;
    }
    out + rest
}

/// The compose file, and the machine that it is run on.
struct Composed {
    file: Yaml,
    programs: PathBuf,
    database: TestDatabase,
}

impl Composed {
    fn new() -> Self {
        let text = fs::read_to_string(workspace().join("docker-compose.yml")).expect("it is there");
        let file = YamlLoader::load_from_str(&text).expect("it is YAML").remove(0);
        Self { file, programs: programs(), database: database() }
    }

    fn service(&self, name: &str) -> &Yaml {
        &self.file["services"][name]
    }

    fn words(list: &Yaml) -> Vec<&str> {
        list.as_vec().expect("a list").iter().map(|word| word.as_str().expect("a text")).collect()
    }

    /// Runs a service's command with its environment; only the server's address is this machine's.
    fn run(&self, name: &str, variables: &BTreeMap<&str, &str>) -> Output {
        let service = self.service(name);
        let words: Vec<String> = Self::words(&service["command"]).into_iter().map(|word| interpolated(word, variables)).collect();
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).env_clear().env("PATH", format!("{}:/usr/bin:/bin", self.programs.display()));
        let empty = tempfile::tempdir().expect("a folder");
        command.current_dir(empty.path());
        for (key, value) in service["environment"].as_hash().expect("an environment") {
            let value = interpolated(value.as_str().expect("a text"), variables);
            let key = key.as_str().expect("a name");
            if key == "DATABASE_URL" {
                assert_eq!(value, "host=postgres dbname=elyos user=elyos password='elyos'");
                command.env(key, self.database.url());
            } else {
                command.env(key, value);
            }
        }
        command.output().expect("the service's command runs")
    }

    /// Condition of the dependency of one service on another.
    fn waits(&self, service: &str, on: &str) -> &str {
        self.service(service)["depends_on"][on]["condition"].as_str().expect("a condition")
    }
}

#[test]
fn the_services_run_in_their_order() {
    let composed = Composed::new();
    assert_eq!(composed.waits("db-init", "postgres"), "service_healthy");
    assert_eq!(composed.waits("quickstart", "db-init"), "service_completed_successfully");

    // The health check is a program of the server's own, and knows the options that it is given.
    let check = Composed::words(&composed.service("postgres")["healthcheck"]["test"]);
    assert_eq!(check[..2], ["CMD", "pg_isready"]);
    let healthy = Command::new(cluster().program("pg_isready")).args(&check[2..]).arg("--port=1").output().expect("it runs");
    assert_eq!((healthy.status.code(), stdout(&healthy)), (Some(2), "127.0.0.1:1 - no response\n".to_owned()));
    let healthy = Command::new(cluster().program("pg_isready")).arg(format!("--dbname={}", composed.database.url())).output();
    assert_eq!(healthy.expect("it runs").status.code(), Some(0));

    let variables = BTreeMap::from([("ADMIN_USER_EMAIL", "boss@example.com")]);
    let output = composed.run("db-init", &variables);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).contains("25 seeds, 5 procedures, 1 administrator's e-mail in "), "{}", stdout(&output));
    let output = composed.run("quickstart", &variables);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stdout(&output).starts_with("nothing to do"), "{}", stdout(&output));
    assert!(stdout(&output).contains("<boss@example.com>"), "{}", stdout(&output));

    // Started again without a word: nothing to do; 0 is no 1; RESET=1 empties and seeds.
    let _ = composed.database.psql("INSERT INTO auth.users (full_name, email) VALUES ('Guest', 'guest@example.com')");
    for reset in ["", "0"] {
        let output = composed.run("db-init", &BTreeMap::from([("RESET", reset)]));
        assert!(stdout(&output).starts_with("= nothing to do"), "{}", stdout(&output));
    }
    assert_eq!(composed.database.psql("SELECT count(*) FROM auth.users"), "2");
    let output = composed.run("db-init", &BTreeMap::from([("RESET", "1")]));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(composed.database.psql("SELECT count(*) FROM auth.users"), "1");
}

/// The lines of a Dockerfile, continued ones joined, comments left out.
fn instructions(text: &str) -> Vec<(String, String)> {
    let text = text.lines().filter(|line| !line.trim_start().starts_with('#')).collect::<Vec<_>>().join("\n");
    let joined = text.replace("\\\n", " ");
    let lines = joined.lines().map(str::trim).filter(|line| !line.is_empty());
    lines
        .map(|line| line.split_once(' ').expect("an instruction has arguments"))
        .map(|(name, rest)| (name.to_owned(), rest.trim().to_owned()))
        .collect()
}

#[test]
fn the_images_are_made_of_what_is_there_and_run_as_nobody_special() {
    let text = fs::read_to_string(workspace().join("Dockerfile")).expect("it is there");
    let instructions = instructions(&text);
    let stages: Vec<&str> = instructions
        .iter()
        .filter(|(name, _)| name == "FROM")
        .filter_map(|(_, rest)| rest.split_once(" AS ").map(|(_, stage)| stage))
        .collect();
    assert_eq!(stages, ["build", "base", "quickstart", "elyos"]);
    let composed = fs::read_to_string(workspace().join("docker-compose.yml")).expect("it is there");
    for target in ["elyos", "quickstart"] {
        assert!(stages.contains(&target) && composed.contains(&format!("target: {target}\n")), "{target}");
    }
    // Every member of the workspace is in the dependencies' layer: cargo refuses a workspace that lacks one.
    let manifest = fs::read_to_string(workspace().join("Cargo.toml")).expect("it is there");
    let members = manifest.lines().find_map(|line| line.strip_prefix("members = ")).expect("the members");
    let members: Vec<String> = serde_json::from_str::<Value>(members)
        .expect("a list")
        .as_array()
        .expect("a list")
        .iter()
        .map(|member| member.as_str().expect("a text").to_owned())
        .collect();
    let loop_over = instructions.iter().find_map(|(_, rest)| rest.strip_prefix("for crate in ")).expect("the empty crates");
    let empty: Vec<&str> = loop_over.split_once(';').expect("a loop").0.split_whitespace().collect();
    assert_eq!(empty, members);
    for member in &members {
        assert!(instructions.contains(&("COPY".to_owned(), format!("{member}/Cargo.toml {member}/"))), "{member}");
    }
    for (name, rest) in instructions.iter().filter(|(name, rest)| name == "COPY" && !rest.starts_with("--from")) {
        for source in rest.split_whitespace().rev().skip(1) {
            assert!(workspace().join(source).exists(), "{name} {source}");
        }
    }
    let user = instructions.iter().position(|(name, rest)| name == "USER" && rest == "10001").expect("a user");
    let from = |stage: &str| instructions.iter().position(|(name, rest)| name == "FROM" && rest == &format!("base AS {stage}"));
    assert!(from("elyos").is_some_and(|from| from > user) && from("quickstart").is_some_and(|from| from > user));
}
