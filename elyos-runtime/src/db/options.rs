//! How a transaction is isolated, what it may do, and how often it is tried.

/// What a transaction sees of the others that run beside it.
///
/// Source: PostgreSQL, "Transaction Isolation".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum IsolationLevel {
    /// Each statement sees what was committed before it.
    ReadCommitted,
    /// All statements see what was committed before the first of them.
    RepeatableRead,
    /// As if the transactions had run one after the other.
    Serializable,
}

/// How a transaction is isolated, whether it may write, and how often it is tried again when it loses against another one.
///
/// What is not said is as the session has it: `default_transaction_isolation` and so on.
///
/// ```
/// use elyos_runtime::{IsolationLevel, TransactionOptions};
///
/// let options = TransactionOptions::new().serializable().retry(5);
/// assert_eq!(options, TransactionOptions::new().isolation(IsolationLevel::Serializable).retry(5));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[must_use = "they are given to `transaction_with` or `begin_with`"]
pub struct TransactionOptions {
    isolation: Option<IsolationLevel>,
    read_only: Option<bool>,
    deferrable: bool,
    retries: u32,
}

impl TransactionOptions {
    /// As the session has it, tried once.
    pub const fn new() -> Self {
        Self { isolation: None, read_only: None, deferrable: false, retries: 0 }
    }

    /// With this isolation.
    pub const fn isolation(self, level: IsolationLevel) -> Self {
        Self { isolation: Some(level), ..self }
    }

    /// Each statement sees what was committed before it.
    pub const fn read_committed(self) -> Self {
        self.isolation(IsolationLevel::ReadCommitted)
    }

    /// All statements see what was committed before the first of them.
    pub const fn repeatable_read(self) -> Self {
        self.isolation(IsolationLevel::RepeatableRead)
    }

    /// As if the transactions had run one after the other. Have it tried again: it may be refused for what others do.
    pub const fn serializable(self) -> Self {
        self.isolation(IsolationLevel::Serializable)
    }

    /// It cannot write.
    pub const fn read_only(self) -> Self {
        Self { read_only: Some(true), ..self }
    }

    /// It can write, also where the session's transactions cannot.
    pub const fn read_write(self) -> Self {
        Self { read_only: Some(false), ..self }
    }

    /// A serializable one that only reads waits at its first statement until it cannot be refused any more. Without both it
    /// does nothing.
    pub const fn deferrable(self) -> Self {
        Self { deferrable: true, ..self }
    }

    /// The work is called again, so many times at most, when the transaction loses against another one: by a serialization
    /// failure (SQLSTATE 40001) or a deadlock (40P01). Before each of them there is a pause of 5 ms, doubled each time up
    /// to half a second, and shortened at random. By default it is called once.
    ///
    /// It is never called again where the outcome of the commit is not known. A guard, as `begin_with` makes one, is not
    /// tried again, as there is no work to call.
    pub const fn retry(self, times: u32) -> Self {
        Self { retries: times, ..self }
    }

    /// How many times more the work may be called.
    pub(super) const fn retries(self) -> u32 {
        self.retries
    }

    /// Is nothing said that a savepoint cannot have?
    pub(super) fn is_default(self) -> bool {
        self == Self::new()
    }

    /// `BEGIN`, with what is said.
    pub(super) fn begin(self) -> String {
        let mut sql = "BEGIN".to_owned();
        if let Some(level) = self.isolation {
            sql.push_str(match level {
                IsolationLevel::ReadCommitted => " ISOLATION LEVEL READ COMMITTED",
                IsolationLevel::RepeatableRead => " ISOLATION LEVEL REPEATABLE READ",
                IsolationLevel::Serializable => " ISOLATION LEVEL SERIALIZABLE",
            });
        }
        if let Some(read_only) = self.read_only {
            sql.push_str(if read_only { " READ ONLY" } else { " READ WRITE" });
        }
        if self.deferrable {
            sql.push_str(" DEFERRABLE");
        }
        sql
    }
}

#[cfg(test)]
mod tests {
    use super::TransactionOptions;

    #[test]
    fn only_what_is_said_is_in_the_statement() {
        for (options, sql) in [
            (TransactionOptions::new().retry(3), "BEGIN"),
            (TransactionOptions::new().read_committed().read_write(), "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"),
            (TransactionOptions::new().repeatable_read(), "BEGIN ISOLATION LEVEL REPEATABLE READ"),
            (TransactionOptions::new().serializable().read_only().deferrable(), "BEGIN ISOLATION LEVEL SERIALIZABLE READ ONLY DEFERRABLE"),
        ] {
            assert_eq!(options.begin(), sql);
        }
    }
}
