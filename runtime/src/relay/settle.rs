//! The broker's answers as one commit.

use std::collections::HashSet;

use super::batch::Place;
use crate::{
    bus::Published,
    error::{Error, ErrorKind},
    store::{Commit, DeadLetter, DeadLetterChange, DeadSource, DeadState, Lane, OutboxMessage},
    timestamp::Timestamp,
};

/// What a pass has come to.
pub(super) struct Settlement {
    now: Timestamp,
    /// What is written.
    pub(super) commit: Commit,
    /// Messages that the broker has.
    pub(super) published: usize,
    /// Messages that were parked.
    pub(super) parked: usize,
    /// Messages that stay where they are.
    pub(super) waiting: usize,
    /// Lanes that a refused message blocks from now on.
    pub(super) closed: HashSet<Lane>,
    /// Topics of which the broker took something.
    pub(super) taking: HashSet<String>,
    /// Topics of which the broker took nothing now.
    pub(super) failing: HashSet<String>,
    /// The first failure that may pass.
    pub(super) failure: Option<Error>,
    /// Lanes behind a failure that may pass: nothing of them is parked, or it would be overtaken.
    stopped: HashSet<Lane>,
}

impl Settlement {
    pub(super) fn new(now: Timestamp) -> Self {
        Self {
            now,
            commit: Commit::default(),
            published: 0,
            parked: 0,
            waiting: 0,
            closed: HashSet::new(),
            taking: HashSet::new(),
            failing: HashSet::new(),
            failure: None,
            stopped: HashSet::new(),
        }
    }

    /// Takes down the broker's answer to one message. They come in the order in which they were published.
    pub(super) fn settle(&mut self, message: OutboxMessage, place: Place, answer: Published) {
        match answer {
            Published::Acked => self.acked(&message, place),
            Published::Transient(error) => self.wait(&message, Some(error)),
            Published::Permanent(error) => self.refused(message, place, &error),
            Published::NotTried => self.not_tried(message, place),
        }
    }

    /// Takes down that the broker did not say what became of a message.
    pub(super) fn unanswered(&mut self, message: OutboxMessage, place: Place) {
        let text = "the broker's adapter answered fewer messages than it was given; see the contract of `Broker`";
        self.settle(message, place, Published::Transient(Error::new(ErrorKind::Transient, "broker/contract", text)));
    }

    fn acked(&mut self, message: &OutboxMessage, place: Place) {
        self.published += 1;
        if !self.taking.contains(&message.topic) {
            self.taking.insert(message.topic.clone());
        }
        match place {
            Place::Row(seq) => self.commit.published.push(seq),
            Place::Letter { no, .. } => self.commit.dead.push(DeadLetterChange::Remove(no)),
        }
    }

    fn wait(&mut self, message: &OutboxMessage, error: Option<Error>) {
        self.waiting += 1;
        self.stopped.extend(Lane::of(message));
        if error.is_some() {
            self.failing.insert(message.topic.clone());
            self.failure = self.failure.take().or(error);
        }
    }

    fn refused(&mut self, message: OutboxMessage, place: Place, error: &Error) {
        let lane = Lane::of(&message);
        if lane.as_ref().is_some_and(|lane| self.stopped.contains(lane)) {
            return self.wait(&message, None);
        }
        let (topic, id) = (&message.topic, message.envelope.id);
        tracing::error!(code = error.code(), topic, message.id = %id, %error, "the broker refuses a message; it is parked");
        self.closed.extend(lane);
        let attempts = match place {
            Place::Row(seq) => {
                self.commit.published.push(seq);
                1
            }
            Place::Letter { attempts, .. } => attempts + 1,
        };
        let (code, error) = (error.code().to_owned(), error.to_string());
        self.park(DeadLetter { state: DeadState::Failed, attempts, code, error, ..self.letter(message) });
    }

    fn not_tried(&mut self, message: OutboxMessage, place: Place) {
        let closed = Lane::of(&message).is_some_and(|lane| self.closed.contains(&lane));
        match place {
            Place::Row(seq) if closed => self.park_behind(message, seq),
            Place::Row(_) | Place::Letter { .. } => self.wait(&message, None),
        }
    }

    /// Parks a row behind the letters of its lane.
    pub(super) fn park_behind(&mut self, message: OutboxMessage, seq: u64) {
        self.commit.published.push(seq);
        self.park(self.letter(message));
    }

    fn letter(&self, message: OutboxMessage) -> DeadLetter {
        DeadLetter {
            no: 0,
            source: DeadSource::Outbox,
            state: DeadState::Behind,
            message,
            attempts: 0,
            code: "relay/behind".to_owned(),
            error: "waits behind a message of its key that the broker refuses".to_owned(),
            parked_at: self.now,
        }
    }

    fn park(&mut self, letter: DeadLetter) {
        self.parked += 1;
        self.commit.dead.push(DeadLetterChange::Park(Box::new(letter)));
    }
}
