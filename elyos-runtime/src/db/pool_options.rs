//! How many connections a pool has, and how long one is waited for.

use std::time::Duration;

use super::mode::DbOptions;

/// How many connections a pool opens at most, how long one is waited for, and how they run statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[must_use = "they are given to a pool"]
pub struct PoolOptions {
    pub(super) size: usize,
    pub(super) patience: Duration,
    pub(super) connections: DbOptions,
}

impl PoolOptions {
    /// Ten connections at most, each waited for 30 seconds.
    pub const fn new() -> Self {
        Self { size: 10, patience: Duration::from_secs(30), connections: DbOptions::new() }
    }

    /// So many connections at most; at least one.
    pub const fn size(self, connections: usize) -> Self {
        let size = if connections == 0 { 1 } else { connections };
        Self { size, ..self }
    }

    /// How long to wait until one is free.
    pub const fn patience(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// How each of them runs statements.
    pub const fn connections(self, options: DbOptions) -> Self {
        Self { connections: options, ..self }
    }
}

impl Default for PoolOptions {
    fn default() -> Self {
        Self::new()
    }
}
