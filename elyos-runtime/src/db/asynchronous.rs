//! The asynchronous connection: the same methods, as futures.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
#[cfg(feature = "pool")]
use std::time::Duration;
use std::time::Instant;

use futures_core::Stream;
use tokio_postgres::{Client, Row, RowStream};

use super::mode::DbOptions;
use super::open::{Open, Place};
use super::statements::{Statements, is_stale};
use super::turn::{Turn, Turns};
use crate::connect::{self, Round, Settings};
use crate::error::{Error, Result};
use crate::executor::Executor;
use crate::query::{Param, Query, Statement, Transfer};

/// An asynchronous connection that prepares each statement once, or none at all where [`DbOptions`] say so; shared freely, its queries are pipelined.
///
/// A transaction borrows it for itself alone, so that no other task's queries get into it: tasks that have transactions share
/// an `AsyncPool` (feature `pool`), or have a connection each.
///
/// ```no_run
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::{AsyncDb, repositories::UserRepository};
///
/// # async fn example() -> Result<(), Error> {
/// let db = AsyncDb::connect("postgresql://postgres@localhost/elyos").await?;
/// let admin = UserRepository::find_by_id(&db, 1).await?;
/// # Ok(())
/// # }
/// # }
/// ```
pub struct AsyncDb {
    pub(super) session: Arc<Session>,
}

/// What a connection and its transactions share.
pub(super) struct Session {
    pub(super) client: Client,
    statements: Mutex<Statements>,
    open: Mutex<Open>,
    turns: Turns,
    pub(super) options: DbOptions,
    pub(super) target: String,
    /// Whether somebody waits no more for an answer that may not have come.
    is_abandoned: AtomicBool,
    /// How a request to cancel what runs is sent.
    #[cfg(feature = "pool")]
    transport: connect::Transport,
}

/// Somebody who waits for the answer to a request. Dropped before it has come, the session may be busy with it still.
pub(super) struct Awaited<'s> {
    session: &'s Session,
    is_answered: bool,
}

impl Awaited<'_> {
    pub(super) fn answered(mut self) {
        self.is_answered = true;
    }
}

impl Drop for Awaited<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.session.is_abandoned.store(true, Ordering::Relaxed);
        }
    }
}

impl AsyncDb {
    /// Connects to the database that the URL names: once, to each of its hosts in turn, for 30 seconds at most. Has to run
    /// on a tokio runtime with I/O and time.
    ///
    /// # Errors
    ///
    /// When the URL cannot be understood or no connection can be made; neither shows a password.
    pub async fn connect(url: &str) -> Result<Self> {
        Self::connect_with(url, DbOptions::new()).await
    }

    /// As [`connect`](Self::connect), running statements as the options say.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_with(url: &str, options: DbOptions) -> Result<Self> {
        Self::open(&Settings::parse(url)?, options).await
    }

    /// Connects to the database that `DATABASE_URL` names.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect); and when the variable is not set.
    pub async fn connect_from_env() -> Result<Self> {
        Self::connect_from_env_with(DbOptions::new()).await
    }

    /// As [`connect_from_env`](Self::connect_from_env), running statements as the options say.
    ///
    /// # Errors
    ///
    /// As [`connect_from_env`](Self::connect_from_env).
    pub async fn connect_from_env_with(options: DbOptions) -> Result<Self> {
        Self::open(&Settings::from_env()?, options).await
    }

    pub(super) async fn open(settings: &Settings, options: DbOptions) -> Result<Self> {
        let started = Instant::now();
        let mut round = Round::new(settings, started, started + connect::PATIENCE);
        while let Some((attempt, patience)) = round.next() {
            #[cfg(feature = "pool")]
            let transport = attempt.transport();
            match tokio::time::timeout(patience, attempt.connect()).await {
                Ok(Ok((client, driver))) => {
                    tokio::spawn(driver);
                    let target = settings.to_string();
                    let session = Session {
                        client,
                        statements: Mutex::default(),
                        open: Mutex::default(),
                        turns: Turns::default(),
                        options,
                        target,
                        is_abandoned: AtomicBool::new(false),
                        #[cfg(feature = "pool")]
                        transport,
                    };
                    return Ok(Self { session: Arc::new(session) });
                }
                Ok(Err(error)) => round.failed(Some(error)),
                Err(_silence) => round.failed(None),
            }
        }
        Err(round.error())
    }

    /// Which database it is: the URL without its password.
    pub(crate) fn target(&self) -> &str {
        &self.session.target
    }

    /// Leaves no transaction open, as one is of which the guard was forgotten.
    #[cfg(feature = "pool")]
    pub(super) async fn reset(&mut self) -> Result<()> {
        self.session.undo_forgotten().await
    }

    /// Whether it answers, where somebody has waited for an answer no longer. What runs on nobody's behalf after a moment is cancelled,
    /// and the connection is of no more use: nobody knows which statement the request to cancel will meet.
    #[cfg(feature = "pool")]
    pub(super) async fn answers(&mut self) -> bool {
        /// What most statements are done in.
        const MOMENT: Duration = Duration::from_millis(50);
        if !self.session.is_abandoned.swap(false, Ordering::Relaxed) {
            return true;
        }
        // It is answered after all that was sent before it.
        let answer = tokio::time::timeout(MOMENT, self.session.client.check_connection()).await;
        if answer.is_err() {
            let (token, transport) = (self.session.client.cancel_token(), self.session.transport.clone());
            tokio::spawn(async move {
                // Where it cannot be sent, the statement runs to its end.
                drop(tokio::time::timeout(connect::PATIENCE, transport.cancel(token)).await);
            });
        }
        matches!(answer, Ok(Ok(())))
    }

    /// How many statements this connection keeps prepared.
    #[must_use]
    pub fn prepared_statements(&self) -> usize {
        self.session.kept().len()
    }

    /// Is the connection gone? It does not come back: connect anew.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.session.transactions().is_lost() || self.session.client.is_closed()
    }
}

impl Session {
    fn kept(&self) -> MutexGuard<'_, Statements> {
        // The cache is whole between any two of its own steps, so a panic elsewhere does not spoil it.
        self.statements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The open transactions; they too are whole between any two steps.
    pub(super) fn transactions(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Somebody waits for an answer from now on.
    pub(super) fn awaited(&self) -> Awaited<'_> {
        Awaited { session: self, is_answered: false }
    }

    /// Rolls back a transaction of which the guard was forgotten: nobody could commit what would be written in it. The connection is
    /// borrowed by any other guard, and so nothing is sent beside its transaction.
    pub(super) async fn undo_forgotten(&self) -> Result<()> {
        const SQL: &str = "ROLLBACK";
        if self.transactions().depth() == 0 {
            return Ok(());
        }
        let turn = self.turn(SQL).await?;
        let mut request = pin!(self.client.batch_execute(SQL));
        let first = poll_fn(|cx| {
            let mut open = self.transactions();
            // Another task may have done it meanwhile.
            let is_open = open.depth() > 0;
            open.clear();
            Poll::Ready(is_open.then(|| request.as_mut().poll(cx)))
        });
        let answer = match first.await {
            None => Ok(()),
            Some(Poll::Ready(answer)) => answer,
            Some(Poll::Pending) => request.await,
        };
        answered(turn);
        answer.map_err(|error| self.failed(error, SQL, &[]))
    }

    /// Runs a query, of the transaction at that place if it is one's.
    pub(super) async fn run<Q: Query>(&self, place: Option<Place>, query: Q) -> Result<Q::Output> {
        if query.is_needless() {
            return query.read(Vec::new());
        }
        if let Some(mut gather) = query.gather() {
            let statement = query.statement();
            // Refused, a statement has given no row; so it can be sent again.
            self.fetch(place, &statement, |row| gather.add(&row)).await?;
            return gather.finish();
        }
        let mut rows = Vec::new();
        {
            let statement = query.statement();
            self.fetch(place, &statement, |row| rows.push(row)).await?;
        }
        query.read(rows)
    }

    /// Runs the statement and hands its rows over as they come.
    async fn fetch(&self, place: Option<Place>, statement: &Statement<'_>, add: impl FnMut(Row) + Send) -> Result<()> {
        if place.is_none() {
            self.undo_forgotten().await?;
        }
        let turn = self.turn(&statement.sql).await?;
        let awaited = self.awaited();
        let answer = self.hand_out(place, statement, add).await;
        awaited.answered();
        answered(turn);
        answer
    }

    async fn hand_out(&self, place: Option<Place>, statement: &Statement<'_>, mut add: impl FnMut(Row) + Send) -> Result<()> {
        let mut rows = pin!(self.rows(place, statement).await?);
        while let Some(row) = poll_fn(|cx| rows.as_mut().poll_next(cx)).await {
            add(row.map_err(|error| self.failed(error, &statement.sql, &statement.params))?);
        }
        Ok(())
    }

    /// Sends the statement; its rows come as they are asked for. That what was prepared is stale shows before any of them.
    pub(super) async fn rows(&self, place: Option<Place>, statement: &Statement<'_>) -> Result<RowStream> {
        let sql = &*statement.sql;
        let failed = |error| self.failed(error, sql, &statement.params);
        if self.options.is_unprepared() {
            let typed: Vec<_> = statement.params.iter().map(|param| (param.value(), param.ty())).collect();
            return self.send(place, self.client.query_typed_raw(sql, typed)).await?.map_err(failed);
        }
        let error = match self.rows_of_prepared(place, statement).await? {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        if is_stale(&error) {
            self.kept().forget(sql);
            // Inside a transaction the failure has already ended it.
            if place.is_none() {
                return self.rows_of_prepared(place, statement).await?.map_err(failed);
            }
        }
        Err(failed(error))
    }

    /// Tells a failure, and keeps in mind what it means for the connection.
    pub(super) fn failed(&self, error: tokio_postgres::Error, sql: &str, params: &[Param<'_>]) -> Error {
        let error = Error::of_statement(error, sql, params);
        self.transactions().note(&error);
        error
    }

    async fn rows_of_prepared(&self, place: Option<Place>, statement: &Statement<'_>) -> Result<Result<RowStream, tokio_postgres::Error>> {
        let prepared = match self.prepared(place, statement).await? {
            Ok(prepared) => prepared,
            Err(error) => return Ok(Err(error)),
        };
        let values: Vec<_> = statement.params.iter().map(Param::value).collect();
        self.send(place, self.client.query_raw(&prepared, values.iter().copied())).await
    }

    /// The statement as it is prepared, once a connection.
    async fn prepared(
        &self,
        place: Option<Place>,
        statement: &Statement<'_>,
    ) -> Result<Result<tokio_postgres::Statement, tokio_postgres::Error>> {
        let sql = &*statement.sql;
        let kept = self.kept().get(sql, &statement.params);
        if let Some(prepared) = kept {
            return Ok(Ok(prepared));
        }
        let types: Vec<_> = statement.params.iter().map(Param::ty).collect();
        let answer = self.send(place, self.client.prepare_typed(sql, &types)).await?;
        if let Ok(prepared) = &answer {
            self.kept().keep(sql, prepared.clone());
        }
        Ok(answer)
    }

    /// Waits for the turn of a request, where requests have turns.
    pub(super) async fn turn(&self, sql: &str) -> Result<Option<Turn<'_>>> {
        if !self.options.is_unprepared() {
            return Ok(None);
        }
        self.turns.next(&self.client).await.map(Some).map_err(|error| self.failed(error, sql, &[]))
    }

    /// Something was sent that nobody waits for.
    pub(super) fn is_left_unanswered(&self) {
        self.turns.is_left_unanswered();
    }

    /// Waits for a request, which is sent when it is first polled; of a transaction that is not the innermost one by then,
    /// it is not sent at all. Looking and sending are one step, as a savepoint may be made between any two.
    pub(super) async fn send<T>(&self, place: Option<Place>, request: impl Future<Output = T>) -> Result<T> {
        let Some(place) = place else { return Ok(request.await) };
        let mut request = pin!(request);
        let first = poll_fn(|cx| {
            let open = self.transactions();
            Poll::Ready(open.judge(place).map(|()| request.as_mut().poll(cx)))
        });
        match first.await? {
            Poll::Ready(answer) => Ok(answer),
            Poll::Pending => Ok(request.await),
        }
    }
}

/// The answer to a request has come.
pub(super) fn answered(turn: Option<Turn<'_>>) {
    if let Some(turn) = turn {
        turn.answered();
    }
}

impl Executor for &AsyncDb {
    type Output<'a, T>
        = Pin<Box<dyn Future<Output = Result<T>> + Send + 'a>>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Self::Output<'a, Q::Output>
    where
        Self: 'a,
    {
        Box::pin(self.session.run(None, query))
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Self::Output<'a, T::Output>
    where
        Self: 'a,
    {
        Box::pin(self.session.pass(None, transfer))
    }
}

impl fmt::Debug for AsyncDb {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AsyncDb({})", self.session.target)
    }
}
