//! A bundle that is larger than the memory that the command may use for it.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use elyos_cli::cluster::testing::database;
use postgres::{Client, NoTls};

/// How many megabytes the bundle has, where it is not the usual few.
const SIZE: &str = "ELYOS_LARGE_MB";

/// The memory that the command may take at its peak, in kB as the kernel counts them.
const BOUND: u64 = 64 * 1024;

/// Writes a seed of about so many bytes, of many statements of every kind of literal, and gives the rows that it inserts.
fn write_seed(path: &Path, bytes: usize, first_id: usize) -> usize {
    let mut file = BufWriter::new(File::create(path).expect("a file"));
    let (mut written, mut rows) = (0, 0);
    while written < bytes {
        let mut statement = String::from("-- a comment; with a semicolon\nINSERT INTO shop.items (id, line) VALUES");
        for row in 0..300 {
            let id = first_id + rows;
            let text = match row % 4 {
                0 => "'it''s; one'".to_owned(),
                1 => format!("$t$dollar; {id} $$ ; $t$"),
                2 => "E'back\\\\slash\\';'".to_owned(),
                _ => format!("'{}'", "é".repeat(80)),
            };
            let _ = write!(statement, "{}\n    ({id}, {text})", if row == 0 { "" } else { "," });
            rows += 1;
        }
        statement.push_str(" ON CONFLICT (id) DO UPDATE SET line = EXCLUDED.line\nWHERE items.line IS DISTINCT FROM EXCLUDED.line;\n");
        file.write_all(statement.as_bytes()).expect("it can be written");
        written += statement.len();
    }
    rows
}

/// A bundle with one seed of more than half of the megabytes, and twenty of the rest.
fn write_bundle(folder: &Path, megabytes: usize) -> usize {
    let mut manifest = String::from("schemas = [\"shop\"]\n");
    fs::create_dir_all(folder.join("seeds")).expect("a folder");
    fs::write(folder.join("schema.sql"), "CREATE TABLE shop.items (id integer PRIMARY KEY, line text NOT NULL);\n").expect("a file");
    let mut rows = 0;
    for number in 0..21 {
        let bytes = if number == 7 { megabytes * 600_000 } else { megabytes * 20_000 };
        rows += write_seed(&folder.join(format!("seeds/{number}.sql")), bytes, rows);
        let _ = writeln!(manifest, "[seeds.part_{number}]\nfile = \"{number}.sql\"");
    }
    fs::write(folder.join("seeds/seeds.toml"), manifest).expect("a file");
    rows
}

fn elyos(folder: &Path, url: &str) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_elyos"));
    command.args(["init", "--json"]).current_dir(folder).env("DATABASE_URL", url).env_remove("ADMIN_USER_EMAIL");
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the command runs")
}

/// The greatest memory that the process has had, watched until it ends. Source: proc(5), `VmHWM`.
fn peak(child: &mut Child) -> u64 {
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait().expect("its state").is_none() {
        let text = fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kilobytes.unwrap_or(0));
        thread::sleep(Duration::from_millis(2));
    }
    peak
}

#[test]
fn a_bundle_of_any_size_is_run_in_bounded_memory() {
    let megabytes = std::env::var(SIZE).ok().and_then(|size| size.parse().ok()).unwrap_or(8);
    let folder = tempfile::tempdir().expect("a folder");
    let rows = write_bundle(folder.path(), megabytes);
    let database = database();
    let mut running = elyos(folder.path(), database.url());
    let peak = peak(&mut running);
    let output = running.wait_with_output().expect("it has ended");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).expect("its report");
    println!("{megabytes} MB, {rows} rows, at most {peak} kB, {} ms", report["elapsed_ms"]);
    let seeds = report["steps"].as_array().expect("steps").iter().filter(|step| step["kind"] == "seed");
    let told: u64 = seeds.map(|step| step["rows"].as_u64().expect("rows")).sum();
    assert_eq!(usize::try_from(told).ok(), Some(rows));
    let mut client = Client::connect(database.url(), NoTls).expect("the database is there");
    let sql = "SELECT count(*), count(*) FILTER (WHERE line IN ('it''s; one', E'back\\\\slash\\';', repeat('é', 80)) \
               OR line = format('dollar; %s $$ ; ', id)) FROM shop.items";
    let row = client.query_one(sql, &[]).expect("the rows");
    let (found, whole): (i64, i64) = (row.get(0), row.get(1));
    assert_eq!((usize::try_from(found).ok(), whole), (Some(rows), found));
    assert!(peak > 1024, "the peak was not seen");
    assert!(peak <= BOUND, "{peak} kB");
}
