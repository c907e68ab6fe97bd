//! Which transactions are open on a connection, one inside the other, and what its statements have met.

use crate::error::{Error, Kind, Result, TransactionFailure};

/// The place of a transaction among those of its connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    /// How many are around it.
    pub(super) level: usize,
    /// Which it is: no other one of the connection's ever has the number.
    serial: u64,
}

impl Place {
    /// What undoes it, and nothing around it.
    pub(super) fn rollback(self) -> String {
        match self.level {
            0 => "ROLLBACK".to_owned(),
            level => format!("ROLLBACK TO SAVEPOINT elyos_{level}; RELEASE SAVEPOINT elyos_{level}"),
        }
    }

    /// What makes it a part of what is around it.
    ///
    /// Of a transaction that a failure has ended PostgreSQL would answer a COMMIT with a ROLLBACK, and no error: the
    /// statement before it is refused there, and the COMMIT with it. RELEASE is refused by itself.
    pub(super) fn commit(self) -> String {
        match self.level {
            0 => "SELECT; COMMIT".to_owned(),
            level => format!("RELEASE SAVEPOINT elyos_{level}"),
        }
    }
}

/// The open transactions, the outermost first, as their numbers.
#[derive(Debug, Default)]
pub(super) struct Open {
    serials: Vec<u64>,
    last: u64,
    /// Whether a statement of the outermost one lost against another transaction.
    met_conflict: bool,
    /// Whether a statement has found the session gone.
    is_lost: bool,
}

impl Open {
    /// How many are open.
    pub(super) fn depth(&self) -> usize {
        self.serials.len()
    }

    /// One more, inside of all others.
    pub(super) fn enter(&mut self) -> Place {
        if self.serials.is_empty() {
            self.met_conflict = false;
        }
        self.last += 1;
        self.serials.push(self.last);
        Place { level: self.serials.len() - 1, serial: self.last }
    }

    /// This one is over, and with it what is inside of it.
    pub(super) fn leave(&mut self, place: Place) {
        if self.is_open(place) {
            self.serials.truncate(place.level);
        }
    }

    /// None is open any more.
    #[cfg(feature = "tokio")]
    pub(super) fn clear(&mut self) {
        self.serials.clear();
    }

    /// Is it open, if perhaps not the innermost one?
    pub(super) fn is_open(&self, place: Place) -> bool {
        self.serials.get(place.level) == Some(&place.serial)
    }

    /// Refuses what is said to a transaction while another one inside of it is open, as that may undo it; and what is said to
    /// one that is over.
    pub(super) fn judge(&self, place: Place) -> Result<()> {
        if !self.is_open(place) {
            Err(Error::new(Kind::Transaction(TransactionFailure::Over)))
        } else if place.level + 1 == self.serials.len() {
            Ok(())
        } else {
            Err(Error::new(Kind::Transaction(TransactionFailure::InnerOpen)))
        }
    }

    /// Notes a failure that was met by a statement of the connection's.
    pub(super) fn note(&mut self, error: &Error) {
        self.met_conflict |= error.is_serialization_failure() || error.is_deadlock();
        self.is_lost |= error.is_connection();
    }

    /// Has a statement found the session gone?
    pub(super) fn is_lost(&self) -> bool {
        self.is_lost
    }

    /// Did a statement of the last outermost transaction lose against another transaction?
    pub(super) fn met_conflict(&self) -> bool {
        self.met_conflict
    }
}

/// What a failure to commit means for the transaction at that place.
pub(super) fn commit_failed(place: Place, error: Error) -> Error {
    if error.is_in_failed_transaction() {
        return error.during("the transaction was rolled back, because a statement in it had failed".to_owned());
    }
    if place.level == 0 && error.leaves_commit_unknown() {
        return error.map_driver(|error| Kind::Transaction(TransactionFailure::Unknown { error }));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_innermost_one_is_spoken_to() {
        let mut open = Open::default();
        let outer = open.enter();
        open.judge(outer).expect("it is alone");
        let inner = open.enter();
        assert_eq!((outer.level, inner.level, open.depth()), (0, 1, 2));
        assert!(open.judge(outer).is_err() && open.judge(inner).is_ok());
        open.leave(inner);
        assert!(open.judge(outer).is_ok() && open.judge(inner).is_err());
        // Another one at the same place is not the one that was there.
        let second = open.enter();
        assert!(open.judge(inner).is_err() && open.judge(second).is_ok());
        open.leave(inner);
        assert_eq!(open.depth(), 2);
        open.leave(outer);
        assert!(open.judge(second).is_err() && open.judge(outer).is_err());
        assert_eq!(open.depth(), 0);
    }
}
