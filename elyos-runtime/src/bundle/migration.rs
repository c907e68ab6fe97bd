//! A migration: one transaction, or statements that are committed one by one.

use std::borrow::Cow;

use super::{List, Script, Text, hex};

/// A migration, or `schema.sql` itself, at position -1, in a bundle that has none.
#[derive(Debug, Clone)]
pub struct Migration {
    #[doc(hidden)]
    pub position: i64,
    #[doc(hidden)]
    pub name: Text,
    #[doc(hidden)]
    pub script: Script,
    /// For each statement of the script, one after the other: the SHA-256 of its text, then that of its tokens, which
    /// is the same whatever comments and white space are between them.
    #[doc(hidden)]
    pub hashes: Cow<'static, [u8]>,
    /// How each statement of the script is run; empty where all of it is one transaction.
    #[doc(hidden)]
    pub executions: List<Execution>,
}

/// How a statement is run that is committed by itself, and by what one tells whether it was done if nobody saw it end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Execution {
    /// In a transaction of its own, together with the record that it was done.
    Transaction,
    /// As it is: it sets what the session's later statements run under.
    Setting,
    /// As it is: `CREATE INDEX CONCURRENTLY`.
    CreateIndex {
        /// The table as SQL names it, quoted where it has to be.
        table: Text,
        /// The index's name.
        index: Text,
    },
    /// As it is: `DROP INDEX CONCURRENTLY`.
    DropIndex {
        /// The index as SQL names it, quoted where it has to be.
        index: Text,
    },
    /// As it is: `REINDEX CONCURRENTLY`.
    Reindex,
    /// As it is, and again if nobody saw it end.
    Repeatable,
    /// As it is. Whether it was done, if nobody saw it end, only a person can tell.
    Once,
}

/// What a statement that was applied is known by: two hashes, as hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StatementHash {
    /// That of its text.
    pub(crate) text: String,
    /// That of its tokens.
    pub(crate) tokens: String,
}

/// The length of a SHA-256 in bytes.
const HASH: usize = 32;

impl Migration {
    /// Is the whole of it one transaction?
    pub(crate) fn is_transactional(&self) -> bool {
        self.executions.is_empty()
    }

    /// The hashes of each statement of the script.
    pub(crate) fn statement_hashes(&self) -> Vec<StatementHash> {
        let pairs = self.hashes.chunks_exact(2 * HASH);
        pairs.map(|pair| StatementHash { text: hex(&pair[..HASH]), tokens: hex(&pair[HASH..]) }).collect()
    }
}
