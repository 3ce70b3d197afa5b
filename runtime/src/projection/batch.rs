//! A part of the log that goes through a projection in one transaction.

use super::AnyProjection;
use crate::{
    envelope::StoredEvent,
    error::Error,
    store::{AnyStore, Commit, Transaction},
    tenant::TenantId,
    version::Position,
};

/// Events that one transaction takes: they belong to one tenant.
pub(super) struct Batch {
    events: Vec<StoredEvent>,
    /// No event was there after them when they were read.
    pub(super) last: bool,
}

impl Batch {
    /// Reads at most `limit` events after a position.
    pub(super) async fn read(store: &AnyStore, after: Position, limit: usize) -> Result<Self, Error> {
        let mut events = store.read(after, limit).await?;
        let read = events.len();
        let first = events.first().and_then(tenant).cloned();
        events.truncate(events.iter().position(|event| tenant(event) != first.as_ref()).unwrap_or(read));
        Ok(Self { last: events.len() == read && read < limit, events })
    }

    pub(super) fn events(&self) -> &[StoredEvent] {
        &self.events
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Where its last event lies; `None` without events.
    pub(super) fn end(&self) -> Option<Position> {
        self.events.last().map(|event| event.position)
    }

    /// What the projection makes of the events, in a generation or in the live one.
    pub(super) async fn project(
        &self,
        projection: &AnyProjection,
        store: &AnyStore,
        generation: Option<u64>,
    ) -> Result<Commit, Error> {
        let tenant = self.events.first().and_then(tenant).cloned();
        let mut transaction = Transaction::new(store.clone(), tenant).into_generation(generation);
        for event in &self.events {
            let projected = projection.project(event, &mut transaction).await;
            projected.map_err(|error| error.with("position", event.position))?;
        }
        Ok(transaction.into_commit())
    }
}

fn tenant(event: &StoredEvent) -> Option<&TenantId> {
    event.envelope.metadata.tenant.as_ref()
}
