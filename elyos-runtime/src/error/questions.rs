//! What can be asked of a statement that the server refused, or that a value did not fit.

use tokio_postgres::error::{DbError, SqlState};

use super::{Error, Kind, TransactionFailure, statement};

impl Error {
    /// The SQLSTATE that the server gave, if the server refused something.
    ///
    /// Source: PostgreSQL, appendix A, "PostgreSQL Error Codes".
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        self.db_error().map(|error| error.code().code())
    }

    /// The constraint that was violated, by its name in the schema.
    #[must_use]
    pub fn constraint(&self) -> Option<&str> {
        self.db_error().and_then(DbError::constraint)
    }

    pub(super) fn has_code(&self, code: &SqlState) -> bool {
        self.db_error().is_some_and(|error| error.code() == code)
    }

    /// Is it a value that a unique constraint or index already holds (SQLSTATE 23505)?
    #[must_use]
    pub fn is_unique_violation(&self) -> bool {
        self.has_code(&SqlState::UNIQUE_VIOLATION)
    }

    /// Is it a reference to a row that is not there, or the removal of one that is referred to (23503)?
    #[must_use]
    pub fn is_foreign_key_violation(&self) -> bool {
        self.has_code(&SqlState::FOREIGN_KEY_VIOLATION)
    }

    /// Is it a null where the column takes none (23502)?
    #[must_use]
    pub fn is_not_null_violation(&self) -> bool {
        self.has_code(&SqlState::NOT_NULL_VIOLATION)
    }

    /// Is it a value that a check constraint refuses (23514)?
    #[must_use]
    pub fn is_check_violation(&self) -> bool {
        self.has_code(&SqlState::CHECK_VIOLATION)
    }

    /// Is it a value that an exclusion constraint does not let stand beside another row's (23P01)?
    #[must_use]
    pub fn is_exclusion_violation(&self) -> bool {
        self.has_code(&SqlState::EXCLUSION_VIOLATION)
    }

    /// Is it a value that a type cannot hold? One that PostgreSQL's cannot, as the server (22003 numeric value out of range,
    /// 22001 string too long, 22008 date or time out of range, 22P02 no value or label of the type, and a few more) or the
    /// conversion to it says; or one of the database's that the Rust type cannot hold.
    #[must_use]
    pub fn is_out_of_range(&self) -> bool {
        match &*self.0 {
            Kind::Encode { value, .. } => !statement::is_of_schema(&*value.cause),
            Kind::Decode { error, .. } => !statement::is_of_schema(&**error),
            _ => self.db_error().is_some_and(|error| statement::is_not_of_type(error.code())),
        }
    }

    /// Was the time over that it was given: for a statement or by somebody who cancelled it (57014, which does not tell the
    /// two apart), for a lock (55P03), or for a transaction that did nothing or took too long (25P03, 25P04)? Or was no connection of a pool free in time?
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        matches!(&*self.0, Kind::PoolTimeout { .. })
            || self.is_cancelled()
            || self.is_lock_timeout()
            || self.code().is_some_and(|code| matches!(code, "25P03" | "25P04"))
    }

    /// Was the statement cancelled, by `statement_timeout` or by a request (57014)?
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.has_code(&SqlState::QUERY_CANCELED)
    }

    /// Was a lock not to be had, in the time of `lock_timeout` or at once with `NOWAIT` (55P03)?
    #[must_use]
    pub fn is_lock_timeout(&self) -> bool {
        self.has_code(&SqlState::LOCK_NOT_AVAILABLE)
    }

    /// What the server adds to its message. It may hold values of the row, as in `Key (email)=(ann@example.com) already
    /// exists.`, and so is in no text of this error, nor in that of its sources.
    #[must_use]
    pub fn detail(&self) -> Option<&str> {
        self.db_error().and_then(DbError::detail)
    }

    /// The column that is at fault, where that is known: of a null that it does not take, of a value that it or its Rust type
    /// cannot hold.
    #[must_use]
    pub fn column(&self) -> Option<&str> {
        match &*self.0 {
            Kind::Encode { value, .. } => value.column,
            Kind::Decode { column, .. } => Some(column),
            _ => self.db_error().and_then(DbError::column),
        }
    }

    /// Was there no such row, in a method that promises one?
    #[must_use]
    pub fn is_not_found(&self) -> bool {
        matches!(&*self.0, Kind::NotFound { .. })
    }

    /// Did the row that was inserted not come back? A trigger or a rule of the table has left it out, or has put it into another table.
    #[must_use]
    pub fn is_not_returned(&self) -> bool {
        matches!(&*self.0, Kind::NotReturned { .. })
    }

    /// Were there several such rows, in a method that promises one?
    #[must_use]
    pub fn is_several(&self) -> bool {
        matches!(&*self.0, Kind::Several { .. })
    }

    /// Was an update or a delete not sent, because its condition leaves out no row and that every row is meant was not said by name?
    #[must_use]
    pub fn is_of_every_row(&self) -> bool {
        matches!(&*self.0, Kind::EveryRow { .. })
    }

    /// Was a part of an order of rows not asked for, because the place where it ends would hold the value of a secret column, by which they
    /// are sorted or which is their key?
    #[must_use]
    pub fn is_secret_in_order(&self) -> bool {
        matches!(&*self.0, Kind::SecretInOrder { .. })
    }

    /// Could the transaction not be fitted between others that ran beside it (40001)? It may be tried again, as a whole:
    /// [`retry`](crate::TransactionOptions::retry).
    #[must_use]
    pub fn is_serialization_failure(&self) -> bool {
        self.has_code(&SqlState::T_R_SERIALIZATION_FAILURE)
    }

    /// Did it wait for another transaction that waited for it (40P01)? The transaction may be tried again, as a whole.
    #[must_use]
    pub fn is_deadlock(&self) -> bool {
        self.has_code(&SqlState::T_R_DEADLOCK_DETECTED)
    }

    /// Was the connection lost while a transaction was being committed, so that nobody knows whether it was?
    #[must_use]
    pub fn is_commit_unknown(&self) -> bool {
        matches!(&*self.0, Kind::Transaction(TransactionFailure::Unknown { .. }))
    }

    /// Does a COMMIT that failed so leave open whether it was carried out? When the server did not answer, when it went down,
    /// and when it says so itself.
    pub(crate) fn leaves_commit_unknown(&self) -> bool {
        let unknown = [SqlState::T_R_STATEMENT_COMPLETION_UNKNOWN, SqlState::TRANSACTION_RESOLUTION_UNKNOWN];
        self.is_connection() || unknown.iter().any(|code| self.has_code(code))
    }

    /// Did the database lack the rights for it (42501)?
    #[must_use]
    pub fn is_insufficient_privilege(&self) -> bool {
        self.has_code(&SqlState::INSUFFICIENT_PRIVILEGE)
    }
}
