//! The inbox: which messages a consumer has handled.

use crate::{id::MessageId, timestamp::Timestamp};

/// Says that `consumer` handles `message` in this commit. A mark that exists already refuses the whole commit
/// (`inbox/duplicate`): the effect of a message happens once. An error is never taken for a duplicate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InboxMark {
    /// The subscription.
    pub consumer: String,
    /// The message.
    pub message: MessageId,
    /// When it was received.
    pub at: Timestamp,
}
