//! How a transaction can fail other than by a statement that the server refused.

use std::fmt;

use super::kind::{help, server_says};

/// One way to fail.
pub(crate) enum TransactionFailure {
    /// The connection was lost between the COMMIT and its answer.
    Unknown { error: tokio_postgres::Error },
    /// Another one is open inside of it.
    InnerOpen,
    /// It has ended, with one around it.
    Over,
    /// A savepoint was to have an isolation of its own.
    OptionsInside,
}

impl TransactionFailure {
    pub(super) fn driver_error(&self) -> Option<&tokio_postgres::Error> {
        match self {
            Self::Unknown { error } => Some(error),
            Self::InnerOpen | Self::Over | Self::OptionsInside => None,
        }
    }

    pub(super) fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { error } => {
                write!(f, "the connection was lost while a transaction was being committed: {}", server_says(error))?;
                help(f, "whether it was committed is not known: look at what it would have changed before doing it again")
            }
            Self::InnerOpen => {
                f.write_str("a transaction inside of this one is still open, and would undo this with its own work")?;
                help(f, "use the inner one, or end it first")
            }
            Self::Over => {
                f.write_str("this transaction has ended together with the one around it")?;
                help(f, "end a transaction before the one that it was begun in")
            }
            Self::OptionsInside => {
                f.write_str("a transaction is open on this connection, and one inside of it cannot have options of its own")?;
                help(f, "give them to the outermost one")
            }
        }
    }
}
