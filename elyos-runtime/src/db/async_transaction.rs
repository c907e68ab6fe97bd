//! Transactions of the asynchronous connection, nested as savepoints.

use std::fmt;
use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::ops::Deref;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::asynchronous::{AsyncDb, Session, answered};
use super::open::{Place, commit_failed};
use super::options::TransactionOptions;
use super::retry::Retry;
use crate::error::{Error, Result};
use crate::executor::Executor;
use crate::query::{Query, Transfer};

impl AsyncDb {
    /// Runs the work in a transaction: committed when it gives `Ok`, rolled back when it gives an error, panics or is dropped.
    ///
    /// The connection is borrowed for the transaction alone: nothing else can be run on it meanwhile, neither by mistake
    /// nor by another task. That is what the compiler says of
    ///
    /// ```compile_fail,E0502
    /// # use elyos_runtime::{AsyncDb, Error, repositories::UserRepository, prelude::*};
    /// # async fn example(mut db: AsyncDb) -> Result<(), Error> {
    /// db.transaction(async |tx| UserRepository::delete(&db, 7).await).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::prelude::*;
    /// use elyos_runtime::repositories::{NewUserGroup, UserGroupRepository};
    ///
    /// # async fn example() -> Result<(), Error> {
    /// let mut db = AsyncDb::connect_from_env().await?;
    /// db.transaction(async |tx| {
    ///     UserGroupRepository::delete(tx, (1, 2)).await?;
    ///     UserGroupRepository::insert(tx, NewUserGroup { user_id: 1, group_id: 2, optional: default() }).await
    /// })
    /// .await?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The work's own, and those of beginning and committing.
    pub async fn transaction<T>(&mut self, work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T>) -> Result<T> {
        complete(self.begin().await?, work).await
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// The work's own, and those of beginning and committing.
    pub async fn try_transaction<T, X: From<Error>>(&mut self, work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T, X>) -> Result<T, X> {
        complete(self.begin().await?, work).await
    }

    /// As [`transaction`](Self::transaction), isolated as the options say, and tried again as often as they say: each time a
    /// copy of the work, so what it has captured it cannot change.
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::{TransactionOptions, prelude::*, repositories::UserRepository};
    ///
    /// # async fn example() -> Result<(), Error> {
    /// let mut db = AsyncDb::connect_from_env().await?;
    /// let options = TransactionOptions::new().serializable().retry(5);
    /// let users = db.transaction_with(options, async |tx| UserRepository::count_all(tx).await).await?;
    /// # drop(users);
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The work's own of the last time, and those of beginning and committing.
    pub async fn transaction_with<T>(
        &mut self,
        options: TransactionOptions,
        work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T> + Clone,
    ) -> Result<T> {
        self.try_transaction_with(options, work).await
    }

    /// As [`transaction_with`](Self::transaction_with), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// As [`transaction_with`](Self::transaction_with).
    pub async fn try_transaction_with<T, X: From<Error>>(
        &mut self,
        options: TransactionOptions,
        work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T, X> + Clone,
    ) -> Result<T, X> {
        let mut retry = Retry::new(options);
        loop {
            let work = work.clone();
            let transaction = self.begin_with(options).await?;
            let (failure, pause) = match work(&transaction).await {
                Ok(value) => match transaction.commit().await {
                    Ok(()) => return Ok(value),
                    Err(error) => {
                        let pause = retry.after_commit(&self.session.transactions(), &error);
                        (error.into(), pause)
                    }
                },
                Err(error) => {
                    drop(transaction);
                    (error, retry.after_work(&self.session.transactions()))
                }
            };
            let Some(pause) = pause else { return Err(failure) };
            tokio::time::sleep(pause).await;
        }
    }

    /// Begins a transaction, which is rolled back when it is dropped without [`commit`](AsyncTransactionGuard::commit).
    ///
    /// ```no_run
    /// # #[cfg(feature = "elyos")] {
    /// use elyos_runtime::{prelude::*, repositories::UserRepository};
    ///
    /// # async fn example() -> Result<(), Error> {
    /// let mut db = AsyncDb::connect_from_env().await?;
    /// let tx = db.begin().await?;
    /// UserRepository::delete(&tx, 7).await?;
    /// tx.commit().await?;
    /// # Ok(())
    /// # }
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the server refuses or cannot be reached.
    pub async fn begin(&mut self) -> Result<AsyncTransactionGuard<'_>> {
        self.begin_with(TransactionOptions::new()).await
    }

    /// As [`begin`](Self::begin), isolated as the options say.
    ///
    /// # Errors
    ///
    /// As [`begin`](Self::begin).
    pub async fn begin_with(&mut self, options: TransactionOptions) -> Result<AsyncTransactionGuard<'_>> {
        // No transaction can be open, but for one whose guard was forgotten.
        let is_left = self.session.transactions().depth() > 0;
        let sql = if is_left { format!("ROLLBACK; {}", options.begin()) } else { options.begin() };
        AsyncTransaction::open(&self.session, None, &sql).await.map(AsyncTransactionGuard::new)
    }
}

/// Does the work and commits; whatever else happens rolls back.
async fn complete<T, X: From<Error>>(
    transaction: AsyncTransactionGuard<'_>,
    work: impl AsyncFnOnce(&AsyncTransaction) -> Result<T, X>,
) -> Result<T, X> {
    let value = work(&transaction).await?;
    transaction.commit().await?;
    Ok(value)
}

/// An open transaction of an [`AsyncDb`], or a savepoint inside of one.
///
/// While another one inside of it is open it takes no statements, as that one would undo them with its own: of savepoints
/// that are awaited together the second is refused.
pub struct AsyncTransaction {
    session: Arc<Session>,
    place: Place,
}

impl AsyncTransaction {
    /// Sends what begins one. Whatever happens from then on ends it too: its guard is there before the answer.
    async fn open(session: &Arc<Session>, around: Option<Place>, sql: &str) -> Result<Self> {
        let turn = session.turn(sql).await?;
        let mut request = pin!(session.client.batch_execute(sql));
        let first = poll_fn(|cx| {
            let mut open = session.transactions();
            match around {
                Some(around) => open.judge(around)?,
                None => open.clear(),
            }
            let place = open.enter();
            let answer = request.as_mut().poll(cx);
            drop(open);
            Poll::Ready(Ok::<_, Error>((Self { session: Arc::clone(session), place }, answer)))
        });
        let (begun, first) = first.await?;
        let answer = match first {
            Poll::Ready(answer) => answer,
            Poll::Pending => request.await,
        };
        answered(turn);
        answer.map_err(|error| {
            // There is nothing to roll back.
            session.transactions().leave(begun.place);
            session.failed(error, sql, &[])
        })?;
        Ok(begun)
    }

    /// Makes a savepoint, with which what is done in it is undone alone.
    ///
    /// # Errors
    ///
    /// When the server refuses or cannot be reached; while another one is open inside of this.
    pub async fn begin(&self) -> Result<AsyncTransactionGuard<'_>> {
        let sql = format!("SAVEPOINT elyos_{}", self.place.level + 1);
        Self::open(&self.session, Some(self.place), &sql).await.map(AsyncTransactionGuard::new)
    }

    /// Runs the work in a savepoint of this transaction: undone alone when it fails.
    ///
    /// # Errors
    ///
    /// The work's own, and those of making and releasing the savepoint.
    pub async fn transaction<T>(&self, work: impl AsyncFnOnce(&Self) -> Result<T>) -> Result<T> {
        complete(self.begin().await?, work).await
    }

    /// As [`transaction`](Self::transaction), for work with an error of the caller's own.
    ///
    /// # Errors
    ///
    /// The work's own, and those of making and releasing the savepoint.
    pub async fn try_transaction<T, X: From<Error>>(&self, work: impl AsyncFnOnce(&Self) -> Result<T, X>) -> Result<T, X> {
        complete(self.begin().await?, work).await
    }

    /// Once the statement is sent this is over, and what is sent next is a part of what is around it.
    async fn commit(&self) -> Result<()> {
        let sql = self.place.commit();
        let awaited = self.session.awaited();
        let turn = self.session.turn(&sql).await?;
        let mut request = pin!(self.session.client.batch_execute(&sql));
        let first = poll_fn(|cx| {
            let mut open = self.session.transactions();
            open.judge(self.place)?;
            open.leave(self.place);
            Poll::Ready(Ok::<_, Error>(request.as_mut().poll(cx)))
        });
        let first = first.await?;
        let mut unanswered = Unanswered { transaction: self, is_answered: false };
        let answer = match first {
            Poll::Ready(answer) => answer,
            Poll::Pending => request.await,
        };
        unanswered.is_answered = true;
        awaited.answered();
        answered(turn);
        answer.map_err(|error| {
            self.undo();
            commit_failed(self.place, self.session.failed(error, &sql, &[]))
        })
    }

    async fn rollback(&self) -> Result<()> {
        let sql = self.place.rollback();
        let turn = self.session.turn(&sql).await?;
        let mut request = pin!(self.session.client.batch_execute(&sql));
        let first = poll_fn(|cx| {
            self.session.transactions().leave(self.place);
            Poll::Ready(request.as_mut().poll(cx))
        });
        let answer = match first.await {
            Poll::Ready(answer) => answer,
            Poll::Pending => request.await,
        };
        answered(turn);
        answer.map_err(|error| self.session.failed(error, &sql, &[]))
    }

    /// Puts the statement that undoes it behind all that was sent, and waits for nothing.
    fn undo(&self) {
        let sql = self.place.rollback();
        let request = pin!(self.session.client.batch_execute(&sql));
        // It is sent when it is first polled. Where it cannot be the connection is gone, and the server has rolled back.
        let _ = request.poll(&mut Context::from_waker(Waker::noop()));
        self.session.is_left_unanswered();
    }
}

impl Drop for AsyncTransaction {
    fn drop(&mut self) {
        // Nothing gets between the two, as what is sent next sees that this one is over.
        let mut open = self.session.transactions();
        if open.is_open(self.place) {
            open.leave(self.place);
            self.undo();
        }
    }
}

impl Executor for &AsyncTransaction {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        Box::pin(self.session.run(Some(self.place), query))
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a,
    {
        Box::pin(self.session.pass(Some(self.place), transfer))
    }
}

impl fmt::Debug for AsyncTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncTransaction({}, {} deep)", self.session.target, self.place.level + 1)
    }
}

/// A transaction that its owner ends; rolled back when it is dropped without [`commit`](Self::commit).
///
/// Dropping it queues the rollback behind what was sent before, and does not wait for it: what is run on the connection
/// next is run after it.
#[must_use = "dropping it rolls back"]
pub struct AsyncTransactionGuard<'d> {
    transaction: AsyncTransaction,
    /// What it is a transaction of can do nothing else meanwhile.
    of: PhantomData<&'d mut AsyncDb>,
}

impl AsyncTransactionGuard<'_> {
    fn new(transaction: AsyncTransaction) -> Self {
        Self { transaction, of: PhantomData }
    }

    /// Keeps what was done: for good, or as a part of what is around a savepoint. A future of this that is dropped after it
    /// was polled leaves open whether it was.
    ///
    /// # Errors
    ///
    /// When something in it has failed before, so that there is nothing to keep; when a constraint that was deferred to the
    /// end does not hold; when the connection is lost, where [`is_commit_unknown`](Error::is_commit_unknown) says that
    /// nobody knows whether it was kept. In all cases but the last it is rolled back.
    pub async fn commit(self) -> Result<()> {
        self.transaction.commit().await
    }

    /// Undoes what was done, and waits until that has happened.
    ///
    /// # Errors
    ///
    /// When the connection is lost; the server rolls back then.
    pub async fn rollback(self) -> Result<()> {
        self.transaction.rollback().await
    }
}

impl Deref for AsyncTransactionGuard<'_> {
    type Target = AsyncTransaction;

    fn deref(&self) -> &AsyncTransaction {
        &self.transaction
    }
}

impl Executor for &AsyncTransactionGuard<'_> {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        self.transaction.run(query)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a,
    {
        self.transaction.transfer(transfer)
    }
}

impl fmt::Debug for AsyncTransactionGuard<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.transaction.fmt(f)
    }
}

/// A COMMIT whose answer has not come. One that is refused leaves the transaction open, also when nobody waits for the
/// answer any more; a ROLLBACK behind one that was carried out does nothing.
struct Unanswered<'t> {
    transaction: &'t AsyncTransaction,
    is_answered: bool,
}

impl Drop for Unanswered<'_> {
    fn drop(&mut self) {
        // Of a savepoint that is released there would be nothing to go back to, which would end what is around it.
        if !self.is_answered && self.transaction.place.level == 0 {
            self.transaction.undo();
        }
    }
}
