//! The store in memory under the many orders in which threads may take their turns: the same file once more, with a lock of
//! shuttle, which chooses the turns.

#![expect(clippy::duplicate_mod, reason = "each file is read once more, with other locks")]

use std::sync::Arc;

use shuttle::future::block_on;

use self::memory::MemoryStore;
use super::{
    Append, CommandQuery, CommandRecord, Commit, Committed, Counts, DeadLetter, Fault, Lease, LeaseRequest, Load,
    Loaded, LogRow, ModelKey, ModelRow, OutboxRow, Scan, Store, refusal,
};
use crate::{
    envelope::{Envelope, EventKind, Metadata, StoredEvent, StreamId},
    id::{MessageId, Uuid},
    timestamp::Timestamp,
    version::{Expected, Position, Version},
};

mod sync {
    pub(super) use shuttle::sync::{Mutex, MutexGuard};
}

#[path = "../memory/mod.rs"]
#[expect(dead_code, unreachable_pub, reason = "the file is read a second time, for a part of it")]
mod memory;

const TRIES: usize = 500;

fn commit(number: u128, expected: Expected) -> Commit {
    let event = Envelope {
        id: MessageId::from_uuid(Uuid::from_u128(number)),
        name: "room.booked".into(),
        version: 1,
        kind: EventKind::Domain,
        time: Timestamp::from_micros(7),
        key: None,
        metadata: Metadata::default(),
        payload: b"1".as_slice().into(),
    };
    let append = |id: &str| Append {
        stream: StreamId::new("room", id).unwrap(),
        expected,
        events: vec![Envelope {
            id: MessageId::from_uuid(Uuid::from_u128(number + id.len() as u128)),
            ..event.clone()
        }],
    };
    Commit { appends: vec![append("a"), append("bb")], ..Commit::default() }
}

/// What a reader saw: positions only go up, and of a commit both events or none.
fn follow(store: &MemoryStore) {
    let mut seen = Vec::new();
    for _ in 0..4 {
        let after = seen.last().map_or(Position::START, |event: &StoredEvent| event.position);
        seen.extend(block_on(store.read(after, 10)).unwrap());
        assert_eq!(seen.len() % 2, 0, "half a commit: {seen:?}");
        assert!(seen.iter().zip(1..).all(|(event, position)| event.position == Position::new(position)));
    }
}

#[test]
fn whatever_the_turns_one_of_three_writers_wins_and_a_reader_sees_whole_commits() {
    let race = || {
        let store = Arc::new(MemoryStore::new());
        let writers: Vec<_> = [(10, Expected::NoStream), (20, Expected::NoStream), (30, Expected::Any)]
            .map(|(number, expected)| {
                let store = Arc::clone(&store);
                shuttle::thread::spawn(move || block_on(store.commit(commit(number, expected))).is_ok())
            })
            .into();
        let reader = Arc::clone(&store);
        let reader = shuttle::thread::spawn(move || follow(&reader));
        let won: Vec<bool> = writers.into_iter().map(|writer| writer.join().unwrap()).collect();
        reader.join().unwrap();
        assert!(won[2] && !(won[0] && won[1]), "{won:?}");
        let streams = block_on(store.load(Load::all(None, StreamId::new("room", "a").unwrap()))).unwrap().events;
        let versions: Vec<Version> = streams.iter().map(|event| event.version).collect();
        let count = won.into_iter().filter(|won| *won).count() as u64;
        assert_eq!(versions, (1..=count).map(Version::new).collect::<Vec<_>>());
    };
    shuttle::check_random(race, TRIES);
}
