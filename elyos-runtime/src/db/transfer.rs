//! Rows that pass one at a time.

#[cfg(feature = "tokio")]
use std::future::poll_fn;
#[cfg(feature = "tokio")]
use std::pin::pin;

#[cfg(feature = "tokio")]
use futures_core::Stream;
use postgres::Client;
use postgres::binary_copy::{BinaryCopyInWriter, BinaryCopyOutIter};
use postgres::fallible_iterator::FallibleIterator as _;
use tokio_postgres::types::Type;

use super::Db;
#[cfg(feature = "tokio")]
use super::asynchronous::{Session, answered};
#[cfg(feature = "tokio")]
use super::open::Place;
use super::statements::is_stale;
use crate::error::{Error, Result};
use crate::query::{Copied, Param, Request, Transfer};

/// Where it failed: at the server or on the way there, or in what the rows are handed to.
enum Failure {
    Driver(tokio_postgres::Error),
    Own(Error),
}

impl From<tokio_postgres::Error> for Failure {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::Driver(error)
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

/// Whether rows are copied, for which the driver prepares a statement. Where nothing may stay prepared, because a pooler may give the next
/// message to another session, that is done in a transaction of its own, to which it leaves one.
fn is_copy(transfer: &impl Transfer) -> Result<bool> {
    Ok(!matches!(transfer.request()?, Request::Rows(_)))
}

impl Db {
    pub(super) fn pass<T: Transfer>(&self, transfer: T) -> Result<T::Output> {
        if self.options.is_unprepared() && self.open.borrow().depth() == 0 && is_copy(&transfer)? {
            let transaction = self.begin()?;
            let output = self.pass_all(transfer)?;
            transaction.commit()?;
            return Ok(output);
        }
        self.pass_all(transfer)
    }

    fn pass_all<T: Transfer>(&self, mut transfer: T) -> Result<T::Output> {
        // What the rows are handed to can be sent to another thread, so it holds no reference to this connection.
        let mut client = self.client.borrow_mut();
        let (sql, types, is_in) = match transfer.request()? {
            Request::Rows(statement) => (statement.sql.into_owned(), Vec::new(), None),
            Request::CopyOut(sql, types) => (sql.into_owned(), types, Some(false)),
            Request::CopyIn(sql, types) => (sql.into_owned(), types, Some(true)),
        };
        match is_in {
            None => {
                let mut passed = self.hand_out(&mut client, &mut transfer);
                // Whether its statement is stale shows before any row has passed; inside a transaction that has already ended it.
                if matches!(&passed, Err(Failure::Driver(error)) if is_stale(error)) && self.open.borrow().depth() == 0 {
                    self.statements.borrow_mut().forget(&sql);
                    passed = self.hand_out(&mut client, &mut transfer);
                }
                passed.map_err(|failure| self.told(failure, &sql, &transfer))?;
                Ok(transfer.finish(0))
            }
            Some(false) => {
                copy_out(&mut client, &sql, &types, &mut transfer).map_err(|failure| self.told(failure, &sql, &transfer))?;
                Ok(transfer.finish(0))
            }
            Some(true) => {
                let mut columns = Vec::new();
                let copied = copy_in(&mut client, &sql, &types, &mut transfer, &mut columns);
                let rows = copied.map_err(|error| self.noted(Error::of_copy(error, &sql, &columns)))?;
                Ok(transfer.finish(rows))
            }
        }
    }

    fn hand_out(&self, client: &mut Client, transfer: &mut impl Transfer) -> Result<(), Failure> {
        let mut rows = {
            let Request::Rows(statement) = transfer.request()? else { return Ok(()) };
            if self.options.is_unprepared() {
                let typed = statement.params.iter().map(|param| (param.value(), param.ty()));
                client.query_typed_raw(&statement.sql, typed)?
            } else {
                let prepared = self.prepared(client, &statement)?;
                client.query_raw(&prepared, statement.params.iter().map(Param::value))?
            }
        };
        while let Some(row) = rows.next()? {
            transfer.row(&row)?;
        }
        Ok(())
    }

    /// What a failure means for the connection is kept in mind.
    fn told(&self, failure: Failure, sql: &str, transfer: &impl Transfer) -> Error {
        match (failure, transfer.request()) {
            (Failure::Driver(error), Ok(Request::Rows(statement))) => self.failed(error, sql, &statement.params),
            (Failure::Driver(error), _) => self.failed(error, sql, &[]),
            (Failure::Own(error), _) => error,
        }
    }

    fn noted(&self, error: Error) -> Error {
        self.open.borrow_mut().note(&error);
        error
    }
}

fn copy_out(client: &mut Client, sql: &str, types: &[Type], transfer: &mut impl Transfer) -> Result<(), Failure> {
    let mut rows = BinaryCopyOutIter::new(client.copy_out(sql)?, types);
    while let Some(row) = rows.next()? {
        transfer.copied(&Copied::new(&row, types))?;
    }
    Ok(())
}

fn copy_in(
    client: &mut Client,
    sql: &str,
    types: &[Type],
    transfer: &mut impl Transfer,
    columns: &mut Vec<Option<&'static str>>,
) -> Result<u64, tokio_postgres::Error> {
    let mut writer = BinaryCopyInWriter::new(client.copy_in(sql)?, types);
    while let Some(values) = transfer.next() {
        if columns.is_empty() {
            columns.extend(values.iter().map(Param::column));
        }
        writer.write_raw(values.iter().map(Param::value))?;
    }
    writer.finish()
}

#[cfg(feature = "tokio")]
impl Session {
    pub(super) async fn pass<T: Transfer>(&self, place: Option<Place>, transfer: T) -> Result<T::Output> {
        if place.is_none() {
            self.undo_forgotten().await?;
        }
        let awaited = self.awaited();
        let output = self.pass_all(place, transfer).await?;
        // Ended by an error, the rest may be on its way still.
        awaited.answered();
        Ok(output)
    }

    async fn pass_all<T: Transfer>(&self, place: Option<Place>, mut transfer: T) -> Result<T::Output> {
        let (sql, types, is_in) = match transfer.request()? {
            Request::Rows(statement) => {
                let sql = statement.sql.clone().into_owned();
                let turn = self.turn(&sql).await?;
                let rows = self.rows(place, &statement).await?;
                drop(statement);
                let mut rows = pin!(rows);
                while let Some(row) = poll_fn(|cx| rows.as_mut().poll_next(cx)).await {
                    let row = row.map_err(|error| self.failed(error, &sql, &[]))?;
                    transfer.row(&row)?;
                }
                answered(turn);
                return Ok(transfer.finish(0));
            }
            Request::CopyOut(sql, types) => (sql.into_owned(), types, false),
            Request::CopyIn(sql, types) => (sql.into_owned(), types, true),
        };
        let turn = self.turn(&sql).await?;
        let copied = match place {
            None if self.options.is_unprepared() => self.copy_apart(&sql, &types, is_in, &mut transfer).await,
            place => self.copy(place, &sql, &types, is_in, &mut transfer).await,
        };
        let count = copied?;
        answered(turn);
        Ok(transfer.finish(count))
    }

    /// Copies in a transaction of its own. It is known as open meanwhile: abandoned in the middle, it is rolled back as a forgotten one is.
    async fn copy_apart(&self, sql: &str, types: &[Type], is_in: bool, transfer: &mut impl Transfer) -> Result<u64> {
        let run = |sql: &'static str| async move { self.client.batch_execute(sql).await.map_err(|error| self.failed(error, sql, &[])) };
        let place = self.transactions().enter();
        let copied = match run("BEGIN").await {
            Ok(()) => self.copy(Some(place), sql, types, is_in, transfer).await,
            Err(error) => Err(error),
        };
        let ended = run(if copied.is_ok() { "COMMIT" } else { "ROLLBACK" }).await;
        self.transactions().leave(place);
        // What could not be rolled back is over with its session.
        copied.and_then(|count| ended.map(|()| count))
    }

    async fn copy(&self, place: Option<Place>, sql: &str, types: &[Type], is_in: bool, transfer: &mut impl Transfer) -> Result<u64> {
        let failed = |error| self.failed(error, sql, &[]);
        let mut count = 0;
        if is_in {
            let sink = self.send(place, self.client.copy_in(sql)).await?.map_err(failed)?;
            let mut writer = pin!(tokio_postgres::binary_copy::BinaryCopyInWriter::new(sink, types));
            let mut columns: Vec<Option<&'static str>> = Vec::new();
            while let Some(values) = transfer.next() {
                if columns.is_empty() {
                    columns.extend(values.iter().map(Param::column));
                }
                let values: Vec<_> = values.iter().map(Param::value).collect();
                let written = writer.as_mut().write_raw(values).await;
                written.map_err(|error| self.noted(Error::of_copy(error, sql, &columns)))?;
            }
            count = writer.finish().await.map_err(failed)?;
        } else {
            let rows = self.send(place, self.client.copy_out(sql)).await?.map_err(failed)?;
            let mut rows = pin!(tokio_postgres::binary_copy::BinaryCopyOutStream::new(rows, types));
            while let Some(row) = poll_fn(|cx| rows.as_mut().poll_next(cx)).await {
                let row = row.map_err(failed)?;
                transfer.copied(&Copied::new(&row, types))?;
            }
        }
        Ok(count)
    }

    fn noted(&self, error: Error) -> Error {
        self.transactions().note(&error);
        error
    }
}
