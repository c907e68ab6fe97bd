//! What seeds cost: Elyos's start against a script that sends each file as one query, all of them at every start, without a ledger and
//! without a transaction around them; for the `ElyOS` bundle, and for one of a thousand seeds that depend on each other 250 deep.

use std::{
    borrow::Cow,
    cell::{Cell, RefCell},
    fmt::Write as _,
    fs,
    path::Path,
    process::ExitCode,
    time::Duration,
};

use elyos_benches::{
    Result,
    sample::{Contender, Ratio, alternate, print, timed},
    script,
    server::{Database, Server},
};
use elyos_cli::project;
use elyos_runtime::{Init, Outcome, Selection, bundle::Bundle};
use postgres::{Client, Config, NoTls};

const FIRST_RUNS: usize = 15;
const LATER_RUNS: usize = 15;
const SEEDS: usize = 1000;

const FILES: &str = "each file one query";
const INIT: &str = "elyos";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let mut server = Server::start()?;
    let elyos = script::elyos()?;
    let files = elyos.seeds.iter().map(|seed| &seed.script).chain(elyos.procedures.iter().map(|procedure| &procedure.script));
    let files: Vec<String> = files.map(|script| script.text.clone()).collect();
    let mut schema = elyos;
    schema.seeds.clear();
    schema.procedures.clear();
    let title = format!("ElyOS, {} files of seeds and procedures", files.len());
    compare(&mut server, &title, &elyos_runtime::ELYOS, &script::whole(&schema), &files)?;

    let folder = tempfile::tempdir()?;
    let files = write_thousand(folder.path())?;
    let bundle = project::load(folder.path()).map_err(|error| error.to_string())?;
    compare(&mut server, &format!("{SEEDS} seeds, 250 deep"), &bundle, &format!("CREATE SCHEMA deep;\n{SCHEMA}"), &files)
}

const SCHEMA: &str = "\
CREATE TABLE deep.node (n integer PRIMARY KEY, before integer REFERENCES deep.node, half integer REFERENCES deep.node, line text NOT NULL);\n";

/// Seed n needs n - 4 and n / 2; each writes ten rows.
fn write_thousand(folder: &Path) -> Result<Vec<String>> {
    let mut manifest = String::from("schemas = [\"deep\"]\n");
    let mut files = Vec::new();
    fs::create_dir_all(folder.join("seeds"))?;
    for seed in 0..SEEDS {
        let before = seed.checked_sub(4);
        let half = (seed > 8).then_some(seed / 2);
        let needs: Vec<String> = before.into_iter().chain(half).map(|seed| format!("\"seed_{seed}\"")).collect();
        writeln!(manifest, "[seeds.seed_{seed}]\nfile = \"{seed}.sql\"\ndepends_on = [{}]", needs.join(", "))?;
        let key = |seed: Option<usize>| seed.map_or("NULL".to_owned(), |seed| (seed * 10).to_string());
        let rows: Vec<String> =
            (0..10).map(|row| format!("({}, {}, {}, 'line {row} of {seed}')", seed * 10 + row, key(before), key(half))).collect();
        let sql = format!(
            "INSERT INTO deep.node (n, before, half, line) VALUES\n    {}\nON CONFLICT (n) DO UPDATE SET line = EXCLUDED.line;\n",
            rows.join(",\n    ")
        );
        fs::write(folder.join(format!("seeds/{seed}.sql")), &sql)?;
        files.push(sql);
    }
    fs::write(folder.join("seeds/seeds.toml"), manifest)?;
    fs::write(folder.join("schema.sql"), SCHEMA)?;
    Ok(files)
}

/// The seeds for the first time, at a start that changes nothing, and at one after a release that has changed one seed.
fn compare(server: &mut Server, title: &str, bundle: &Bundle, schema: &str, files: &[String]) -> Result<()> {
    let ratios = [Ratio { of: INIT, to: FILES, goal: None }];
    {
        let server = RefCell::new(&mut *server);
        let fresh = |work: &dyn Fn(&Database) -> Result<()>| -> Result<Duration> {
            let database = server.borrow_mut().database()?;
            connect(&database.url)?.batch_execute(schema)?;
            let time = timed(|| work(&database))?;
            server.borrow_mut().drop(&database)?;
            Ok(time)
        };
        let seeded = |database: &Database| -> Result<()> {
            Init::new(bundle).database_url(&database.url).admin_email("").seed(&Selection::all())?;
            Ok(())
        };
        let mut contenders =
            [Contender::new(FILES, || fresh(&|database| every_file(&database.url, files))), Contender::new(INIT, || fresh(&seeded))];
        alternate(&mut contenders, 1, FIRST_RUNS)?;
        print(&format!("{title}: for the first time"), &contenders, &ratios);
    }

    let database = server.database()?;
    let start = |bundle: &Bundle, expected: Outcome| -> Result<()> {
        let report = Init::new(bundle).database_url(&database.url).admin_email("").run()?;
        if report.outcome == expected { Ok(()) } else { Err(format!("init ended otherwise than expected:\n{report}").into()) }
    };
    start(bundle, Outcome::Applied)?;
    let mut contenders = [
        Contender::new(FILES, || timed(|| every_file(&database.url, files))),
        Contender::new(INIT, || timed(|| start(bundle, Outcome::NothingToDo))),
    ];
    alternate(&mut contenders, 1, LATER_RUNS)?;
    print(&format!("{title}: at a start that changes nothing"), &contenders, &ratios);

    let release = Cell::new(0);
    let mut contenders = [
        Contender::new(FILES, || timed(|| every_file(&database.url, files))),
        Contender::new(INIT, || {
            release.set(release.get() + 1);
            let next = with_one_changed(bundle, release.get());
            timed(|| start(&next, Outcome::Applied))
        }),
    ];
    alternate(&mut contenders, 1, LATER_RUNS)?;
    print(&format!("{title}: at a start that changes one seed"), &contenders, &ratios);
    server.drop(&database)
}

/// The next release of a bundle: the seed in the middle counts as changed, and with it the whole.
fn with_one_changed(bundle: &Bundle, release: u8) -> Bundle {
    let mut next = bundle.clone();
    let mut seeds = next.seeds.into_owned();
    let middle = seeds.len() / 2;
    seeds[middle].script.sha256[0] ^= release;
    next.seeds = Cow::Owned(seeds);
    next.digest[0] ^= release;
    next
}

fn every_file(url: &str, files: &[String]) -> Result<()> {
    let mut client = connect(url)?;
    for file in files {
        client.batch_execute(file)?;
    }
    Ok(client.close()?)
}

fn connect(url: &str) -> Result<Client> {
    Ok(url.parse::<Config>()?.application_name("elyos").connect(NoTls)?)
}
