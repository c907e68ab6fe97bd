//! Elyos beside the drivers by hand, Diesel, diesel-async, `SQLx` and `SeaORM`: the same work on the same rows, in turns.
//!
//! Arguments are parts of the names of the cases to run; without any, all are run. `--peer=NAME` runs one library alone, for a profiler.

#[path = "../peers/mod.rs"]
mod peers;

use std::cell::RefCell;
use std::process::ExitCode;

use elyos_benches::{
    Result,
    sample::{Contender, alternate, print},
    server::Server,
};
use elyos_runtime::{ELYOS, Init};
use peers::by_hand::ByHand;
use peers::by_hand_async::ByHandAsync;
use peers::cases::{CASES, Case, fill};
use peers::diesel_async_peer::DieselAsyncPeer;
use peers::diesel_peer::DieselPeer;
use peers::elyos::Elyos;
use peers::elyos_async::ElyosAsync;
use peers::report::{self, Line};
use peers::sea_orm_peer::SeaOrmPeer;
use peers::sqlx_peer::SqlxPeer;
use peers::{Look, Peer};
use postgres::{Client, NoTls};

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
    let (alone, wanted): (Vec<String>, Vec<String>) = std::env::args().skip(1).partition(|argument| argument.starts_with("--peer="));
    let cases: Vec<&Case> = CASES.iter().filter(|case| wanted.is_empty() || wanted.iter().any(|part| case.name.contains(part))).collect();
    let mut server = Server::start()?;
    let database = server.database()?;
    Init::new(&ELYOS).database_url(&database.url).admin_email("").run()?;
    let client = RefCell::new(Client::connect(&database.url, NoTls)?);
    fill(&mut client.borrow_mut())?;
    {
        let url = &database.url;
        let mut peers: Vec<Box<dyn Peer>> = vec![
            Box::new(Elyos::connect(url)?),
            Box::new(ElyosAsync::connect(url)?),
            Box::new(ByHand::connect(url)?),
            Box::new(ByHandAsync::connect(url)?),
            Box::new(DieselPeer::connect(url)?),
            Box::new(DieselAsyncPeer::connect(url)?),
            Box::new(SqlxPeer::connect(url)?),
            Box::new(SeaOrmPeer::connect(url)?),
        ];
        if let Some(name) = alone.first().and_then(|argument| argument.strip_prefix("--peer=")) {
            peers.retain(|peer| peer.name() == name);
        }
        let mut lines = Vec::new();
        for case in cases {
            compare(case, &mut peers, &client)?;
            let mut contenders: Vec<Contender<'_>> = peers
                .iter_mut()
                .map(|peer| {
                    let client = &client;
                    Contender::new(peer.name(), move || {
                        if let Some(before) = case.before {
                            before(&mut client.borrow_mut())?;
                        }
                        Ok((case.run)(&mut **peer, Look::Away)?.time)
                    })
                })
                .collect();
            alternate(&mut contenders, case.rounds / 10, case.rounds)?;
            print(case.name, &contenders, &[]);
            lines.push(Line { case, medians: contenders.iter().map(|contender| (contender.name(), contender.median())).collect() });
        }
        report::print(&lines);
    }
    drop(client);
    server.drop(&database)
}

/// The same comes back from all of them, and something does.
fn compare(case: &Case, peers: &mut [Box<dyn Peer>], client: &RefCell<Client>) -> Result<()> {
    let mut expected: Option<Vec<String>> = None;
    for peer in peers {
        if let Some(before) = case.before {
            before(&mut client.borrow_mut())?;
        }
        let lines = (case.run)(&mut **peer, Look::At)?.lines;
        let expected = expected.get_or_insert_with(|| lines.clone());
        if lines.is_empty() || lines != *expected {
            let place = lines.iter().zip(expected.iter()).position(|(one, other)| one != other).unwrap_or(lines.len().min(expected.len()));
            let (one, other) = (expected.get(place), lines.get(place));
            return Err(format!("{}: {} gives {other:?} where the first gives {one:?}", case.name, peer.name()).into());
        }
    }
    Ok(())
}
