//! The fault matrix: a start in every state a database can be in, alone and among others, disturbed in every way at every point.
//!
//! What is asked of each case is what `docs/start-protocol.md` promises: right after the fault the database is in one of the states
//! that an undisturbed start goes through, and one more start leaves what an undisturbed one leaves.
//!
//! `ELYOS_FAULTS=long` tries every point. With `--nocapture` it prints a table of what was tried and how it ended.

#[path = "../cluster_support/mod.rs"]
mod support;

mod case;
mod fault;
mod server;
mod state;
mod table;

use std::time::Instant;

use elyos_tests::bouncer::Bouncer;
use elyos_tests::client;

use case::{Case, Ending, Undisturbed};
use fault::{Between, Fault};
use server::Server;
use state::State;
use table::Table;

/// How many processes start at once.
const CROWDS: [usize; 3] = [1, 2, 20];

/// At which points of a start the fault is tried. In the long form a process alone is killed after each message, and its
/// connection is cut before each; all else is tried at fewer points, as far as each costs.
fn points(long: bool, fault: Fault, between: Between, crowd: usize, all: usize) -> Vec<usize> {
    let is_everywhere = matches!(fault, Fault::KilledAfter | Fault::CutBefore);
    let wanted = match (long, between, crowd) {
        (true, Between::Nothing, 1) if is_everywhere => all,
        (true, Between::Nothing, 1) => 16,
        (true, Between::Nothing, 2) => 8,
        (true, Between::Nothing, _) => 4,
        (true, Between::Pooler, 1) => 6,
        (true, Between::Pooler, 2) => 3,
        (false, Between::Nothing, 1) => 2,
        _ => 1,
    };
    let count = wanted.min(all);
    // Evenly between the first and the last.
    (0..count).map(|step| (2 * step + 1) * all / (2 * count)).collect()
}

/// Whether the short form tries it. It turns through the crowds; behind a pooler it tries each fault in one state.
fn is_in_short_form(state: State, row: usize, between: Between, column: usize) -> bool {
    match between {
        Between::Nothing => (row + column + state as usize).is_multiple_of(2),
        Between::Pooler => column == row % 2 && (row + state as usize).is_multiple_of(State::ALL.len()),
    }
}

#[test]
fn whatever_happens_the_promise_holds() {
    let long = std::env::var("ELYOS_FAULTS").is_ok_and(|form| form == "long");
    let mut server = Server::start();
    let mut table = Table::default();
    let mut failures = Vec::new();
    let between = if Bouncer::is_installed() { Between::ALL.as_slice() } else { &[Between::Nothing] };
    let started = Instant::now();
    for state in State::ALL {
        let undisturbed = Undisturbed::observe(&mut server, state);
        for (row, fault) in Fault::ALL.into_iter().enumerate() {
            for between in between.iter().copied() {
                for (column, crowd) in CROWDS.into_iter().enumerate() {
                    if !long && !is_in_short_form(state, row, between, column) {
                        continue;
                    }
                    for point in points(long, fault, between, crowd, undisturbed.points(fault)) {
                        let case = Case { state, crowd, fault, between, point };
                        match case.tried(&mut server, &undisturbed) {
                            Ok(tried) => table.add(case, tried),
                            Err(why) => {
                                println!("{case}: {why}");
                                failures.push(format!("{case}: {why}"));
                            }
                        }
                    }
                }
            }
            println!("{:>6} s: {} cases, {state}, {fault}", started.elapsed().as_secs(), table.cases());
        }
    }
    println!("{table}");
    assert!(failures.is_empty(), "{} cases break the promise:\n{}", failures.len(), failures.join("\n"));
    assert!(table.cases() >= if long { 1000 } else { 60 }, "{} cases only", table.cases());
    // A matrix whose faults never strike proves nothing, nor does a fault that never does.
    let all = between.iter().flat_map(|between| Fault::ALL.map(|fault| (fault, *between)));
    let idle: Vec<_> = all.filter(|(fault, between)| table.struck_by(*fault, *between) == 0).collect();
    assert!(idle.is_empty(), "never struck: {idle:?}");
    assert!(table.struck() * 10 >= table.cases() * 8, "only {} of {} faults struck", table.struck(), table.cases());
    assert!(table.with(Ending::Between) > 0 && table.with(Ending::Before) > 0 && table.with(Ending::After) > 0, "{table}");
}

#[test]
fn the_states_that_a_start_goes_through_differ() {
    let mut server = Server::start();
    let undisturbed = Undisturbed::observe(&mut server, State::Empty);
    // The empty database; schemas and ledger; four migrations; seeds and procedures.
    assert_eq!(undisturbed.passed(), 7);
    let database = server.database(State::Seeded);
    let mut client = client(&database);
    let before = state::picture(&mut client);
    client.batch_execute("UPDATE shop.products SET price = price + 1 WHERE code = 'pot'").expect("another price");
    assert_ne!(before, state::picture(&mut client));
}
