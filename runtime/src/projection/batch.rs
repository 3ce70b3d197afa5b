//! A part of the log that goes through a projection in one transaction.

use std::collections::VecDeque;

use super::AnyProjection;
use crate::{
    envelope::StoredEvent,
    error::Error,
    store::{AnyStore, Commit, Generation, Transaction},
    tenant::TenantId,
    version::Position,
};

/// Events that one transaction takes: they belong to one tenant.
pub(super) struct Batch {
    events: Vec<StoredEvent>,
    /// No event was there after them when they were read.
    pub(super) last: bool,
}

/// Pages of the log, cut into batches: what was read and belongs to another tenant is the next batch.
#[derive(Default)]
pub(super) struct Pages {
    /// Everything after this position, up to the end of the page.
    after: Position,
    ahead: VecDeque<StoredEvent>,
    /// The page was full, so there may be more behind it.
    full: bool,
}

impl Pages {
    /// The events after a position, at most `limit`.
    pub(super) async fn next(&mut self, store: &AnyStore, after: Position, limit: usize) -> Result<Batch, Error> {
        if self.after != after || self.ahead.is_empty() {
            self.ahead = store.read(after, limit).await?.into();
            self.full = self.ahead.len() >= limit;
        }
        Ok(self.cut(after))
    }

    /// Reads the next page while the batch before it is taken, if there may be one. What it cannot read now is read later.
    pub(super) async fn read_ahead(&mut self, store: &AnyStore, limit: usize) {
        if !self.full || !self.ahead.is_empty() {
            return;
        }
        if let Ok(page) = store.read(self.after, limit).await {
            self.ahead = page.into();
            self.full = self.ahead.len() >= limit;
        }
    }

    fn cut(&mut self, after: Position) -> Batch {
        let first = self.ahead.front().and_then(tenant).cloned();
        let other = self.ahead.iter().position(|event| tenant(event) != first.as_ref());
        let events: Vec<_> = self.ahead.drain(..other.unwrap_or(self.ahead.len())).collect();
        self.after = events.last().map_or(after, |event| event.position);
        Batch { last: self.ahead.is_empty() && !self.full, events }
    }
}

/// What a projection made of a batch, up to an event that it refuses.
pub(super) struct Projected {
    pub(super) commit: Commit,
    /// The last event that is in the commit; `None` if it is the first that was refused.
    pub(super) to: Option<Position>,
    pub(super) refused: Option<Error>,
    /// It may hold what was sealed.
    pub(super) opened: bool,
}

impl Batch {
    /// Reads at most `limit` events after a position.
    pub(super) async fn read(store: &AnyStore, after: Position, limit: usize) -> Result<Self, Error> {
        Pages::default().next(store, after, limit).await
    }

    pub(super) fn events(&self) -> &[StoredEvent] {
        &self.events
    }

    pub(super) fn len(&self) -> usize {
        self.events.len()
    }

    /// Leaves out what comes after a position, if there is one; it is the last one then.
    pub(super) fn until(mut self, end: Option<Position>) -> Self {
        let within = self.events.partition_point(|event| end.is_none_or(|end| event.position <= end));
        self.last |= within < self.events.len();
        self.events.truncate(within);
        self
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
        generation: Option<Generation>,
    ) -> Projected {
        let tenant = self.events.first().and_then(tenant).cloned();
        let mut transaction = Transaction::new(store.clone(), tenant).into_generation(generation);
        let (mut to, mut refused) = (None, None);
        let ring = match projection.keys(&self.events, &mut transaction).await {
            Ok(ring) => ring,
            Err(error) => {
                return Projected { commit: transaction.into_commit(), to, refused: Some(error), opened: false };
            }
        };
        for event in &self.events {
            if let Err(error) = projection.refuse_unlogged(event) {
                refused = Some(error);
                break;
            }
            let mark = transaction.mark();
            if let Err(error) = projection.open(event, &ring, &mut transaction).await {
                transaction.roll_back_to(mark);
                refused = Some(error.with("position", event.position));
                break;
            }
            to = Some(event.position);
        }
        Projected { commit: transaction.into_commit(), to, refused, opened: ring.opens() }
    }
}

fn tenant(event: &StoredEvent) -> Option<&TenantId> {
    event.envelope.metadata.tenant.as_ref()
}

#[cfg(test)]
mod tests {
    use super::Pages;
    use crate::{
        envelope::{Envelope, EventKind, Metadata, StreamId},
        id::{MessageId, Uuid},
        store::{AnyStore, Append, Commit, MemoryStore},
        tenant::TenantId,
        timestamp::Timestamp,
        version::{Expected, Position},
    };

    async fn append(store: &AnyStore, number: u128, tenant: Option<TenantId>) {
        let envelope = Envelope {
            id: MessageId::from_uuid(Uuid::from_u128(number)),
            name: "room.booked".into(),
            version: 1,
            kind: EventKind::Domain,
            time: Timestamp::from_micros(7),
            key: None,
            metadata: Metadata { tenant: tenant.clone(), ..Metadata::default() },
            payload: b"1".as_slice().into(),
        };
        let stream = StreamId::new("room", "a").unwrap();
        let append = Append { stream, expected: Expected::Any, events: vec![envelope] };
        store.commit(Commit { tenant, appends: vec![append], ..Commit::default() }).await.unwrap();
    }

    #[tokio::test]
    async fn a_page_of_many_tenants_is_read_once() {
        let store = AnyStore::new(MemoryStore::new());
        for (number, name) in (1..).zip(["a", "a", "b", "a"]) {
            append(&store, number, Some(TenantId::new(name).unwrap())).await;
        }
        let (mut pages, mut found) = (Pages::default(), Vec::new());
        let mut after = Position::START;
        loop {
            let batch = pages.next(&store, after, 10).await.unwrap();
            found.push((batch.len(), batch.last));
            after = batch.end().unwrap();
            if batch.last {
                break;
            }
            let _closed = store.close().await; // what comes now was read before
        }
        assert_eq!(found, [(2, false), (1, false), (1, true)]);
    }

    #[tokio::test]
    async fn a_page_is_read_while_the_one_before_it_is_taken() {
        let store = AnyStore::new(MemoryStore::new());
        for number in 1..=5 {
            append(&store, number, None).await;
        }
        let mut pages = Pages::default();
        let first = pages.next(&store, Position::START, 2).await.unwrap();
        pages.read_ahead(&store, 2).await;
        append(&store, 6, None).await;
        let _closed = store.close().await; // what comes now was read before
        let second = pages.next(&store, first.end().unwrap(), 2).await.unwrap();
        assert_eq!((second.len(), second.end(), second.last), (2, Some(Position::new(4)), false));
        pages.read_ahead(&store, 2).await;
        assert!(pages.next(&store, Position::new(4), 2).await.is_err(), "what could not be read ahead is read later");
        assert!(pages.next(&store, Position::new(1), 2).await.is_err(), "from another place it is read again");
    }

    #[tokio::test]
    async fn a_batch_that_was_not_taken_is_read_again() {
        let store = AnyStore::new(MemoryStore::new());
        append(&store, 1, None).await;
        let mut pages = Pages::default();
        for _ in 0..2 {
            let batch = pages.next(&store, Position::START, 1).await.unwrap();
            assert_eq!((batch.len(), batch.last), (1, false), "a full page may have a next one");
        }
    }
}
