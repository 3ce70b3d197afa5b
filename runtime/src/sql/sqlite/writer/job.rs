//! A piece of work on its way through the writer, with the way back to its caller.

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

/// A work of one kind.
pub(super) struct Work<T, F> {
    weight: usize,
    work: F,
    kept: Option<Result<T, Error>>,
    reply: oneshot::Sender<Result<T, Error>>,
}

impl<T, F> Work<T, F> {
    pub(super) fn new(weight: usize, work: F, reply: oneshot::Sender<Result<T, Error>>) -> Self {
        Self { weight, work, kept: None, reply }
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
        self.kept = Some(Ok((self.work)(connection)?));
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
