//! What the cases write.

use std::time::Duration;

use super::case::Failure;
use crate::{
    actor::Actor,
    clock::Clock,
    envelope::{Envelope, EventKind, Metadata, StreamId, TraceParent},
    id::MessageId,
    store::{
        Append, CommandOutcome, CommandRecord, Commit, DeadLetter, DeadSource, DeadState, ModelChange, ModelWrite,
        OutboxMessage,
    },
    tenant::TenantId,
    timestamp::Timestamp,
    version::Expected,
};

/// More rows than any case writes.
pub(super) const ALL: usize = 100_000;

/// A time with microseconds.
pub(super) const NOON: Timestamp = Timestamp::from_micros(1_767_268_800_000_001);

pub(super) fn id() -> MessageId {
    Clock::system().message_id()
}

/// A stream of the category `conformance`.
pub(super) fn stream(id: impl Into<String>) -> Result<StreamId, Failure> {
    Ok(StreamId::new("conformance", id)?)
}

pub(super) fn tenant(name: &str) -> Result<Option<TenantId>, Failure> {
    Ok(Some(TenantId::new(name)?))
}

/// An event with a number as its payload.
pub(super) fn event(number: u64) -> Envelope {
    Envelope {
        id: id(),
        name: "conformance.counted".into(),
        version: 1,
        kind: EventKind::Domain,
        time: NOON,
        key: None,
        metadata: Metadata::default(),
        payload: number.to_string().into_bytes().into(),
    }
}

/// Events numbered from 1.
pub(super) fn events(count: u64) -> Vec<Envelope> {
    (1..=count).map(event).collect()
}

/// The number that an event carries; 0 if it has none.
pub(super) fn number(envelope: &Envelope) -> u64 {
    std::str::from_utf8(&envelope.payload).ok().and_then(|text| text.parse().ok()).unwrap_or(0)
}

/// An envelope in which every field has a value of its own.
pub(super) fn full_envelope() -> Result<Envelope, Failure> {
    let traceparent = TraceParent::parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    let metadata = Metadata {
        tenant: tenant("acme")?,
        actor: Some(Actor::new("user-7 ü").role("clerk")),
        correlation: Some(id()),
        causation: Some(id()),
        traceparent,
        ..Metadata::default()
    };
    Ok(Envelope {
        name: "conformance.full".into(),
        version: 3,
        kind: EventKind::StateTransfer,
        key: Some("key 'ü'\u{1F600}".into()),
        metadata,
        payload: "{\"text\":\"ü ' \\\" \u{1F600}\",\"list\":[1,null,true]}".as_bytes().into(),
        ..event(0)
    })
}

/// A commit with one append.
pub(super) fn append(stream: &StreamId, expected: Expected, events: Vec<Envelope>) -> Commit {
    Commit { appends: vec![Append { stream: stream.clone(), expected, events }], ..Commit::default() }
}

/// A message for the topic `conformance`.
pub(super) fn message(key: Option<&str>, number: u64) -> OutboxMessage {
    let envelope = Envelope { key: key.map(Into::into), kind: EventKind::Notification, ..event(number) };
    OutboxMessage { topic: "conformance".into(), envelope }
}

/// A change of a row of the read model `conformance`.
pub(super) fn write(key: &str, change: ModelChange) -> ModelWrite {
    ModelWrite { model: "conformance", key: key.into(), change }
}

pub(super) fn put(key: &str, value: &str) -> ModelWrite {
    write(key, ModelChange::Put(value.as_bytes().to_vec()))
}

/// Adds one to a row that holds a number; a row that is not there begins at 0.
pub(super) fn count(key: &str) -> ModelWrite {
    let change = |row: Option<&[u8]>| {
        let number = row.and_then(|bytes| std::str::from_utf8(bytes).ok()).and_then(|text| text.parse().ok());
        Ok(Some((number.unwrap_or(0_u64) + 1).to_string().into_bytes()))
    };
    write(key, ModelChange::Update(std::sync::Arc::new(change)))
}

pub(super) fn dead_letter(source: DeadSource, message: OutboxMessage) -> DeadLetter {
    DeadLetter {
        no: 0,
        source,
        state: DeadState::Failed,
        message,
        attempts: 3,
        code: "conformance/refused".into(),
        error: "no \u{1F600}".into(),
        parked_at: NOON,
    }
}

/// The audit row of a run that began so many seconds after noon.
pub(super) fn record(seconds: u64) -> CommandRecord {
    CommandRecord {
        id: id(),
        name: "conformance.count".into(),
        metadata: Metadata::default(),
        input: format!("{{\"number\":{seconds}}}"),
        outcome: CommandOutcome::Ok,
        error: None,
        started_at: NOON.plus(Duration::from_secs(seconds)),
        duration: Duration::from_micros(1_234),
        undo: None,
        undo_of: None,
        undone_by: None,
    }
}
