//! What one pass sends, and what becomes of it.

use std::collections::HashMap;

use super::settle::Settlement;
use crate::{
    bus::Published,
    store::{Block, Blocked, Lane, OutboxMessage, OutboxRow},
    timestamp::Timestamp,
};

/// Where a message of the batch lies.
#[derive(Clone, Copy)]
pub(super) enum Place {
    Row(u64),
    Letter { no: u64, attempts: u32 },
}

/// The messages of one pass, in the order in which they are published, and the rows that are parked without being tried.
pub(super) struct Batch {
    size: usize,
    messages: Vec<OutboxMessage>,
    places: Vec<Place>,
    behind: Vec<OutboxRow>,
    probes: HashMap<String, usize>,
}

impl Batch {
    /// A batch of at most `size` messages, and of each topic in `probes` at most so many.
    pub(super) fn new(size: usize, probes: HashMap<String, usize>) -> Self {
        Self { size, messages: Vec::new(), places: Vec::new(), behind: Vec::new(), probes }
    }

    pub(super) fn messages(&self) -> &[OutboxMessage] {
        &self.messages
    }

    pub(super) fn is_full(&self) -> bool {
        self.messages.len() >= self.size || self.behind.len() >= self.size
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.behind.is_empty()
    }

    /// Takes in the letters that are to be sent again. A lane that does not come in as a whole stays blocked.
    pub(super) fn resend(&mut self, blocked: &mut Blocked) {
        for letter in blocked.take_again() {
            if self.admits(&letter.message) {
                self.places.push(Place::Letter { no: letter.no, attempts: letter.attempts });
                self.messages.push(letter.message);
            } else if let Some(lane) = Lane::of(&letter.message) {
                blocked.close(lane);
            }
        }
    }

    /// Takes in a row of the outbox: to be sent, to be parked behind the letters of its lane, or to be left for later.
    ///
    /// The rows come in the order of the table, and once a topic is over its probes it stays so: what is taken of a lane
    /// is always a prefix of the lane.
    pub(super) fn take(&mut self, row: OutboxRow, blocked: &Blocked) {
        if blocked.block(&row.message) == Some(Block::Closed) {
            self.behind.push(row);
        } else if self.admits(&row.message) {
            self.places.push(Place::Row(row.seq));
            self.messages.push(row.message);
        }
    }

    fn admits(&mut self, message: &OutboxMessage) -> bool {
        if self.probes.is_empty() {
            return true;
        }
        match self.probes.get_mut(&message.topic) {
            None => true,
            Some(0) => false,
            Some(left) => {
                *left -= 1;
                true
            }
        }
    }

    /// What is to be written, now that the broker has answered.
    pub(super) fn settle(self, answers: Vec<Published>, now: Timestamp) -> Settlement {
        let mut settlement = Settlement::new(now);
        let mut answers = answers.into_iter();
        for (message, place) in self.messages.into_iter().zip(self.places) {
            match answers.next() {
                Some(answer) => settlement.settle(message, place, answer),
                None => settlement.unanswered(message, place),
            }
        }
        for row in self.behind {
            settlement.park_behind(row.message, row.seq);
        }
        settlement
    }
}
