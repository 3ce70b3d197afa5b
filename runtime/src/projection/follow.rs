//! Asynchronous projections: a follower of the global order with a checkpoint.

use std::{fmt, time::Duration};

use tracing::Instrument as _;

use super::{AnyProjection, Projection, batch::Batch};
use crate::{
    error::Error,
    store::{AnyStore, CheckpointMove},
    telemetry,
    version::Position,
};

/// How many events one transaction takes.
pub(super) const BATCH: usize = 500;

/// Follows the global order and hands each event to a projection; the projection's writes and the checkpoint are one
/// transaction. Two followers of one name do not disturb each other: one of them moves the checkpoint, the other is told.
pub struct Follower {
    store: AnyStore,
    projection: AnyProjection,
    checkpoint: String,
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
        Self { store, projection, checkpoint }
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

    /// Takes the next events, at most one batch.
    ///
    /// # Errors
    /// `projection/failed` with the projection and the event: nothing of the batch was written. What the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future leaves the batch either wholly taken or not at all.
    pub async fn step(&self) -> Result<Followed, Error> {
        let from = self.store.checkpoint(self.checkpoint.clone()).await?;
        let start = from.unwrap_or_default();
        let batch = Batch::read(&self.store, start, BATCH).await?;
        let Some(to) = batch.end() else {
            return Ok(Followed { events: 0, position: start });
        };
        let span = telemetry::project(self.name(), batch.len());
        self.take(&batch, CheckpointMove { name: self.checkpoint.clone(), from, to }).instrument(span).await?;
        Ok(Followed { events: batch.len(), position: to })
    }

    async fn take(&self, batch: &Batch, checkpoint: CheckpointMove) -> Result<(), Error> {
        let mut commit = batch.project(&self.projection, &self.store, None).await?;
        commit.checkpoints.push(checkpoint);
        let entered = commit.generations.clone();
        self.store.commit(commit).await?;
        self.projection.entered(&entered);
        Ok(())
    }

    /// Follows until `shutdown`; a batch that was begun is finished. An event that the projection refuses stops it there:
    /// it is tried again, with a growing pause of at most 30 s, and told as an error each time.
    pub async fn run(&self, shutdown: impl Future<Output = ()> + Send) {
        let mut shutdown = std::pin::pin!(shutdown);
        let mut failures = 0_u32;
        loop {
            let pause = match self.step().await {
                Ok(Followed { events: 0, .. }) => Duration::from_millis(50),
                Ok(_) => Duration::ZERO,
                Err(error) if error.is_conflict() => Duration::from_millis(50), // another follower was faster
                Err(error) => {
                    failures = failures.saturating_add(1);
                    tracing::error!(code = error.code(), ?error, projection = self.name(), "a projection stands still");
                    Duration::from_millis(100 << failures.min(8)).min(Duration::from_secs(30))
                }
            };
            failures = if pause <= Duration::from_millis(50) { 0 } else { failures };
            tokio::select! {
                biased;
                () = &mut shutdown => return,
                () = tokio::time::sleep(pause) => {}
            }
        }
    }
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Follower({})", self.checkpoint)
    }
}
