//! How a connection runs statements.

/// How a connection runs statements.
///
/// ```no_run
/// use elyos_runtime::{Db, DbOptions};
///
/// # fn main() -> Result<(), elyos_runtime::Error> {
/// // Behind pgbouncer with pool_mode = transaction.
/// let db = Db::connect_with("postgresql://app@pooler:6432/shop", DbOptions::new().unprepared())?;
/// # drop(db);
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[must_use = "they are given to `connect_with`"]
pub struct DbOptions {
    is_unprepared: bool,
}

impl DbOptions {
    /// Each statement is prepared once a connection.
    pub const fn new() -> Self {
        Self { is_unprepared: false }
    }

    /// Nothing is prepared: each statement is sent with its values and the types of these, in one round trip, and leaves
    /// nothing behind in the server's session. For what gives each transaction another session of the server's, such as
    /// pgbouncer with `pool_mode = transaction`. The server parses and plans each statement every time.
    ///
    /// A query of your own has to answer with PostgreSQL's own types, casting others to `text`: to learn of another type the
    /// driver prepares statements of its own.
    pub const fn unprepared(self) -> Self {
        Self { is_unprepared: true }
    }

    /// Is nothing prepared?
    pub(super) const fn is_unprepared(self) -> bool {
        self.is_unprepared
    }
}
