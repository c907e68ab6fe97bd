//! How long a start takes: the first one on an empty database against psql with the same SQL, and one with nothing to do
//! against `select 1`.

use std::{
    cell::RefCell,
    fs,
    path::{Path, PathBuf},
    process::{Command, ExitCode, Stdio},
    time::Duration,
};

use elyos_benches::{
    Result,
    sample::{Contender, Ratio, alternate, print, timed},
    script,
    server::{Database, Server, command},
    wire::Relay,
};
use elyos_runtime::{ELYOS, Init, Outcome};
use elyos_schema::bundle::Bundle;
use postgres::{Client, Config, NoTls};

const FIRST_RUNS: usize = 31;
const SETTLED_RUNS: usize = 400;
const RUNNER_RUNS: usize = 31;

const PSQL: &str = "psql -1 -X -q -v ON_ERROR_STOP=1 -f all.sql";
const PROCESS: &str = "init, a whole process";
const IN_PROCESS: &str = "init, within a process";
const SELECT_PROCESS: &str = "connect and select 1, a whole process";
const SELECT_IN_PROCESS: &str = "connect and select 1, within a process";
const RUNNER: &str = "every file again, no transaction";

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
    let programs = Programs::find()?;
    let bundle = script::elyos()?;
    let folder = tempfile::tempdir()?;
    let all = folder.path().join("all.sql");
    fs::write(&all, script::whole(&bundle))?;

    let mut server = Server::start()?;
    first(&mut server, &programs, &all)?;
    let database = server.database()?;
    init(&database.url, Outcome::Applied)?;
    settled(&database, &programs)?;
    over_the_wire(&mut server, &database)?;
    runner(&database, &bundle)?;
    server.drop(&database)
}

/// The small programs, built beside this one.
struct Programs {
    init: PathBuf,
    select: PathBuf,
}

impl Programs {
    fn find() -> Result<Self> {
        let this = std::env::current_exe()?;
        let beside = |name: &str| -> Result<PathBuf> {
            let path = this.with_file_name(name);
            if path.is_file() { Ok(path) } else { Err(format!("{name} is not built: run `cargo build --release` first").into()) }
        };
        Ok(Self { init: beside("once_init")?, select: beside("once_select")? })
    }
}

/// The first start, each on a database of its own.
fn first(server: &mut Server, programs: &Programs, all: &Path) -> Result<()> {
    let psql = server.psql()?;
    println!("psql is {}", String::from_utf8_lossy(&Command::new(&psql).arg("--version").output()?.stdout).trim());
    let by_psql = |database: &Database| -> Result<Duration> {
        let mut command = command(&psql);
        command.args(["-1", "-X", "-q", "-v", "ON_ERROR_STOP=1", "-f"]).arg(all).arg(&database.url);
        process(&mut command)
    };
    let by_process = |database: &Database| process(command(&programs.init).arg(&database.url));
    let within = |database: &Database| timed(|| init(&database.url, Outcome::Applied));

    let (one, other) = (server.database()?, server.database()?);
    by_psql(&one)?;
    by_process(&other)?;
    let (expected, found) = (one.content()?, other.content()?);
    server.drop(&one)?;
    server.drop(&other)?;
    if expected != found {
        return Err(format!("psql made {expected}, init {found}").into());
    }
    println!("each makes {found}");

    let server = RefCell::new(server);
    let fresh = |work: &dyn Fn(&Database) -> Result<Duration>| -> Result<Duration> {
        let database = server.borrow_mut().database()?;
        let time = work(&database)?;
        server.borrow_mut().drop(&database)?;
        Ok(time)
    };
    let mut contenders = [
        Contender::new(PSQL, || fresh(&by_psql)),
        Contender::new(PROCESS, || fresh(&by_process)),
        Contender::new(IN_PROCESS, || fresh(&within)),
    ];
    alternate(&mut contenders, 2, FIRST_RUNS)?;
    let goal = Some(1.2);
    let ratios = [Ratio { of: PROCESS, to: PSQL, goal }, Ratio { of: IN_PROCESS, to: PSQL, goal }];
    print("First start, on an empty database", &contenders, &ratios);
    Ok(())
}

/// A start with nothing to do.
fn settled(database: &Database, programs: &Programs) -> Result<()> {
    let url = &database.url;
    let mut contenders = [
        Contender::new(SELECT_PROCESS, || process(command(&programs.select).arg(url))),
        Contender::new(PROCESS, || process(command(&programs.init).arg(url))),
        Contender::new(SELECT_IN_PROCESS, || timed(|| select(url))),
        Contender::new(IN_PROCESS, || timed(|| init(url, Outcome::NothingToDo))),
    ];
    alternate(&mut contenders, 20, SETTLED_RUNS)?;
    let goal = Some(1.5);
    let ratios = [Ratio { of: PROCESS, to: SELECT_PROCESS, goal }, Ratio { of: IN_PROCESS, to: SELECT_IN_PROCESS, goal }];
    print("A start with nothing to do", &contenders, &ratios);
    Ok(())
}

/// What a start says to the server, as a relay between the two hears it.
fn over_the_wire(server: &mut Server, settled: &Database) -> Result<()> {
    println!("\nWhat a start with nothing to do sends:");
    let relay = Relay::start(server.socket_directory())?;
    init(&relay.url(&settled.url), Outcome::NothingToDo)?;
    let messages = relay.messages();
    for message in &messages {
        let kind = match message.kind {
            ' ' => "start-up",
            'Q' => "query",
            'X' => "farewell",
            _ => return Err(format!("an unexpected message of kind {}", message.kind).into()),
        };
        println!("  connection {}: {kind:<9} {}", message.connection, message.text.replace('\0', " "));
    }
    let kinds: String = messages.iter().map(|message| message.kind).collect();
    if kinds != " QX" {
        return Err("a start with nothing to do is not one query after connecting".into());
    }

    let database = server.database()?;
    let relay = Relay::start(server.socket_directory())?;
    init(&relay.url(&database.url), Outcome::Applied)?;
    server.drop(&database)?;
    let messages = relay.messages();
    let connections = messages.iter().filter(|message| message.kind == ' ').count();
    // A simple query is one round trip, and so is everything up to a synchronisation.
    let trips = messages.iter().filter(|message| matches!(message.kind, 'Q' | 'S')).count();
    println!("A first start: {connections} connections, {trips} round trips after connecting");
    if std::env::var_os("ELYOS_BENCH_TRACE").is_some() {
        for message in messages {
            let text: String = message.text.chars().take(100).map(|c| if c.is_control() { ' ' } else { c }).collect();
            println!("  {:>9.3} ms  {} {} {text}", message.at.as_secs_f64() * 1000.0, message.connection, message.kind);
        }
    }
    Ok(())
}

/// For information: a script runner that keeps no ledger.
fn runner(database: &Database, bundle: &Bundle) -> Result<()> {
    let url = &database.url;
    let files: Vec<&str> = bundle
        .seeds
        .iter()
        .map(|seed| &seed.script)
        .chain(bundle.procedures.iter().map(|procedure| &procedure.script))
        .map(|script| &*script.text)
        .collect();
    let every_file = || -> Result<()> {
        let mut client = connect(url)?;
        for file in &files {
            client.batch_execute(file)?;
        }
        Ok(client.close()?)
    };
    let mut contenders =
        [Contender::new(RUNNER, || timed(every_file)), Contender::new(IN_PROCESS, || timed(|| init(url, Outcome::NothingToDo)))];
    alternate(&mut contenders, 2, RUNNER_RUNS)?;
    let title = format!("For information: {} files of seeds and procedures at every start", files.len());
    print(&title, &contenders, &[Ratio { of: RUNNER, to: IN_PROCESS, goal: None }]);
    Ok(())
}

fn init(url: &str, expected: Outcome) -> Result<()> {
    let report = Init::new(&ELYOS).database_url(url).admin_email("").run()?;
    if report.outcome == expected { Ok(()) } else { Err(format!("init ended otherwise than expected:\n{report}").into()) }
}

fn connect(url: &str) -> Result<Client> {
    Ok(url.parse::<Config>()?.application_name("elyos").connect(NoTls)?)
}

fn select(url: &str) -> Result<()> {
    let mut client = connect(url)?;
    client.simple_query("select 1")?;
    Ok(client.close()?)
}

/// From starting the process to knowing that it has ended well.
fn process(command: &mut Command) -> Result<Duration> {
    command.stdin(Stdio::null()).stdout(Stdio::null());
    timed(|| {
        let status = command.status()?;
        if status.success() { Ok(()) } else { Err(format!("{} ended with {status}", command.get_program().display()).into()) }
    })
}
