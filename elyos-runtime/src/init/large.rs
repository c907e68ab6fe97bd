//! Running a file that is too large to be held: piece after piece, each read only when the one before has run.

use std::ops::Range;

use tokio_postgres::error::ErrorPosition;

use super::blockers::Watch;
use super::script::{Done, limit_waiting, locks_tables, rows_changed, word_at};
use super::transaction::{PIN_STATEMENTS, clock, pin};
use crate::bundle::{Bundle, LargeFile, Piece, Script};
use crate::error::{Error, Kind, Place, Result};
use crate::session::{ScriptFailure, Session};

/// A piece is one message, and the server takes a message apart before it runs any of it. So what a piece sets literals to mean is undone
/// before the next one comes; in a file that is one message it would have no effect either.
const LITERALS: &str = "\n;\nSELECT pg_catalog.set_config('standard_conforming_strings', 'on', true);";

/// Columns further to the right are not shown in their place.
const WIDEST: usize = 1000;

/// Runs the file in the open transaction, with the session pinned before and behind it.
///
/// From the first statement on behind which others may queue, none waits longer for a lock than one of a migration.
pub(super) fn run(
    session: &Session,
    bundle: &Bundle,
    script: &Script,
    file: &dyn LargeFile,
    step: &str,
    watch: &mut Watch<'_>,
) -> Result<Done> {
    let unreadable = |error| Error::new(Kind::LargeFile { step: step.to_owned(), path: script.path.to_string(), error });
    let pinned = |session: &Session| -> Result<f64> {
        let answers = session.run(&pin(bundle))?;
        clock(answers.get(PIN_STATEMENTS - 1).and_then(|answer| answer.row.as_ref()))
    };
    let since = pinned(session)?;
    let mut rows = 0;
    let mut is_limited = false;
    for piece in file.pieces().map_err(unreadable)? {
        let mut piece = piece.map_err(unreadable)?;
        let length = piece.text.len();
        if !is_limited && piece.statements.iter().any(|range| locks_tables(&piece.text[range.clone()])) {
            is_limited = true;
            session.run(&limit_waiting(watch.lock_timeout))?;
        }
        piece.text.push_str(LITERALS);
        let answers = if is_limited { watch.over(|| session.script(&piece.text)) } else { session.script(&piece.text) };
        piece.text.truncate(length);
        let answers = answers.map_err(|failure| self::failure(&piece, script, step, failure))?;
        rows += piece.statements.iter().zip(&answers).map(|(range, answer)| rows_changed(&piece.text[range.clone()], answer)).sum::<u64>();
    }
    Ok(Done { rows, milliseconds: (pinned(session)? - since) * 1000.0, answer: None })
}

/// Where in the file?
fn failure(piece: &Piece, script: &Script, step: &str, failure: ScriptFailure) -> Error {
    let range = match failure.error.as_db_error().and_then(|error| error.position()) {
        Some(ErrorPosition::Original(position)) => {
            let characters = usize::try_from(*position).unwrap_or(1).saturating_sub(1);
            piece.text.char_indices().nth(characters).map(|(byte, _)| word_at(&piece.text, byte))
        }
        _ => piece.statements.get(failure.completed).cloned(),
    };
    let place = range.map(|range| place(piece, script, range));
    Error::new(Kind::Step { step: step.to_owned(), place, error: failure.error })
}

/// The lines of the piece around the range; blanks stand for what is before the piece on its first line.
fn place(piece: &Piece, script: &Script, range: Range<usize>) -> Place {
    let shift = if piece.columns_before > WIDEST { 0 } else { piece.columns_before };
    let text = format!("{:shift$}{}", "", piece.text);
    Place::part(&script.path, &text, piece.lines_before, range.start + shift..range.end + shift)
}
