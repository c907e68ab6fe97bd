//! Transactions of the blocking connection, nested as savepoints.

use std::fmt;

use super::Db;
use crate::error::{Error, Result};
use crate::executor::Executor;
use crate::query::Query;

impl Db {
    /// Runs the work in a transaction: committed when it gives `Ok`, rolled back when it gives an error or panics.
    ///
    /// Called again inside, it makes a savepoint: only the inner work is undone when that fails.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{NewUserGroup, UserGroupRepository};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// db.transaction(|tx| UserGroupRepository::insert(tx, NewUserGroup { user_id: 1, group_id: 2, optional: default() }))?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The work's own, and those of beginning and committing.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.try_transaction(work)
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// The work's own, and those of beginning and committing.
    pub fn try_transaction<T, X: From<Error>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, X>) -> Result<T, X> {
        let transaction = Transaction::begin(self)?;
        let value = work(&transaction)?;
        transaction.commit()?;
        Ok(value)
    }
}

/// An open transaction; it is rolled back unless the closure that it was handed to gives `Ok`.
pub struct Transaction<'d> {
    db: &'d Db,
    depth: usize,
    open: bool,
}

impl<'d> Transaction<'d> {
    fn begin(db: &'d Db) -> Result<Self> {
        let depth = db.depth.get();
        if depth == 0 {
            db.command("BEGIN")?;
        } else {
            db.command(&format!("SAVEPOINT elyos_{depth}"))?;
        }
        db.depth.set(depth + 1);
        Ok(Self { db, depth, open: true })
    }

    /// Where it fails, dropping the transaction rolls it back.
    fn commit(mut self) -> Result<()> {
        // Of a transaction that a failure has ended PostgreSQL would answer a COMMIT with a ROLLBACK, and no error: the
        // statement before it is refused there, and the COMMIT with it. RELEASE is refused by itself.
        let committed = if self.depth == 0 {
            self.db.command("SELECT; COMMIT")
        } else {
            self.db.command(&format!("RELEASE SAVEPOINT elyos_{}", self.depth))
        };
        committed.map_err(|error| {
            if error.is_in_failed_transaction() {
                error.during("the transaction was rolled back, because a statement in it had failed".to_owned())
            } else {
                error
            }
        })?;
        self.open = false;
        self.db.depth.set(self.depth);
        Ok(())
    }

    /// Runs the work in a savepoint of this transaction: undone alone when it fails.
    ///
    /// # Errors
    ///
    /// The work's own, and those of making and releasing the savepoint.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.db.transaction(work)
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        if self.open {
            self.db.depth.set(self.depth);
            let undone = if self.depth == 0 {
                self.db.command("ROLLBACK")
            } else {
                self.db.command(&format!("ROLLBACK TO SAVEPOINT elyos_{0}; RELEASE SAVEPOINT elyos_{0}", self.depth))
            };
            // Where it cannot be sent the connection is gone, and the server has rolled back.
            drop(undone);
        }
    }
}

impl Executor for &Transaction<'_> {
    type Output<'a, T>
        = Result<T>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Result<Q::Output>
    where
        Self: 'a,
    {
        self.db.run(query)
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({:?}, {} deep)", self.db, self.depth + 1)
    }
}
