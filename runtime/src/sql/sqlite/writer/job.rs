//! A piece of work on its way through the writer, with the way back to its caller.

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use rusqlite::Connection;
use tokio::sync::oneshot;

use super::super::classify::Failure;
use crate::error::Error;

/// A piece of a group.
pub(super) trait Job: Send {
    /// About how many bytes it writes.
    fn weight(&self) -> usize;

    /// Does the work inside the transaction and keeps the answer.
    fn apply(&mut self, connection: &Connection) -> Result<(), Failure>;

    /// Keeps a refusal as the answer.
    fn refuse(&mut self, error: Error);

    /// Tells the caller the answer that was kept.
    fn answer(self: Box<Self>);

    /// Tells the caller that the group failed.
    fn fail(self: Box<Self>, error: Error);
}

/// Who has a work: it waits, or the writer has it, or its caller has taken it back.
#[derive(Clone, Default)]
pub(super) struct Claim(Arc<AtomicU8>);

const WAITS: u8 = 0;
const BEGUN: u8 = 1;
const TAKEN_BACK: u8 = 2;

impl Claim {
    /// Whether the writer may do the work, again if it has before.
    fn begin(&self) -> bool {
        self.0.fetch_or(BEGUN, Ordering::AcqRel) & TAKEN_BACK == 0
    }

    /// Takes the work back, unless it was begun.
    pub(super) fn take_back(&self) -> bool {
        self.0.compare_exchange(WAITS, TAKEN_BACK, Ordering::AcqRel, Ordering::Acquire).is_ok()
    }
}

/// A work of one kind.
pub(super) struct Work<T, F> {
    weight: usize,
    claim: Claim,
    work: F,
    kept: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Work<T, F> {
    pub(super) fn new(weight: usize, work: F, reply: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { weight, claim: Claim::default(), work, kept: None, reply }
    }

    pub(super) fn claim(&self) -> Claim {
        self.claim.clone()
    }
}

impl<T, F> Job for Work<T, F>
where
    T: Send,
    F: FnMut(&Connection) -> Result<T, Failure> + Send,
{
    fn weight(&self) -> usize {
        self.weight
    }

    fn apply(&mut self, connection: &Connection) -> Result<(), Failure> {
        self.kept = None;
        if self.claim.begin() {
            self.kept = Some(Ok((self.work)(connection)?));
        }
        Ok(())
    }

    fn refuse(&mut self, error: Error) {
        self.kept = Some(Err(error));
    }

    fn answer(self: Box<Self>) {
        // Without an answer the channel closes, and the caller reads that as an unknown outcome.
        if let Some(answer) = self.kept {
            let _gone = self.reply.send(answer); // a caller that left wants no answer
        }
    }

    fn fail(self: Box<Self>, error: Error) {
        let _gone = self.reply.send(Err(error)); // a caller that left wants no answer
    }
}
