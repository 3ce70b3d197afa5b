//! The statements that took long, the newest of them.

use std::{
    collections::VecDeque,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use crate::{clock::Stopwatch, timestamp::Timestamp};

/// So many are kept.
const KEPT: usize = 128;

/// A statement on entities that took long, from the call to the answer, waits for a connection among it. It has no text and
/// no value: the shape is the same for all statements that differ in their values alone.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SlowQuery {
    /// When it was answered.
    pub at: Timestamp,
    /// The entity.
    pub entity: &'static str,
    /// What was done: `get`, `list`, `count`, `sum`, `insert`, `update`, `delete`, `upsert`, `batch`, `query` or `execute`.
    pub operation: &'static str,
    /// What the statement looks like; the same in every process.
    pub shape: u64,
    /// How many rows were read or written; 0 if it failed.
    pub rows: u64,
    /// How long it took.
    pub duration: Duration,
}

/// What is known of slow statements, for all handles of a database.
#[derive(Debug)]
pub(crate) struct SlowLog {
    /// In microseconds.
    limit: AtomicU64,
    kept: Mutex<VecDeque<(Stopwatch, SlowQuery)>>,
}

impl Default for SlowLog {
    fn default() -> Self {
        Self { limit: AtomicU64::new(500_000), kept: Mutex::default() }
    }
}

impl SlowLog {
    /// From now on, these are slow.
    pub(crate) fn above(&self, limit: Duration) {
        self.limit.store(u64::try_from(limit.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn limit(&self) -> Duration {
        Duration::from_micros(self.limit.load(Ordering::Relaxed))
    }

    pub(crate) fn note(&self, query: SlowQuery) {
        let mut kept = self.kept();
        if kept.len() >= KEPT {
            kept.pop_front();
        }
        kept.push_back((Stopwatch::start(), query));
    }

    /// The newest last.
    pub(crate) fn all(&self) -> Vec<SlowQuery> {
        self.kept().iter().map(|(_, query)| query.clone()).collect()
    }

    /// How many were answered within this time.
    pub(crate) fn within(&self, time: Duration) -> usize {
        self.kept().iter().filter(|(since, _)| since.elapsed() < time).count()
    }

    fn kept(&self) -> MutexGuard<'_, VecDeque<(Stopwatch, SlowQuery)>> {
        // Nothing that can panic runs under the lock.
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
