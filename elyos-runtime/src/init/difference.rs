//! How the text of a migration differs from the one that was applied, by statement.

use crate::bundle::{Bundle, Migration, StatementHash};
use crate::error::Place;
use crate::error::migration::{Change, Difference};

/// What distinguishes the migration's text from the one whose statements were recorded. The texts are known to differ.
pub(super) fn between(bundle: &Bundle, migration: &Migration, applied: &[StatementHash]) -> Difference {
    let now = migration.statement_hashes();
    let place = |index: usize| place(bundle, migration, index);
    let difference = |first, others, place| Difference { first, others, path: migration.script.path.to_string(), place };
    if applied.is_empty() {
        return difference(Change::Unknown, 0, None);
    }
    let (old_tokens, new_tokens): (Vec<&str>, Vec<&str>) =
        (applied.iter().map(|hash| &*hash.tokens).collect(), now.iter().map(|hash| &*hash.tokens).collect());
    let edits = edits(&old_tokens, &new_tokens);
    let Some(first) = edits.first() else {
        let differing = now.iter().zip(applied).position(|(now, applied)| now.text != applied.text);
        return difference(Change::Blanks, 0, differing.and_then(place));
    };
    let (change, shown) = match *first {
        Edit::Changed { new } => (Change::Changed(new + 1), Some(new)),
        Edit::Added { new } => (Change::Added(new + 1), Some(new)),
        Edit::Removed { old, new } if new < now.len() => (Change::Removed(old + 1), Some(new)),
        Edit::Removed { old, new } => (Change::RemovedAtEnd(old + 1), new.checked_sub(1)),
    };
    difference(change, edits.len() - 1, shown.and_then(place))
}

/// A statement of the migration as it is now, counted from 0.
pub(super) fn place(bundle: &Bundle, migration: &Migration, index: usize) -> Option<Place> {
    let range = migration.script.statements.get(index)?.range();
    Some(Place::new(&migration.script.path, &bundle.files_text(&migration.script), range))
}

/// What was done to one of the applied statements, counted from 0 in the old and in the new text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Edit {
    Changed { new: usize },
    Added { new: usize },
    Removed { old: usize, new: usize },
}

/// The most cells of a table of common subsequences; what is longer than that is compared from its two ends only.
const MOST_CELLS: usize = 1 << 22;

/// The fewest edits that lead from the old sequence to the new, in order; what is gone and what is new in the same gap
/// is one statement changed into another.
fn edits(old: &[&str], new: &[&str]) -> Vec<Edit> {
    let head = old.iter().zip(new).take_while(|(old, new)| old == new).count();
    let tail = old[head..].iter().rev().zip(new[head..].iter().rev()).take_while(|(old, new)| old == new).count();
    let (old_middle, new_middle) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let mut edits = Vec::new();
    let (mut old_at, mut new_at) = (head, head);
    let ends = (head + old_middle.len(), head + new_middle.len());
    for (old_next, new_next) in common(old_middle, new_middle).into_iter().map(|(old, new)| (head + old, head + new)).chain([ends]) {
        while old_at < old_next && new_at < new_next {
            edits.push(Edit::Changed { new: new_at });
            (old_at, new_at) = (old_at + 1, new_at + 1);
        }
        edits.extend((new_at..new_next).map(|new| Edit::Added { new }));
        edits.extend((old_at..old_next).map(|old| Edit::Removed { old, new: new_next }));
        (old_at, new_at) = (old_next + 1, new_next + 1);
    }
    edits
}

/// The longest common subsequence, as pairs of indexes.
fn common(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let width = new.len() + 1;
    if (old.len() + 1).saturating_mul(width) > MOST_CELLS {
        return Vec::new();
    }
    // lengths[i * width + j]: how much old[i..] and new[j..] have in common.
    let mut lengths = vec![0_u32; (old.len() + 1) * width];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            lengths[i * width + j] = if old[i] == new[j] {
                lengths[(i + 1) * width + j + 1] + 1
            } else {
                lengths[(i + 1) * width + j].max(lengths[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        if old[i] == new[j] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if lengths[(i + 1) * width + j] >= lengths[i * width + j + 1] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

#[cfg(test)]
mod tests {
    use super::{Edit, MOST_CELLS, edits};

    fn between(old: &str, new: &str) -> Vec<Edit> {
        edits(&old.split_whitespace().collect::<Vec<_>>(), &new.split_whitespace().collect::<Vec<_>>())
    }

    #[test]
    fn the_fewest_edits_are_found() {
        assert_eq!(between("a b c", "a b c"), []);
        assert_eq!(between("a b c", "a x c"), [Edit::Changed { new: 1 }]);
        assert_eq!(between("a b c", "a b x c"), [Edit::Added { new: 2 }]);
        assert_eq!(between("a b c", "a c"), [Edit::Removed { old: 1, new: 1 }]);
        assert_eq!(between("a b c", "a b"), [Edit::Removed { old: 2, new: 2 }]);
        assert_eq!(between("a b c d e", "x b d e f"), [Edit::Changed { new: 0 }, Edit::Removed { old: 2, new: 2 }, Edit::Added { new: 4 }]);
        assert_eq!(between("a", ""), [Edit::Removed { old: 0, new: 0 }]);
        assert_eq!(between("a a", "a a a"), [Edit::Added { new: 2 }]);
    }

    #[test]
    fn very_long_texts_are_compared_from_their_ends() {
        let old: Vec<String> = (0..MOST_CELLS / 1000).map(|number| format!("o{number}")).collect();
        let new: Vec<String> = (0..1200).map(|number| format!("n{number}")).collect();
        let old: Vec<&str> = ["head"].into_iter().chain(old.iter().map(String::as_str)).collect();
        let new: Vec<&str> = ["head"].into_iter().chain(new.iter().map(String::as_str)).collect();
        let edits = edits(&old, &new);
        assert_eq!((edits[0], edits.len()), (Edit::Changed { new: 1 }, old.len() - 1));
    }
}
