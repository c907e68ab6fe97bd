//! Rows that are read as they come, so that none of them is held with the others.

use tokio_postgres::Row;

use crate::error::{Error, Result};

/// What becomes of rows, each of which can be read without the others.
#[doc(hidden)]
pub trait Gather: Send {
    /// What they become.
    type Output;

    /// Reads the next one. Behind one that cannot be read, the others are passed over.
    fn add(&mut self, row: &Row);

    /// What they have become.
    ///
    /// # Errors
    ///
    /// When one of them could not be read.
    fn finish(self: Box<Self>) -> Result<Self::Output>;
}

/// One value for each row.
pub(crate) struct Gathered<T, F> {
    rows: Vec<T>,
    failed: Option<Error>,
    read: F,
}

impl<T: Send + 'static, F: Fn(&Row) -> Result<T> + Send + 'static> Gathered<T, F> {
    /// Reads each row in that way.
    pub(crate) fn boxed(read: F) -> Box<dyn Gather<Output = Vec<T>>> {
        Box::new(Self { rows: Vec::new(), failed: None, read })
    }
}

impl<T: Send, F: Fn(&Row) -> Result<T> + Send> Gather for Gathered<T, F> {
    type Output = Vec<T>;

    fn add(&mut self, row: &Row) {
        if self.failed.is_some() {
            return;
        }
        match (self.read)(row) {
            Ok(read) => self.rows.push(read),
            Err(error) => self.failed = Some(error),
        }
    }

    fn finish(self: Box<Self>) -> Result<Vec<T>> {
        match self.failed {
            None => Ok(self.rows),
            Some(error) => Err(error),
        }
    }
}
