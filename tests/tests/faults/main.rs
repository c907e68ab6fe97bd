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

use elyos_tests::client;

use case::{Case, Ending, Undisturbed};
use fault::Fault;
use server::Server;
use state::State;
use table::Table;

/// How many processes start at once.
const CROWDS: [usize; 3] = [1, 2, 20];

/// How many points of a start are tried: all of them with one process in the long form, fewer where each costs more.
fn points(long: bool, crowd: usize, all: usize) -> Vec<usize> {
    let wanted = match (long, crowd) {
        (true, 1) => all,
        (true, 2) => 14,
        (true, _) => 7,
        (false, 1) => 2,
        (false, _) => 1,
    };
    let count = wanted.min(all);
    // Evenly between the first and the last.
    (0..count).map(|step| (2 * step + 1) * all / (2 * count)).collect()
}

#[test]
fn whatever_happens_the_promise_holds() {
    let long = std::env::var("ELYOS_FAULTS").is_ok_and(|form| form == "long");
    let mut server = Server::start();
    let mut table = Table::default();
    let mut failures = Vec::new();
    for state in State::ALL {
        let undisturbed = Undisturbed::observe(&mut server, state);
        for (row, fault) in Fault::ALL.into_iter().enumerate() {
            if !fault.can_be_tried() {
                continue;
            }
            for (column, crowd) in CROWDS.into_iter().enumerate() {
                // The short form turns through the crowds.
                if !long && (row + column + state as usize) % 2 == 1 {
                    continue;
                }
                for point in points(long, crowd, undisturbed.points(fault)) {
                    let case = Case { state, crowd, fault, point };
                    match case.run(&mut server, &undisturbed) {
                        Ok(tried) => table.add(case, tried),
                        Err(why) => failures.push(format!("{case}: {why}")),
                    }
                }
            }
        }
    }
    println!("{table}");
    assert!(failures.is_empty(), "{} cases break the promise:\n{}", failures.len(), failures.join("\n"));
    assert!(table.cases() >= if long { 1000 } else { 60 }, "{} cases only", table.cases());
    // A matrix whose faults never strike proves nothing, nor does a fault that never does.
    let idle: Vec<_> = Fault::ALL.into_iter().filter(|fault| fault.can_be_tried() && table.struck_by(*fault) == 0).collect();
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
