//! The store in memory: for tests, examples and programs that may forget.
//!
//! One mutex guards one plain state. A commit first verifies everything on that state and computes the new rows of read
//! models, then applies what it has; the second part cannot fail, so a commit that is refused has changed nothing. No
//! method waits, so each happens within one poll of its future: dropping a future never leaves half a commit.

mod apply;
mod entities;
mod generations;
mod models;
mod read;
mod state;
mod verify;

use std::{
    fmt,
    sync::{Arc, PoisonError},
};

use self::state::State;
use super::{
    CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Fault, Lease, LeaseRequest, Load, Loaded,
    LogRow, ModelKey, ModelRow, OutboxRow, Scan, Store,
    sync::{Mutex, MutexGuard},
};
use crate::{
    clock::Clock,
    envelope::StoredEvent,
    error::Error,
    id::MessageId,
    plan::{SlowLog, memory::Tables},
    store::Entities,
    version::Position,
};

/// A [`Store`] in memory; clones share it.
///
/// It keeps the whole contract except that it forgets everything with the last clone. A function that changes a read
/// model runs under its lock and must not call the store.
///
/// ```
/// use bailiwick::{store::{Counts, MemoryStore, AnyStore}};
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let store = AnyStore::new(MemoryStore::new());
/// assert_eq!(store.counts().await?, Counts::default());
/// # Ok::<(), bailiwick::Error>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    clock: Clock,
    /// Who writes entities has it.
    turn: Arc<tokio::sync::Mutex<()>>,
    slow: Arc<SlowLog>,
}

impl MemoryStore {
    /// An empty store with the system's clock.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty store whose leases end by this clock.
    #[must_use]
    pub fn with_clock(clock: Clock) -> Self {
        Self { clock, ..Self::default() }
    }

    /// Applies a commit, and puts these tables in place with it.
    fn commit_with(&self, commit: Commit, tables: Option<Tables>) -> Result<Committed, Error> {
        let mut state = self.open()?;
        let rows = verify::verify(&state, &commit)?;
        if let Some(tables) = tables {
            state.tables = tables;
        }
        Ok(apply::apply(&mut state, commit, rows))
    }

    fn open(&self) -> Result<MutexGuard<'_, State>, Error> {
        // The lock cannot be poisoned half-way through a change: user code runs under `catch_unwind`, before any change.
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed { Err(super::refusal::closed()) } else { Ok(state) }
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.open().ok().map(|state| state.counts());
        f.debug_struct("MemoryStore").field("clock", &self.clock).field("counts", &counts).finish()
    }
}

impl Store for MemoryStore {
    async fn migrate(&self) -> Result<(), Error> {
        self.open().map(drop)
    }

    async fn commit(&self, commit: Commit) -> Result<Committed, Error> {
        self.commit_with(commit, None)
    }

    async fn load(&self, load: Load) -> Result<Loaded, Error> {
        Ok(self.open()?.load(&load))
    }

    async fn read(&self, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Error> {
        Ok(self.open()?.read(after, limit))
    }

    async fn head(&self) -> Result<Position, Error> {
        Ok(self.open()?.head())
    }

    async fn log(&self, after: Position, limit: usize) -> Result<Vec<LogRow>, Error> {
        Ok(self.open()?.log(after, limit))
    }

    async fn find(&self, messages: Vec<MessageId>) -> Result<Vec<LogRow>, Error> {
        Ok(self.open()?.find(&messages))
    }

    async fn faults(&self, limit: usize) -> Result<Vec<Fault>, Error> {
        Ok(self.open()?.faults(limit))
    }

    async fn model(&self, key: ModelKey) -> Result<Option<ModelRow>, Error> {
        Ok(self.open()?.model(&key))
    }

    async fn scan(&self, scan: Scan) -> Result<Vec<(String, ModelRow)>, Error> {
        Ok(self.open()?.scan(&scan))
    }

    async fn marked(&self, consumer: String, messages: Vec<MessageId>) -> Result<Vec<bool>, Error> {
        let state = self.open()?;
        Ok(messages.into_iter().map(|message| state.is_marked(&consumer, message)).collect())
    }

    async fn checkpoint(&self, name: String) -> Result<Option<Position>, Error> {
        Ok(self.open()?.checkpoints.get(&name).copied())
    }

    async fn outbox(&self, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Error> {
        Ok(self.open()?.outbox_after(after, limit))
    }

    async fn lease(&self, request: LeaseRequest) -> Result<Option<Lease>, Error> {
        Ok(self.open()?.lease(request, self.clock.now()))
    }

    async fn holder(&self, resource: String) -> Result<Option<String>, Error> {
        Ok(self.open()?.holder(&resource, self.clock.now()))
    }

    async fn release(&self, lease: Lease) -> Result<(), Error> {
        self.open()?.release(&lease);
        Ok(())
    }

    async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        Ok(self.open()?.dead_after(after, limit))
    }

    async fn command(&self, id: MessageId) -> Result<Option<CommandRecord>, Error> {
        Ok(self.open()?.command(id).cloned())
    }

    async fn commands(&self, query: CommandQuery) -> Result<Vec<CommandRecord>, Error> {
        Ok(self.open()?.commands(&query))
    }

    async fn counts(&self) -> Result<Counts, Error> {
        Ok(self.open()?.counts())
    }

    async fn close(&self) -> Result<(), Error> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        Ok(())
    }

    fn entities(&self) -> Option<Entities> {
        Some(Entities::new(self.clone()))
    }
}
