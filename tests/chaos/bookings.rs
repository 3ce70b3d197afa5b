//! Commits that can be checked as a whole: bookings of rooms.

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use bailiwick::{
    Clock, Envelope, Error, EventKind, Expected, Position, Store, Version,
    envelope::{StoredEvent, StreamId},
    id::MessageId,
    store::{Append, Commit, Load, ModelChange, ModelKey, ModelWrite, OutboxMessage},
};

/// An event with a payload of about so many bytes.
pub fn event(bytes: usize) -> Envelope {
    let clock = Clock::system();
    Envelope {
        id: clock.message_id(),
        name: Cow::Borrowed("room.booked"),
        version: 1,
        kind: EventKind::Notification,
        time: clock.now(),
        key: Some("A-17".into()),
        metadata: Default::default(),
        payload: Arc::from(format!("{:?}", "x".repeat(bytes)).into_bytes()),
    }
}

/// The stream of a room.
pub fn stream(id: &str) -> StreamId {
    StreamId::new("room", id).unwrap()
}

/// One event, its outbox row, and a count of events in a row of the stream's name: all of it or nothing.
pub fn booking(id: &str, expected: Expected, event: Envelope) -> Commit {
    let count = |row: Option<&[u8]>| Ok(Some((number(row) + 1).to_string().into_bytes()));
    Commit {
        outbox: vec![OutboxMessage { topic: "rooms".into(), envelope: event.clone() }],
        models: vec![ModelWrite { model: "bookings", key: id.into(), change: ModelChange::Update(Arc::new(count)) }],
        appends: vec![Append { stream: stream(id), expected, events: vec![event] }],
        ..Commit::default()
    }
}

fn number(row: Option<&[u8]>) -> u64 {
    row.map_or(0, |bytes| std::str::from_utf8(bytes).unwrap().parse().unwrap())
}

/// An acknowledged event.
#[derive(Debug, Clone)]
pub struct Acknowledged {
    /// The message.
    pub id: MessageId,
    /// The stream's id.
    pub stream: String,
    /// The version that was answered.
    pub version: Version,
    /// The position that was answered.
    pub position: Position,
}

/// Books a room and says what was acknowledged.
pub async fn book(store: &impl Store, id: &str, expected: Expected, event: Envelope) -> Result<Acknowledged, Error> {
    let message = event.id;
    let done = store.commit(booking(id, expected, event)).await?;
    let (version, position) = done.appends[0];
    Ok(Acknowledged { id: message, stream: id.into(), version, position })
}

/// How many bookings a stream has, after asserting that events, outbox and count agree.
pub async fn bookings(store: &impl Store, id: &str) -> usize {
    let events = store.load(Load::all(None, stream(id))).await.unwrap().events;
    for (index, event) in events.iter().enumerate() {
        assert_eq!(event.version.get(), index as u64 + 1, "the versions of {id} have a gap");
    }
    let key = ModelKey { tenant: None, model: "bookings", key: id.into(), generation: None };
    let row = store.model(key).await.unwrap().map(|row| row.value);
    assert_eq!(number(row.as_deref()), events.len() as u64, "the count of {id}");
    events.len()
}

/// Asserts that each message is there once and that each acknowledged event stands where it was acknowledged.
pub fn assert_stands(events: &[StoredEvent], acknowledged: &[Acknowledged]) {
    let stored: HashMap<_, _> = events.iter().map(|event| (event.envelope.id, event)).collect();
    assert_eq!(stored.len(), events.len(), "each message is there once");
    for own in acknowledged {
        let event = stored.get(&own.id).unwrap_or_else(|| panic!("an acknowledged event is lost: {own:?}"));
        assert_eq!((event.stream.id(), event.version, event.position), (&*own.stream, own.version, own.position));
    }
}
