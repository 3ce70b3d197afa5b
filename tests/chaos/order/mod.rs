//! The global order: whoever has read up to a position never finds an event below it later, and nobody waits for ever.

mod mysql;
mod postgres;
mod torn;

use bailiwick::{
    Clock, Timestamp, Version,
    envelope::{Envelope, EventKind, Metadata, StreamId},
    store::checksum,
};

/// An event as a foreign program inserts it: the first of its stream, placed in 1970, with its checksum.
fn foreign(stream: &str) -> (Envelope, i64) {
    let event = Envelope { time: Timestamp::from_micros(0), ..placed() };
    let stream = StreamId::new("order", stream).unwrap();
    let sum = checksum(None, &stream, Version::new(1), &event).unwrap();
    (event, i64::try_from(sum).unwrap())
}

fn placed() -> Envelope {
    Envelope {
        id: Clock::system().message_id(),
        name: "order.placed".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Clock::system().now(),
        key: None,
        metadata: Metadata::default(),
        payload: b"{}".to_vec().into(),
    }
}
