//! Puts entries behind those they depend on, and finds what is wrong with the dependencies.

use std::collections::{BTreeMap, BTreeSet};

use super::manifest::{Entry, Manifest};
use crate::{diagnostic::Diagnostic, nearest::nearest};

/// The entries' indexes, each behind those it depends on; of those that could come next always the first in the manifest. Unknown names and
/// cycles are reported, and passed over so that the rest can be looked at.
pub(super) fn order(manifest: &Manifest, what: &str, entries: &[Entry], found: &mut Vec<Diagnostic>) -> Vec<usize> {
    let index: BTreeMap<&str, usize> = entries.iter().enumerate().map(|(index, entry)| (entry.name.text.as_str(), index)).collect();
    let mut needs: Vec<BTreeSet<usize>> = vec![BTreeSet::new(); entries.len()];
    for (at, entry) in entries.iter().enumerate() {
        for dependency in &entry.depends_on {
            match index.get(dependency.text.as_str()) {
                Some(needed) if *needed == at => found.push(
                    Diagnostic::new(format!("{what} `{}` depends on itself", entry.name.text))
                        .at(&manifest.source, dependency.range.clone())
                        .help("remove it from `depends_on`"),
                ),
                Some(needed) => {
                    needs[at].insert(*needed);
                }
                None => {
                    let near = nearest(&dependency.text, index.keys().copied());
                    let diagnostic = Diagnostic::new(format!(
                        "{what} `{}` depends on `{}`, which is not in the manifest",
                        entry.name.text, dependency.text
                    ));
                    let diagnostic = diagnostic.at(&manifest.source, dependency.range.clone());
                    found.push(if near.is_empty() {
                        diagnostic.help(format!("add a table `[{what}s.{}]`, or remove it here", dependency.text))
                    } else {
                        diagnostic.help_nearest(&near)
                    });
                }
            }
        }
    }
    let (order, left) = sort(&needs);
    if !left.is_empty() {
        report_cycles(manifest, what, entries, &needs, left, found);
    }
    order
}

/// What can be ordered, and what is in a cycle or behind one.
fn sort(needs: &[BTreeSet<usize>]) -> (Vec<usize>, BTreeSet<usize>) {
    let mut needed_by: Vec<Vec<usize>> = vec![Vec::new(); needs.len()];
    let mut open: Vec<usize> = needs.iter().map(BTreeSet::len).collect();
    for (at, needs) in needs.iter().enumerate() {
        for needed in needs {
            needed_by[*needed].push(at);
        }
    }
    let mut ready: BTreeSet<usize> = (0..needs.len()).filter(|at| open[*at] == 0).collect();
    let mut order = Vec::with_capacity(needs.len());
    while let Some(next) = ready.pop_first() {
        order.push(next);
        for behind in &needed_by[next] {
            open[*behind] -= 1;
            if open[*behind] == 0 {
                ready.insert(*behind);
            }
        }
    }
    let left = (0..needs.len()).filter(|at| open[*at] > 0).collect();
    (order, left)
}

/// Each cycle once, from its first entry in the manifest all the way round.
fn report_cycles(
    manifest: &Manifest,
    what: &str,
    entries: &[Entry],
    needs: &[BTreeSet<usize>],
    mut left: BTreeSet<usize>,
    found: &mut Vec<Diagnostic>,
) {
    while let Some(start) = left.first().copied() {
        let mut walk = vec![start];
        let mut at = start;
        let cycle = loop {
            // Each that is left needs another that is left, or one whose cycle has been reported.
            let Some(next) = needs[at].iter().copied().find(|next| left.contains(next)) else {
                break None;
            };
            if let Some(begin) = walk.iter().position(|seen| *seen == next) {
                break Some(walk.split_off(begin));
            }
            walk.push(next);
            at = next;
        };
        let Some(mut cycle) = cycle else {
            left.remove(&at);
            continue;
        };
        let first = cycle.iter().enumerate().min_by_key(|(_, entry)| **entry).map_or(0, |(position, _)| position);
        cycle.rotate_left(first);
        found.push(describe(manifest, what, entries, &cycle));
        for entry in cycle {
            left.remove(&entry);
        }
    }
}

fn describe(manifest: &Manifest, what: &str, entries: &[Entry], cycle: &[usize]) -> Diagnostic {
    let names: Vec<&str> = cycle.iter().chain(cycle.first()).map(|entry| entries[*entry].name.text.as_str()).collect();
    let mut diagnostic = Diagnostic::new(format!("{what}s depend on each other in a circle: {}", names.join(" → ")));
    for (position, entry) in cycle.iter().enumerate() {
        let wanted = names[position + 1];
        let Some(link) = entries[*entry].depends_on.iter().find(|dependency| dependency.text == wanted) else {
            continue;
        };
        let says = format!("`{}` needs `{wanted}`", names[position]);
        diagnostic = if position == 0 {
            diagnostic.at(&manifest.source, link.range.clone()).saying(says)
        } else {
            diagnostic.label(&manifest.source, link.range.clone(), says)
        };
    }
    diagnostic.help("remove one of these from `depends_on`")
}
