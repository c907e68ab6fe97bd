//! The comment by which a migration says that it is not one transaction.
//!
//! A comment of the file itself, as other tools have it, rather than a key of the manifest: who reads the statements sees how they are run.

use std::ops::Range;

use super::script::Part;
use crate::{diagnostic::Diagnostic, source::Source};

/// The mark, as it is written in messages and documentation.
pub(super) const MARK: &str = "-- elyos: no-transaction";

/// Is the file marked as one whose statements are committed one by one?
///
/// The mark is its first line. `-- no-transaction`, as sqlx has it, is the same mark; what else begins with `-- elyos:` before the first
/// statement is a mistake, and reported.
pub(super) fn read(source: &Source, part: Part, found: &mut Vec<Diagnostic>) -> bool {
    let mut marked = false;
    for (number, range) in leading_comments(source.text()) {
        let comment = source.text()[range.clone()].trim_start_matches('-').trim();
        let own = comment.get(..6).filter(|start| start.eq_ignore_ascii_case("elyos:")).map(|_| comment[6..].trim());
        let is_mark = own.unwrap_or(comment).eq_ignore_ascii_case("no-transaction");
        let at = |message: String| Diagnostic::new(message).at(source, range.clone());
        match own {
            None => marked |= is_mark && number == 0 && part == Part::Migration,
            Some(word) if !is_mark => {
                found.push(
                    at(format!("`{word}` is nothing that a file can be marked with")).help(format!("the one mark there is: `{MARK}`")),
                );
            }
            Some(_) if part == Part::Read => {}
            Some(_) if part != Part::Migration => {
                let message = format!("{} is marked as one that is not one transaction", part.in_words());
                found.push(at(message).help("only a migration can be; remove the mark"));
            }
            Some(_) if number > 0 => {
                found.push(at("the mark is not on the first line".to_owned()).help("put it there, above all other comments"));
            }
            Some(_) => marked = true,
        }
    }
    marked
}

/// The lines that are comments, before the first that is neither comment nor blank: number from 0, and range.
fn leading_comments(text: &str) -> Vec<(usize, Range<usize>)> {
    let mut comments = Vec::new();
    let mut start = 0;
    for (number, line) in text.split('\n').enumerate() {
        let solid = line.trim();
        if solid.starts_with("--") {
            let indent = line.len() - line.trim_start().len();
            comments.push((number, start + indent..start + indent + solid.len()));
        } else if !solid.is_empty() {
            break;
        }
        start += line.len() + 1;
    }
    comments
}
