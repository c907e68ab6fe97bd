//! Statements that a connection has prepared, by their text.

use std::collections::{HashMap, VecDeque};
use std::hash::{BuildHasherDefault, Hasher};
use std::sync::Arc;

use tokio_postgres::Statement;

use crate::query::Param;

/// The most statements kept; each takes memory on the server too.
const CAPACITY: usize = 512;

/// The prepared statements of one connection; when full, the oldest goes.
#[derive(Default)]
pub(super) struct Statements {
    by_sql: HashMap<Arc<str>, Statement, BuildHasherDefault<TextHasher>>,
    order: VecDeque<Arc<str>>,
}

impl Statements {
    /// The statement of that text, where it was prepared for values of these types: those of a fragment of the user's own are in no text.
    pub(super) fn get(&self, sql: &str, params: &[Param<'_>]) -> Option<Statement> {
        let prepared = self.by_sql.get(sql)?;
        let types = prepared.params();
        let is_for_them = types.len() == params.len() && types.iter().zip(params).all(|(ty, param)| param.may_be(ty));
        is_for_them.then(|| prepared.clone())
    }

    pub(super) fn keep(&mut self, sql: &str, statement: Statement) {
        let sql: Arc<str> = sql.into();
        if self.by_sql.insert(Arc::clone(&sql), statement).is_none() {
            self.order.push_back(sql);
        }
        if self.order.len() > CAPACITY
            && let Some(oldest) = self.order.pop_front()
        {
            self.by_sql.remove(&oldest);
        }
    }

    pub(super) fn forget(&mut self, sql: &str) {
        self.by_sql.remove(sql);
        self.order.retain(|kept| **kept != *sql);
    }

    pub(super) fn len(&self) -> usize {
        self.by_sql.len()
    }
}

/// Hashes a text eight bytes at a time. Every run of a statement hashes its text, of some hundred bytes; and as texts are the
/// program's own, nobody chooses them so that they collide, against which the standard library's slower hash is made.
///
/// Source: the multiplicative hash of Firefox and of the Rust compiler, as in <https://docs.rs/rustc-hash>.
#[derive(Debug, Default)]
struct TextHasher(u64);

impl TextHasher {
    fn add(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(0x517c_c1b7_2722_0a95);
    }
}

impl Hasher for TextHasher {
    fn write(&mut self, bytes: &[u8]) {
        // The last word is filled up, which the length tells from a text that is longer.
        self.add(bytes.len() as u64);
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.add(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        self.add(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        // What ends a text.
        self.add(byte.into());
    }

    /// The best bits are the highest; a map looks at the lowest too.
    fn finish(&self) -> u64 {
        self.0.rotate_left(26)
    }
}

/// Was it refused because the table has changed since the statement was prepared, or because the server no longer
/// knows the statement? Then preparing it again helps.
///
/// Source: PostgreSQL, `RevalidateCachedQuery`: "cached plan must not change result type" is `0A000`; an unknown
/// prepared statement is `26000`.
pub(super) fn is_stale(error: &tokio_postgres::Error) -> bool {
    use tokio_postgres::error::SqlState;
    error.as_db_error().is_some_and(|db| {
        *db.code() == SqlState::INVALID_SQL_STATEMENT_NAME
            || (*db.code() == SqlState::FEATURE_NOT_SUPPORTED && db.routine() == Some("RevalidateCachedQuery"))
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::hash::{BuildHasher, BuildHasherDefault};

    use super::TextHasher;

    #[test]
    fn texts_that_differ_little_have_different_hashes() {
        let state = BuildHasherDefault::<TextHasher>::default();
        let mut texts: Vec<String> =
            (0..2000).map(|number| format!("SELECT \"a\", \"b\" FROM \"s\".\"t\" WHERE \"a\" = ${number}")).collect();
        texts.extend((0..64).map(|length| "x".repeat(length)));
        // A zero byte is not the padding of a shorter text.
        texts.extend(["a", "a\0", "a\0\0"].map(str::to_owned));
        let hashes: HashSet<u64> = texts.iter().map(|text| state.hash_one(text.as_str())).collect();
        assert_eq!(hashes.len(), texts.len());
        // So are the bits that a map looks at.
        let lowest: HashSet<u64> = texts.iter().map(|text| state.hash_one(text.as_str()) % 4096).collect();
        assert!(lowest.len() > 1300, "{}", lowest.len());
    }
}
