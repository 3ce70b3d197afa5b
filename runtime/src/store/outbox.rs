//! The outbox: what shall leave the process, written with what caused it.

use crate::envelope::Envelope;

/// A message for the relay. A row exists exactly if its transaction committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxMessage {
    /// Where it goes.
    pub topic: String,
    /// The message; its key orders it.
    pub envelope: Envelope,
}

/// A message that waits in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    /// Its place: rows of one key have ascending numbers in the order of their commits.
    pub seq: u64,
    /// The message.
    pub message: OutboxMessage,
}
