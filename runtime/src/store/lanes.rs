//! Lanes: what order is kept in; which of them are blocked by dead letters, and what of them is to be tried again.

use std::collections::HashMap;

use super::{AnyStore, DeadLetter, DeadSource, DeadState, OutboxMessage};
use crate::{error::Error, tenant::TenantId};

/// Dead letters that are read at once.
const PAGE: usize = 512;
/// The table is read again after at most so many batches.
const LONGEST_REST: u32 = 30;

/// That in which order is kept: the messages of one key of one topic of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Lane {
    tenant: Option<TenantId>,
    topic: String,
    key: String,
}

impl Lane {
    /// The lane of a message; `None` if it has no key and so no order.
    pub(crate) fn of(message: &OutboxMessage) -> Option<Self> {
        let key = message.envelope.key.clone()?;
        Some(Self { tenant: message.envelope.metadata.tenant.clone(), topic: message.topic.clone(), key })
    }
}

/// What stands in a lane's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Block {
    /// Nothing but letters that are all about to be tried again.
    Draining,
    /// Letters that are not, or not all, tried again now.
    Closed,
}

/// A worker's picture of the dead letters of one source. It is only ever wrong in that a lane may be free again, or a
/// letter may have been requeued: what others have parked is read each time.
#[derive(Debug)]
pub(crate) struct Blocked {
    source: DeadSource,
    lanes: HashMap<Lane, Block>,
    again: Vec<DeadLetter>,
    /// The highest number that was read.
    last: u64,
    pages: u32,
    rest: u32,
}

impl Blocked {
    /// Nothing is known yet.
    pub(crate) fn new(source: DeadSource) -> Self {
        Self { source, lanes: HashMap::new(), again: Vec::new(), last: 0, pages: 1, rest: 0 }
    }

    /// Reads the table if it is time to, otherwise only what was parked since, keeping at most `limit` letters to try
    /// again. The longer the table, the more calls are left out between two readings of the whole.
    pub(crate) async fn refresh(&mut self, store: &AnyStore, limit: usize) -> Result<(), Error> {
        if self.rest > 0 {
            self.rest -= 1;
            return self.read_on(store, limit).await.map(drop);
        }
        (self.lanes, self.again, self.last) = (HashMap::new(), Vec::new(), 0);
        self.pages = self.read_on(store, limit).await?;
        self.rest = (self.pages - 1).min(LONGEST_REST);
        Ok(())
    }

    /// Reads the letters after the last one, and says how many pages that took.
    async fn read_on(&mut self, store: &AnyStore, limit: usize) -> Result<u32, Error> {
        let mut pages: u32 = 0;
        loop {
            let page = store.dead_letters(self.last, PAGE).await?;
            let full = page.len() == PAGE;
            self.last = page.last().map_or(self.last, |letter| letter.no);
            pages = pages.saturating_add(1);
            for letter in page {
                if letter.source == self.source {
                    self.take_in(letter, limit);
                }
            }
            if !full {
                return Ok(pages);
            }
        }
    }

    /// How many pages the table had when it was read.
    pub(crate) const fn pages(&self) -> u32 {
        self.pages
    }

    fn take_in(&mut self, letter: DeadLetter, limit: usize) {
        let room = self.again.len() < limit;
        let chosen = match Lane::of(&letter.message) {
            None => room && letter.state == DeadState::Requeued,
            Some(lane) => {
                // What stands behind a letter that is not tried again now is not tried either. A letter that is first and
                // only waited behind another has lost that one: it follows.
                let block = self.lanes.entry(lane).or_insert(Block::Draining);
                if letter.state == DeadState::Failed || !room {
                    *block = Block::Closed;
                }
                *block == Block::Draining
            }
        };
        if chosen {
            self.again.push(letter);
        }
    }

    /// The letters to try again now, in order. The next [`refresh`](Self::refresh) reads the table if there are any.
    pub(crate) fn take_again(&mut self) -> Vec<DeadLetter> {
        if !self.again.is_empty() {
            self.rest = 0;
        }
        std::mem::take(&mut self.again)
    }

    /// What stands in a message's way.
    pub(crate) fn block(&self, message: &OutboxMessage) -> Option<Block> {
        if self.lanes.is_empty() {
            return None;
        }
        self.lanes.get(&Lane::of(message)?).copied()
    }

    /// A lane is blocked from now on.
    pub(crate) fn close(&mut self, lane: Lane) {
        self.lanes.insert(lane, Block::Closed);
    }

    /// The next [`refresh`](Self::refresh) reads the table.
    pub(crate) const fn forget(&mut self) {
        self.rest = 0;
    }
}

#[cfg(test)]
mod tests {
    use super::{AnyStore, Block, Blocked, DeadLetter, DeadSource, DeadState, OutboxMessage, PAGE};
    use crate::{
        clock::Clock,
        envelope::{Envelope, EventKind, Metadata},
        store::{Commit, DeadLetterChange, MemoryStore},
    };

    async fn park(store: &AnyStore, key: Option<&str>) -> OutboxMessage {
        let clock = Clock::system();
        let envelope = Envelope {
            id: clock.message_id(),
            name: "note.added".into(),
            version: 1,
            kind: EventKind::Notification,
            time: clock.now(),
            key: key.map(Into::into),
            metadata: Metadata::default(),
            payload: Vec::new().into(),
        };
        let message = OutboxMessage { topic: "notes".into(), envelope };
        let letter = DeadLetter {
            no: 0,
            source: DeadSource::Outbox,
            state: DeadState::Failed,
            message: message.clone(),
            attempts: 1,
            code: "broker/refused".into(),
            error: "no".into(),
            parked_at: clock.now(),
        };
        let dead = vec![DeadLetterChange::Park(Box::new(letter))];
        store.commit(Commit { dead, ..Commit::default() }).await.unwrap();
        message
    }

    #[tokio::test]
    async fn what_another_parks_is_seen_at_once_however_long_the_table() {
        let store = AnyStore::new(MemoryStore::new());
        for _ in 0..=PAGE {
            park(&store, None).await;
        }
        let mut blocked = Blocked::new(DeadSource::Outbox);
        blocked.refresh(&store, 0).await.unwrap();
        assert_eq!(blocked.pages(), 2);
        let message = park(&store, Some("a")).await;
        assert_eq!(blocked.block(&message), None);
        blocked.refresh(&store, 0).await.unwrap();
        assert_eq!(blocked.block(&message), Some(Block::Closed));
    }
}
