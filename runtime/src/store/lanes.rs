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
/// letter may have been requeued: nobody else parks, because parking needs the worker's lease.
#[derive(Debug)]
pub(crate) struct Blocked {
    source: DeadSource,
    lanes: HashMap<Lane, Block>,
    again: Vec<DeadLetter>,
    pages: u32,
    rest: u32,
}

impl Blocked {
    /// Nothing is known yet.
    pub(crate) fn new(source: DeadSource) -> Self {
        Self { source, lanes: HashMap::new(), again: Vec::new(), pages: 1, rest: 0 }
    }

    /// Reads the table if it is time to, keeping at most `limit` letters to try again. The longer the table, the more
    /// calls are left out between two reads.
    pub(crate) async fn refresh(&mut self, store: &AnyStore, limit: usize) -> Result<(), Error> {
        if self.rest > 0 {
            self.rest -= 1;
            return Ok(());
        }
        (self.lanes, self.again) = (HashMap::new(), Vec::new());
        let mut after = 0;
        self.pages = 0;
        loop {
            let page = store.dead_letters(after, PAGE).await?;
            let full = page.len() == PAGE;
            after = page.last().map_or(after, |letter| letter.no);
            self.pages = self.pages.saturating_add(1);
            for letter in page {
                if letter.source == self.source {
                    self.take_in(letter, limit);
                }
            }
            if !full {
                break;
            }
        }
        self.rest = (self.pages - 1).min(LONGEST_REST);
        Ok(())
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
