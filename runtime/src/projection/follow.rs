//! Asynchronous projections: a follower of the global order with a checkpoint.

use std::{fmt, time::Duration};

use tracing::Instrument as _;

use super::{Inline, Projection};
use crate::{
    envelope::StoredEvent,
    error::Error,
    store::{AnyStore, CheckpointMove, Transaction},
    telemetry,
    tenant::TenantId,
    version::Position,
};

/// How many events one transaction takes.
const BATCH: usize = 500;

/// Follows the global order and hands each event to a projection; the projection's writes and the checkpoint are one
/// transaction. Two followers of one name do not disturb each other: one of them moves the checkpoint, the other is told.
pub struct Follower {
    store: AnyStore,
    projection: Inline,
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
        let checkpoint = format!("projection/{}/{}", P::NAME, P::VERSION);
        Self { store, projection: Inline::new(projection), checkpoint }
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
        let events = self.store.read(start, BATCH).await?;
        let batch = one_tenant(&events);
        let Some(last) = batch.last() else {
            return Ok(Followed { events: 0, position: start });
        };
        let to = last.position;
        let span = telemetry::project(self.name(), batch.len());
        self.take(batch, CheckpointMove { name: self.checkpoint.clone(), from, to }).instrument(span).await?;
        Ok(Followed { events: batch.len(), position: to })
    }

    async fn take(&self, batch: &[StoredEvent], checkpoint: CheckpointMove) -> Result<(), Error> {
        let mut transaction = Transaction::new(self.store.clone(), tenant(batch));
        for event in batch {
            self.projection
                .project(event, &mut transaction)
                .await
                .map_err(|error| error.with("position", event.position))?;
        }
        transaction.staged_mut().checkpoints.push(checkpoint);
        self.store.commit(transaction.into_commit()).await?;
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

fn tenant(batch: &[StoredEvent]) -> Option<TenantId> {
    batch.first().and_then(|event| event.envelope.metadata.tenant.clone())
}

/// The longest beginning that belongs to one tenant: a transaction has one.
fn one_tenant(events: &[StoredEvent]) -> &[StoredEvent] {
    let first = tenant(events);
    let end = events.iter().position(|event| event.envelope.metadata.tenant != first).unwrap_or(events.len());
    &events[..end]
}

impl fmt::Debug for Follower {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Follower({})", self.checkpoint)
    }
}
