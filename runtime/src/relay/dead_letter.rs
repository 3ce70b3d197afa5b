//! Which keys are blocked, and what of them is to be sent again.

use std::collections::HashMap;

use crate::{
    error::Error,
    store::{AnyStore, DeadLetter, DeadSource, DeadState, OutboxMessage},
    tenant::TenantId,
};

/// Dead letters that are read at once.
const PAGE: usize = 512;
/// The table is read again after at most so many batches.
const LONGEST_REST: usize = 30;

/// That in which order is kept: the messages of one key of one topic of one tenant.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Lane {
    tenant: Option<TenantId>,
    topic: String,
    key: String,
}

impl Lane {
    /// The lane of a message; `None` if it has no key and so no order.
    pub(super) fn of(message: &OutboxMessage) -> Option<Self> {
        let key = message.envelope.key.clone()?;
        Some(Self { tenant: message.envelope.metadata.tenant.clone(), topic: message.topic.clone(), key })
    }
}

/// What stands in a lane's way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Block {
    /// Nothing but letters that are all about to be sent again.
    Draining,
    /// Letters that are not, or not all, sent again now.
    Closed,
}

/// The relay's picture of the dead letters of the outbox. It is only ever wrong in that a lane may be free again, or a
/// letter may have been requeued: nobody else parks, because parking needs the lease.
#[derive(Debug, Default)]
pub(super) struct Blocked {
    lanes: HashMap<Lane, Block>,
    resend: Vec<DeadLetter>,
    rest: usize,
}

impl Blocked {
    /// Reads the table if it is time to, keeping at most `limit` letters to send again.
    pub(super) async fn refresh(&mut self, store: &AnyStore, limit: usize) -> Result<(), Error> {
        if self.rest > 0 {
            self.rest -= 1;
            return Ok(());
        }
        (self.lanes, self.resend) = (HashMap::new(), Vec::new());
        let (mut after, mut read) = (0, 0);
        loop {
            let page = store.dead_letters(after, PAGE).await?;
            let full = page.len() == PAGE;
            after = page.last().map_or(after, |letter| letter.no);
            read += page.len();
            for letter in page.into_iter().filter(|letter| letter.source == DeadSource::Outbox) {
                self.take_in(letter, limit);
            }
            if !full {
                break;
            }
        }
        self.rest = (read / PAGE).min(LONGEST_REST);
        Ok(())
    }

    fn take_in(&mut self, letter: DeadLetter, limit: usize) {
        let room = self.resend.len() < limit;
        let again = match Lane::of(&letter.message) {
            None => room && letter.state == DeadState::Requeued,
            Some(lane) => {
                // What stands behind a letter that is not sent again now is not sent either. A letter that is first and
                // only waited behind another has lost that one: it follows.
                let block = self.lanes.entry(lane).or_insert(Block::Draining);
                if letter.state == DeadState::Failed || !room {
                    *block = Block::Closed;
                }
                *block == Block::Draining
            }
        };
        if again {
            self.resend.push(letter);
        }
    }

    /// The letters to send again now, in order.
    pub(super) fn take_resend(&mut self) -> Vec<DeadLetter> {
        if !self.resend.is_empty() {
            self.rest = 0;
        }
        std::mem::take(&mut self.resend)
    }

    /// What stands in a message's way.
    pub(super) fn block(&self, message: &OutboxMessage) -> Option<Block> {
        if self.lanes.is_empty() {
            return None;
        }
        self.lanes.get(&Lane::of(message)?).copied()
    }

    /// A lane is blocked from now on.
    pub(super) fn close(&mut self, lane: Lane) {
        self.lanes.insert(lane, Block::Closed);
    }

    /// The next [`refresh`](Self::refresh) reads the table.
    pub(super) const fn forget(&mut self) {
        self.rest = 0;
    }
}
