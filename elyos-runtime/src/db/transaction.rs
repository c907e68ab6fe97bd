//! Transactions of the blocking connection, nested as savepoints.

use std::fmt;
use std::thread;

use super::Db;
use super::open::{Place, commit_failed};
use super::options::TransactionOptions;
use super::retry::Retry;
use crate::error::{Error, Kind, Result, TransactionFailure};
use crate::executor::Executor;
use crate::query::{Query, Transfer};

impl Db {
    /// Runs the work in a transaction: committed when it gives `Ok`, rolled back when it gives an error or panics.
    ///
    /// Called again inside, it makes a savepoint: only the inner work is undone when that fails. So does what is run on the
    /// connection itself while a transaction is open: it is the same session, and happens in the innermost one.
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
        complete(self.begin()?, work)
    }

    /// As [`transaction`](Self::transaction), isolated as the options say, and tried again as often as they say.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::{TransactionOptions, prelude::*, repositories::UserRepository};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// let options = TransactionOptions::new().serializable().retry(5);
    /// let users = db.transaction_with(options, |tx| UserRepository::count_all(tx))?;
    /// # drop(users);
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The work's own of the last time, and those of beginning and committing; when a transaction is open already and the
    /// options say anything, as a savepoint has no isolation of its own.
    pub fn transaction_with<T>(&self, options: TransactionOptions, work: impl FnMut(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.try_transaction_with(options, work)
    }

    /// As [`transaction_with`](Self::transaction_with), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction_with`](Self::transaction_with).
    pub fn try_transaction_with<T, X: From<Error>>(
        &self,
        options: TransactionOptions,
        mut work: impl FnMut(&Transaction<'_>) -> Result<T, X>,
    ) -> Result<T, X> {
        let mut retry = Retry::new(options);
        loop {
            let transaction = self.begin_with(options)?;
            let (failure, pause) = match work(&transaction) {
                Ok(value) => match transaction.commit() {
                    Ok(()) => return Ok(value),
                    Err(error) => {
                        let pause = retry.after_commit(&self.open.borrow(), &error);
                        (error.into(), pause)
                    }
                },
                Err(error) => {
                    drop(transaction);
                    (error, retry.after_work(&self.open.borrow()))
                }
            };
            let Some(pause) = pause else { return Err(failure) };
            thread::sleep(pause);
        }
    }

    /// Begins a transaction, which is rolled back when it is dropped without [`commit`](Transaction::commit). While one is
    /// open, a savepoint.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::{prelude::*, repositories::UserRepository};
    ///
    /// # fn main() -> Result<(), Error> {
    /// let db = Db::connect_from_env()?;
    /// let tx = db.begin()?;
    /// UserRepository::delete(&tx, 7)?;
    /// tx.commit()?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the server refuses or cannot be reached.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        self.begin_with(TransactionOptions::new())
    }

    /// As [`begin`](Self::begin), isolated as the options say.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin); when a transaction is open already and the options say anything.
    pub fn begin_with(&self, options: TransactionOptions) -> Result<Transaction<'_>> {
        let level = self.open.borrow().depth();
        if level == 0 {
            self.command(&options.begin())?;
        } else if options.is_default() {
            self.command(&format!("SAVEPOINT elyos_{level}"))?;
        } else {
            return Err(Error::new(Kind::Transaction(TransactionFailure::OptionsInside)));
        }
        Ok(Transaction { db: self, place: self.open.borrow_mut().enter() })
    }
}

/// Does the work and commits; whatever else happens rolls back.
fn complete<T, X: From<Error>>(transaction: Transaction<'_>, work: impl FnOnce(&Transaction<'_>) -> Result<T, X>) -> Result<T, X> {
    let value = work(&transaction)?;
    transaction.commit()?;
    Ok(value)
}

/// An open transaction, or a savepoint inside of one; rolled back when it is dropped without [`commit`](Self::commit).
///
/// While another one inside of it is open it takes no statements, as that one would undo them with its own.
pub struct Transaction<'d> {
    db: &'d Db,
    place: Place,
}

impl Transaction<'_> {
    /// Keeps what was done: for good, or as a part of what is around a savepoint.
    ///
    /// # Errors
    ///
    /// When something in it has failed before, so that there is nothing to keep; when a constraint that was deferred to the
    /// end does not hold; when the connection is lost, where [`is_commit_unknown`](Error::is_commit_unknown) says that
    /// nobody knows whether it was kept. In all cases but the last it is rolled back.
    pub fn commit(self) -> Result<()> {
        self.db.open.borrow().judge(self.place)?;
        self.db.command(&self.place.commit()).map_err(|error| commit_failed(self.place, error))?;
        self.db.open.borrow_mut().leave(self.place);
        Ok(())
    }

    /// Undoes what was done. Dropping it does the same, and says nothing when it fails.
    ///
    /// # Errors
    ///
    /// When the connection is lost; the server rolls back then.
    pub fn rollback(self) -> Result<()> {
        self.undo()
    }

    /// Makes a savepoint, with which what is done in it is undone alone.
    ///
    /// # Errors
    ///
    /// When the server refuses or cannot be reached; while another one is open inside of this.
    pub fn begin(&self) -> Result<Transaction<'_>> {
        self.db.open.borrow().judge(self.place)?;
        self.db.begin()
    }

    /// Runs the work in a savepoint of this transaction: undone alone when it fails.
    ///
    /// # Errors
    ///
    /// The work's own, and those of making and releasing the savepoint.
    pub fn transaction<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        self.try_transaction(work)
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// The work's own, and those of making and releasing the savepoint.
    pub fn try_transaction<T, X: From<Error>>(&self, work: impl FnOnce(&Transaction<'_>) -> Result<T, X>) -> Result<T, X> {
        complete(self.begin()?, work)
    }

    /// Rolls back, once.
    fn undo(&self) -> Result<()> {
        if !self.db.open.borrow().is_open(self.place) {
            return Ok(());
        }
        self.db.open.borrow_mut().leave(self.place);
        self.db.command(&self.place.rollback())
    }
}

impl Drop for Transaction<'_> {
    fn drop(&mut self) {
        // Where it cannot be sent the connection is gone, and the server has rolled back.
        drop(self.undo());
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
        self.db.open.borrow().judge(self.place)?;
        self.db.run(query)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Result<T::Output>
    where
        Self: 'a,
    {
        self.db.open.borrow().judge(self.place)?;
        self.db.transfer(transfer)
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Transaction({:?}, {} deep)", self.db, self.place.level + 1)
    }
}
