//! Each step of the bundle against the ledger, by the rules that a start goes by.

use std::collections::HashMap;

use super::Interrupted;
use super::history::History;
use super::item::{ItemState, ItemStatus, Pending};
use crate::bundle::{Bundle, Relation, Run, Script, Seed, hex};
use crate::init::prepare;
use crate::init::survey::Survey;
use crate::ledger::Ledger;

/// How far a script is that the ledger has with this hash.
fn compared(applied: Option<&String>, script: &Script) -> (ItemState, Option<Pending>) {
    match applied {
        None => (ItemState::Pending, Some(Pending::New)),
        Some(hash) if *hash == hex(&script.sha256) => (ItemState::Applied, None),
        Some(_) => (ItemState::Changed, Some(Pending::Changed)),
    }
}

pub(super) fn schemas(bundle: &Bundle, survey: &Survey) -> Vec<ItemStatus> {
    let item = |name: &str| {
        let is_there = survey.schemas.contains(name);
        let state = if is_there { ItemState::Applied } else { ItemState::Pending };
        History::default().item("schema", name, state, (!is_there).then_some(Pending::New))
    };
    prepare::schemas(bundle).into_iter().map(item).collect()
}

pub(super) fn extensions(bundle: &Bundle, survey: &Survey, ledger: &Ledger, history: &History) -> Vec<ItemStatus> {
    let item = |extension: &crate::bundle::Extension| {
        let recorded = ledger.extensions.get(&*extension.name).filter(|hash| !hash.is_empty());
        let (state, pending) = match (survey.extensions.contains(&*extension.name), recorded, &extension.stand_in) {
            (true, _, _) => (ItemState::FromServer, None),
            (false, Some(hash), Some(stand_in)) if *hash != hex(&stand_in.sha256) => (ItemState::FromBundle, Some(Pending::Changed)),
            (false, Some(_), _) => (ItemState::FromBundle, None),
            (false, None, _) => (ItemState::Pending, Some(Pending::New)),
        };
        history.item("extension", &extension.name, state, pending)
    };
    bundle.extensions.iter().map(item).collect()
}

/// A migration that has changed is drift, and no start runs it again.
pub(super) fn migrations(bundle: &Bundle, ledger: &Ledger, interrupted: &[Interrupted<'_>], history: &History) -> Vec<ItemStatus> {
    let own = bundle.migrations.iter().map(|migration| {
        let applied = ledger.migrations.iter().find(|applied| applied.position == migration.position);
        if let Some(interrupted) = interrupted.iter().find(|interrupted| interrupted.migration.position == migration.position) {
            let done = interrupted.statements.iter().filter(|statement| statement.finished).count();
            let statements = interrupted.statements.len();
            let pending = Pending::Interrupted { done, statements, started_at: history.started_at(&migration.name) };
            return history.item("migration", &migration.name, ItemState::Interrupted, Some(pending));
        }
        let (state, pending) = compared(applied.map(|applied| &applied.sha256), &migration.script);
        history.item("migration", &migration.name, state, pending.filter(|_| state != ItemState::Changed))
    });
    let is_known = |position: i64| bundle.migrations.iter().any(|migration| migration.position == position);
    let others = ledger.migrations.iter().filter(|applied| !is_known(applied.position));
    own.chain(others.map(|applied| history.item("migration", &applied.name, ItemState::Unknown, None))).collect()
}

/// The seeds, in the order in which they run: one that will run makes those pending that read what it writes.
pub(super) fn seeds(bundle: &Bundle, ledger: &Ledger, history: &History, up_to_date: bool) -> Vec<ItemStatus> {
    let mut written: HashMap<(&str, &str), &Seed> = HashMap::new();
    let mut items = Vec::new();
    for seed in bundle.seeds.iter() {
        let applied = ledger.seeds.get(&*seed.name);
        let (state, by_itself) = match (seed.run, applied) {
            (Run::Once, Some(_)) => (ItemState::Applied, None),
            (Run::Always, Some(_)) => (ItemState::Applied, (!up_to_date).then_some(Pending::Always)),
            _ => compared(applied, &seed.script),
        };
        let stays = seed.run == Run::Once && applied.is_some();
        let read = seed.reads.iter().find_map(|table| written.get(&key(table)).map(|writer| (table, *writer))).filter(|_| !stays);
        let reads = read.map(|(table, writer)| Pending::Reads { table: table.shown(), written_by: writer.name.to_string() });
        let pending = by_itself.or(reads);
        if pending.is_some() {
            for table in seed.writes.iter() {
                written.entry(key(table)).or_insert(seed);
            }
        }
        items.push(history.item("seed", &seed.name, state, pending));
    }
    items
}

fn key(table: &Relation) -> (&str, &str) {
    (&table.schema, &table.name)
}

pub(super) fn procedures(bundle: &Bundle, ledger: &Ledger, history: &History) -> Vec<ItemStatus> {
    let item = |procedure: &crate::bundle::Procedure| {
        let (state, pending) = compared(ledger.procedures.get(&*procedure.name), &procedure.script);
        history.item("procedure", &procedure.name, state, pending)
    };
    bundle.procedures.iter().map(item).collect()
}
