//! What of a batch is new.

use std::collections::HashSet;

use crate::{
    bus::{Delivery, Receipt},
    envelope::Envelope,
    error::Error,
    store::{AnyStore, DeadLetter, Lane, OutboxMessage},
    tenant::TenantId,
};

/// A message on its way to the handler.
#[derive(Debug)]
pub(super) struct Message {
    pub(super) message: OutboxMessage,
    /// How often its handler has failed since it came.
    pub(super) failed: u32,
    /// How often before it was parked.
    pub(super) before: u32,
    pub(super) came: Came,
}

/// How a message came here, and so what its success writes and settles.
#[derive(Debug, Clone, Copy)]
pub(super) enum Came {
    /// Delivered: it is marked in the inbox, and settled.
    Delivered(Receipt),
    /// Requeued: it was marked when it was parked; its dead letter is removed.
    Requeued(u64),
}

impl Message {
    pub(super) fn envelope(&self) -> &Envelope {
        &self.message.envelope
    }

    pub(super) fn lane(&self) -> Option<Lane> {
        Lane::of(&self.message)
    }

    pub(super) fn tenant(&self) -> Option<&TenantId> {
        self.envelope().metadata.tenant.as_ref()
    }
}

impl From<Delivery> for Message {
    fn from(delivery: Delivery) -> Self {
        Self { message: delivery.message, failed: 0, before: 0, came: Came::Delivered(delivery.receipt) }
    }
}

impl From<DeadLetter> for Message {
    fn from(letter: DeadLetter) -> Self {
        Self { message: letter.message, failed: 0, before: letter.attempts, came: Came::Requeued(letter.no) }
    }
}

/// Drops what `consumer` has marked, and what came twice. The receipts of what is dropped are added to `done`.
pub(super) async fn admit(
    store: &AnyStore,
    consumer: &str,
    messages: &mut Vec<Message>,
    done: &mut Vec<Receipt>,
) -> Result<(), Error> {
    let ids = messages.iter().map(|message| message.envelope().id).collect();
    let mut marked = store.marked(consumer.to_owned(), ids).await?.into_iter();
    let mut seen = HashSet::with_capacity(messages.len());
    messages.retain(|message| {
        let marked = marked.next().unwrap_or(false);
        let Came::Delivered(receipt) = message.came else { return true };
        let known = marked || !seen.insert(message.envelope().id);
        if known {
            done.push(receipt);
        }
        !known
    });
    Ok(())
}

/// The messages of each tenant, in order: a transaction has one tenant.
pub(super) fn by_tenant(messages: Vec<Message>) -> Vec<Vec<Message>> {
    let mut groups: Vec<Vec<Message>> = Vec::new();
    for message in messages {
        let same = |group: &&mut Vec<Message>| group.first().is_some_and(|first| first.tenant() == message.tenant());
        match groups.iter_mut().find(same) {
            Some(group) => group.push(message),
            None => groups.push(vec![message]),
        }
    }
    groups
}
