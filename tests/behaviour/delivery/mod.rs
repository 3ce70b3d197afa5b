//! What the tests of relay and subscriptions share: notes, a broker and a store that fail on demand.

mod desk;
mod post;
mod store;
mod wire;

use bailiwick::{
    Clock, EventKind, TenantId,
    envelope::{Envelope, Metadata},
    store::{AnyStore, Commit, DeadLetter, DeadLetterChange, DeadState, OutboxMessage},
};

pub use desk::{Desk, Does, beside, state};
pub use post::Post;
pub use store::{Fault, FaultyStore};
pub use wire::Wire;

/// A message of topic `notes` whose payload is its text.
pub fn note(key: Option<&str>, text: &str) -> OutboxMessage {
    topical("notes", key, text)
}

/// The same, to another topic.
pub fn topical(topic: &str, key: Option<&str>, text: &str) -> OutboxMessage {
    let clock = Clock::system();
    let envelope = Envelope {
        id: clock.message_id(),
        name: "note.added".into(),
        version: 1,
        kind: EventKind::Notification,
        time: clock.now(),
        key: key.map(Into::into),
        metadata: Metadata::default(),
        payload: text.as_bytes().into(),
    };
    OutboxMessage { topic: topic.into(), envelope }
}

/// The same, of a tenant.
pub fn of_tenant(tenant: &str, key: &str, text: &str) -> OutboxMessage {
    let mut message = note(Some(key), text);
    message.envelope.metadata.tenant = Some(TenantId::new(tenant).unwrap());
    message
}

/// Keyed notes whose key is the first letter of their text.
pub fn notes(texts: &str) -> Vec<OutboxMessage> {
    texts.split_whitespace().map(|text| note(Some(&text[..1]), text)).collect()
}

pub fn text(message: &OutboxMessage) -> String {
    String::from_utf8(message.envelope.payload.to_vec()).unwrap()
}

pub async fn send(store: &AnyStore, messages: Vec<OutboxMessage>) {
    store.commit(Commit { outbox: messages, ..Commit::default() }).await.unwrap();
}

/// Every dead letter: state and text.
pub async fn dead(store: &AnyStore) -> Vec<(DeadState, String)> {
    letters(store).await.iter().map(|letter| (letter.state, text(&letter.message))).collect()
}

pub async fn letters(store: &AnyStore) -> Vec<DeadLetter> {
    store.dead_letters(0, usize::MAX >> 1).await.unwrap()
}

/// Requeues the letter with this text.
pub async fn requeue(store: &AnyStore, wanted: &str) {
    change(store, wanted, |no| DeadLetterChange::Mark(no, DeadState::Requeued)).await;
}

/// Removes the letter with this text.
pub async fn discard(store: &AnyStore, wanted: &str) {
    change(store, wanted, DeadLetterChange::Remove).await;
}

async fn change(store: &AnyStore, wanted: &str, change: impl Fn(u64) -> DeadLetterChange) {
    let no = letters(store).await.iter().find(|letter| text(&letter.message) == wanted).unwrap().no;
    store.commit(Commit { dead: vec![change(no)], ..Commit::default() }).await.unwrap();
}

/// The texts of one key, without the repeats.
pub fn first_deliveries(texts: &[String], key: char) -> Vec<String> {
    let mut first: Vec<String> = Vec::new();
    for text in texts.iter().filter(|text| text.starts_with(key)) {
        if !first.contains(text) {
            first.push(text.clone());
        }
    }
    first
}
