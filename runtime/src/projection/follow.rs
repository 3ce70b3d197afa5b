//! Asynchronous projections: a follower of the global order with a checkpoint.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use tracing::Instrument as _;

use super::{
    AnyProjection, Projection,
    batch::{Batch, Pages, Projected},
    work::Worker,
};
use crate::{
    clock::Clock,
    error::Error,
    store::{AnyStore, CheckpointMove, Fence, Holding},
    telemetry,
    version::Position,
};

/// How many events one transaction takes.
pub(super) const BATCH: usize = 500;

/// How long a projection rests after the process that followed was killed.
const LEASE: Duration = Duration::from_secs(3);

/// Follows the global order and hands each event to a projection; the projection's writes and the checkpoint are one
/// transaction, which is refused if another follower has moved the checkpoint.
///
/// Any number of processes may [`run`](Self::run) followers of one projection: one of them works, under a lease whose
/// fence is in each of its transactions, and another takes over when it ends or dies. One that was stopped beyond its
/// lease, and goes on, writes nothing more.
pub struct Follower {
    pub(super) store: AnyStore,
    pub(super) projection: AnyProjection,
    pub(super) checkpoint: String,
    lease: Duration,
    pub(super) looks: Option<Duration>,
    standstill: Mutex<Option<Standstill>>,
}

/// Why a follower of this process stands still.
#[derive(Debug, Clone)]
pub struct Standstill {
    /// The last error; its fields name the event and its position.
    pub error: Error,
    /// How often it has tried in vain.
    pub attempts: u32,
}

/// What one step of a follower did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Followed {
    /// How many events it took.
    pub events: usize,
    /// Where its checkpoint stands.
    pub position: Position,
}

impl Follower {
    /// Follows `store` with a projection.
    pub fn new<P: Projection>(store: AnyStore, projection: P) -> Self {
        Self::of(store, AnyProjection::new(projection))
    }

    /// Follows `store` with any projection.
    #[must_use]
    pub fn of(store: AnyStore, projection: AnyProjection) -> Self {
        let checkpoint = projection.checkpoint();
        Self { store, projection, checkpoint, lease: LEASE, looks: None, standstill: Mutex::default() }
    }

    /// How long the projection rests after the process that followed was killed: 3 s unless this says otherwise. The lease
    /// is renewed after a third of this.
    #[must_use]
    pub fn lease(mut self, ttl: Duration) -> Self {
        self.lease = ttl;
        self
    }

    /// How long it waits between two looks while there is nothing to do. Without this, 20 ms, doubling to 250 ms, or to 1 s
    /// while the store hears of the commits of other processes.
    #[must_use]
    pub fn look_every(mut self, pause: Duration) -> Self {
        self.looks = Some(pause);
        self
    }

    /// The projection's name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.projection.name()
    }

    /// The checkpoint's name.
    #[must_use]
    pub fn checkpoint(&self) -> &str {
        &self.checkpoint
    }

    /// Why it stands still, if it does.
    #[must_use]
    pub fn standstill(&self) -> Option<Standstill> {
        self.standstill.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn stands(&self, standstill: Option<Standstill>) {
        *self.standstill.lock().unwrap_or_else(PoisonError::into_inner) = standstill;
    }

    pub(super) fn holding(&self) -> Holding {
        let holder = format!("follower-{}", Clock::system().uuid());
        Holding::new(self.checkpoint.clone(), holder, self.lease)
    }

    /// Takes the next events, at most one batch, without a lease.
    ///
    /// # Errors
    /// `projection/failed` with the projection and the event: what came before it was taken. What the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the batch either wholly taken or not at all.
    pub async fn step(&self) -> Result<Followed, Error> {
        let (from, batch) = self.next(&mut Pages::default()).await?;
        self.take(from, &batch, None).await?;
        Ok(Followed { events: batch.len(), position: batch.end().or(from).unwrap_or_default() })
    }

    /// Where the checkpoint stands, and what comes next.
    pub(super) async fn next(&self, pages: &mut Pages) -> Result<(Option<Position>, Batch), Error> {
        let from = self.stood().await?;
        Ok((from, self.after(from, pages).await?))
    }

    /// Where the checkpoint stands.
    pub(super) async fn stood(&self) -> Result<Option<Position>, Error> {
        self.store.checkpoint(self.checkpoint.clone()).await
    }

    /// What comes after a checkpoint.
    pub(super) async fn after(&self, from: Option<Position>, pages: &mut Pages) -> Result<Batch, Error> {
        pages.next(&self.store, from.unwrap_or_default(), BATCH).await
    }

    /// Takes a batch, under a lease if there is one: up to an event that is refused.
    pub(super) async fn take(&self, from: Option<Position>, batch: &Batch, fence: Option<Fence>) -> Result<(), Error> {
        if batch.len() == 0 {
            return Ok(());
        }
        let span = telemetry::project(self.name(), batch.len());
        let work = async {
            let Projected { mut commit, to, refused, .. } = batch.project(&self.projection, &self.store, None).await;
            if let Some(to) = to {
                commit.checkpoints.push(CheckpointMove { name: self.checkpoint.clone(), from, to });
                commit.fences.extend(fence);
                self.store.commit(commit).await?;
            }
            refused.map_or(Ok(()), Err)
        };
        work.instrument(span).await
    }

    /// Follows until `shutdown`, then gives the lease back; a batch that was begun is finished. It is woken by commits of
    /// this process, and by those of others of which the store hears; it looks by itself every 250 ms at the latest, every
    /// second while the store hears. An event that the projection refuses stops
    /// it there: it is tried again, with a growing pause of at most 30 s, and told as an error each time.
    ///
    /// # Cancel safety
    /// Dropping the future leaves a batch either wholly taken or not at all; the lease then ends by itself.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        Worker::new(self).run(shutdown).await;
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Follower({})", self.checkpoint)
    }
}
