//! Dead letters: messages that failed for a reason of their own, parked until somebody decides.

use super::OutboxMessage;
use crate::timestamp::Timestamp;

/// Where a message failed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeadSource {
    /// On the way out: the broker refuses it.
    Outbox,
    /// On the way in, at this subscription.
    Inbox(String),
    /// At this projection. The topic is the category of the event's stream, the key is the stream's id.
    Projection(String),
}

/// What is to become of a parked message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeadState {
    /// It failed; a keyed one blocks its key.
    Failed,
    /// It waits behind a failed one of its key.
    Behind,
    /// It is to be tried again.
    Requeued,
}

/// A parked message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeadLetter {
    /// Its number, given by the store; ascending in the order of parking. 0 before it is parked.
    pub no: u64,
    /// Where it failed.
    pub source: DeadSource,
    /// What is to become of it.
    pub state: DeadState,
    /// The message, its topic, and so its key.
    pub message: OutboxMessage,
    /// How often it was tried.
    pub attempts: u32,
    /// The code of the last error.
    pub code: String,
    /// The last error.
    pub error: String,
    /// When it was parked.
    pub parked_at: Timestamp,
}

/// A change of the parked messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DeadLetterChange {
    /// Parks a message. One message is parked once per source; parking it again replaces
    /// state, attempts and error and keeps the number.
    Park(Box<DeadLetter>),
    /// Gives it another state. A number that is gone is left alone.
    Mark(u64, DeadState),
    /// Removes it. A number that is gone is left alone.
    Remove(u64),
}
