//! An application's connections and their transactions: blocking here, as futures in `asynchronous`.

#[cfg(feature = "pool")]
mod async_pool;
#[cfg(feature = "tokio")]
mod async_transaction;
#[cfg(feature = "tokio")]
mod asynchronous;
mod mode;
mod open;
mod options;
mod pool;
mod pool_options;
mod retry;
mod statements;
mod transaction;
mod transfer;
#[cfg(feature = "tokio")]
mod turn;

use std::cell::RefCell;
use std::fmt;
use std::time::Instant;

use postgres::Client;
use tokio_postgres::Row;

#[cfg(feature = "pool")]
pub use async_pool::{AsyncPool, PooledAsyncDb};
#[cfg(feature = "tokio")]
pub use async_transaction::{AsyncTransaction, AsyncTransactionGuard};
#[cfg(feature = "tokio")]
pub use asynchronous::AsyncDb;
pub use mode::DbOptions;
pub use options::{IsolationLevel, TransactionOptions};
pub use pool::{Pool, PooledDb};
pub use pool_options::PoolOptions;
pub use transaction::Transaction;

use crate::connect::{self, Round, Settings};
use crate::error::{Error, Result};
use crate::executor::Executor;
use crate::query::{self, Param, Query, Transfer};
use open::Open;
use statements::{Statements, is_stale};

/// A blocking connection that prepares each statement once, or none at all where [`DbOptions`] say so.
///
/// It can be sent to another thread but not shared between threads, as what one of them did in a transaction would
/// happen to the other. It must not be made or used on a thread that drives an asynchronous runtime: there, use
/// `AsyncDb` (feature `tokio`), or a thread of your own.
///
/// ```no_run
/// # #[cfg(feature = "elyos")] {
/// use elyos_runtime::prelude::*;
/// use elyos_runtime::repositories::UserRepository;
///
/// # fn main() -> Result<(), Error> {
/// let db = Db::connect("postgresql://postgres@localhost/elyos")?;
/// let admin = UserRepository::find_by_id(&db, 1)?;
/// # Ok(())
/// # }
/// # }
/// ```
pub struct Db {
    client: RefCell<Client>,
    statements: RefCell<Statements>,
    open: RefCell<Open>,
    options: DbOptions,
    target: String,
}

impl Db {
    /// Connects to the database that the URL names: once, to each of its hosts in turn, for 30 seconds at most. It is
    /// [`Init`](crate::Init) that waits for a server.
    ///
    /// # Errors
    ///
    /// When the URL cannot be understood or no connection can be made; neither shows a password.
    pub fn connect(url: &str) -> Result<Self> {
        Self::connect_with(url, DbOptions::new())
    }

    /// As [`connect`](Self::connect), running statements as the options say.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub fn connect_with(url: &str, options: DbOptions) -> Result<Self> {
        Self::open(&Settings::parse(url)?, options)
    }

    /// Connects to the database that `DATABASE_URL` names.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect); and when the variable is not set.
    pub fn connect_from_env() -> Result<Self> {
        Self::connect_from_env_with(DbOptions::new())
    }

    /// As [`connect_from_env`](Self::connect_from_env), running statements as the options say.
    ///
    /// # Errors
    ///
    /// As [`connect_from_env`](Self::connect_from_env).
    pub fn connect_from_env_with(options: DbOptions) -> Result<Self> {
        Self::open(&Settings::from_env()?, options)
    }

    fn open(settings: &Settings, options: DbOptions) -> Result<Self> {
        let started = Instant::now();
        let mut round = Round::new(settings, started, started + connect::PATIENCE);
        let Some(client) = connect::blocking(&mut round)? else { return Err(round.error()) };
        Ok(Self {
            client: RefCell::new(client),
            statements: RefCell::default(),
            open: RefCell::default(),
            options,
            target: settings.to_string(),
        })
    }

    /// Which database it is: the URL without its password.
    pub(crate) fn target(&self) -> &str {
        &self.target
    }

    /// How many statements this connection keeps prepared.
    #[must_use]
    pub fn prepared_statements(&self) -> usize {
        self.statements.borrow().len()
    }

    /// Is the connection gone, as far as its last use has shown? It does not come back: connect anew.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.open.borrow().is_lost() || self.client.borrow().is_closed()
    }

    fn fetch(&self, statement: &query::Statement<'_>) -> Result<Vec<Row>> {
        let sql = &*statement.sql;
        if self.options.is_unprepared() {
            let typed: Vec<_> = statement.params.iter().map(|param| (param.value(), param.ty())).collect();
            let answer = self.client.borrow_mut().query_typed(sql, &typed);
            return answer.map_err(|error| self.failed(error, sql, &statement.params));
        }
        let error = match self.fetch_prepared(&mut self.client.borrow_mut(), statement) {
            Ok(rows) => return Ok(rows),
            Err(error) => error,
        };
        if is_stale(&error) {
            self.statements.borrow_mut().forget(sql);
            // Inside a transaction the failure has already ended it.
            if self.open.borrow().depth() == 0 {
                let answer = self.fetch_prepared(&mut self.client.borrow_mut(), statement);
                return answer.map_err(|error| self.failed(error, sql, &statement.params));
            }
        }
        Err(self.failed(error, sql, &statement.params))
    }

    /// Tells a failure, and keeps in mind what it means for the connection.
    fn failed(&self, error: tokio_postgres::Error, sql: &str, params: &[Param<'_>]) -> Error {
        let error = Error::of_statement(error, sql, params);
        self.open.borrow_mut().note(&error);
        error
    }

    fn fetch_prepared(&self, client: &mut Client, statement: &query::Statement<'_>) -> Result<Vec<Row>, tokio_postgres::Error> {
        let prepared = self.prepared(client, statement)?;
        let values: Vec<_> = statement.params.iter().map(Param::value).collect();
        client.query(&prepared, &values)
    }

    /// The statement as it is prepared, once a connection.
    fn prepared(&self, client: &mut Client, statement: &query::Statement<'_>) -> Result<tokio_postgres::Statement, tokio_postgres::Error> {
        let sql = &*statement.sql;
        let kept = self.statements.borrow().get(sql, &statement.params);
        if let Some(prepared) = kept {
            return Ok(prepared);
        }
        let types: Vec<_> = statement.params.iter().map(Param::ty).collect();
        let prepared = client.prepare_typed(sql, &types)?;
        self.statements.borrow_mut().keep(sql, prepared.clone());
        Ok(prepared)
    }

    /// Runs a statement that answers nothing and takes no values.
    fn command(&self, sql: &str) -> Result<()> {
        self.client.borrow_mut().batch_execute(sql).map_err(|error| self.failed(error, sql, &[]))
    }
}

impl Executor for &Db {
    type Output<'a, T>
        = Result<T>
    where
        Self: 'a,
        T: 'a;

    fn run<'a, Q: Query + 'a>(self, query: Q) -> Result<Q::Output>
    where
        Self: 'a,
    {
        let rows = if query.is_needless() { Vec::new() } else { self.fetch(&query.statement())? };
        query.read(rows)
    }

    fn transfer<'a, T: Transfer + 'a>(self, transfer: T) -> Result<T::Output>
    where
        Self: 'a,
    {
        self.pass(transfer)
    }
}

impl fmt::Debug for Db {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Db({})", self.target)
    }
}
