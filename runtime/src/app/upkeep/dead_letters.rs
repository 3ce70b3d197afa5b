//! What somebody decides about messages that failed for a reason of their own.

use super::super::App;
use crate::{
    error::{Error, ErrorKind},
    store::{Commit, DeadLetter, DeadLetterChange, DeadState},
};

impl App {
    /// Parked messages of both directions, in the order of parking, after number `after`, at most `limit`.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn dead_letters(&self, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Error> {
        self.store().dead_letters(after, limit).await
    }

    /// Has a failed message tried again, before everything of its key that waits behind it.
    ///
    /// # Errors
    /// `dead_letter/not_found` if there is none with this number, `dead_letter/behind` if it waits behind another one;
    /// what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future requeues the message or does not.
    pub async fn requeue(&self, no: u64) -> Result<(), Error> {
        let letter = self.dead_letter(no).await?;
        if letter.state == DeadState::Behind {
            let message = "the message did not fail: it waits behind one of its key; requeue or discard that one";
            return Err(Error::new(ErrorKind::Invalid, "dead_letter/behind", message).with("no", no));
        }
        self.decide(DeadLetterChange::Mark(no, DeadState::Requeued)).await
    }

    /// Gives a message up: it is removed, and what waits behind it follows.
    ///
    /// # Errors
    /// `dead_letter/not_found` if there is none with this number; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future removes the message or does not.
    pub async fn discard(&self, no: u64) -> Result<(), Error> {
        let letter = self.dead_letter(no).await?;
        tracing::warn!(no, message = %letter.message.envelope.id, code = letter.code, "a dead letter is discarded");
        self.decide(DeadLetterChange::Remove(no)).await
    }

    async fn dead_letter(&self, no: u64) -> Result<DeadLetter, Error> {
        let found = self.dead_letters(no.saturating_sub(1), 1).await?;
        found.into_iter().find(|letter| letter.no == no).ok_or_else(|| {
            let message = "no parked message has this number; list them with `dead_letters`";
            Error::new(ErrorKind::NotFound, "dead_letter/not_found", message).with("no", no)
        })
    }

    async fn decide(&self, change: DeadLetterChange) -> Result<(), Error> {
        self.store().commit(Commit { dead: vec![change], ..Commit::default() }).await?;
        self.0.relayed.requeued();
        Ok(())
    }
}
