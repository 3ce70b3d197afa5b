//! Archives between stores, files that are damaged, and stores that are.

mod damaged;
mod files;
mod round_trip;

use bailiwick::{
    Actor, Clock, Expected, TenantId,
    archive::{self, Exported, Options},
    envelope::{Envelope, EventKind, Metadata, StreamId},
    store::{AnyStore, Append, Commit, MemoryStore},
    timestamp::Timestamp,
};

/// Payloads of which some are no JSON, or none that can stand in a line.
const PAYLOADS: &[&[u8]] =
    &[b"{}", b"{ \"sum\" : 1.0e2 }", b"", b" {}", b"{\n}", b"\xff\x00\xfe", b"\"\xe2\x80\xa8\"", b"[{\"end\":1}]"];

fn event(number: usize) -> Envelope {
    let metadata = Metadata {
        tenant: number.is_multiple_of(5).then(|| TenantId::new("acme").unwrap()),
        actor: number.is_multiple_of(3).then(|| Actor::new("user-7 ü").role("clerk")),
        correlation: number.is_multiple_of(4).then(|| Clock::system().message_id()),
        ..Metadata::default()
    };
    Envelope {
        id: Clock::system().message_id(),
        name: if number.is_multiple_of(2) { "order.placed".into() } else { "order.päid \"\u{1F600}".into() },
        version: 1 + number as u32 % 3,
        kind: [EventKind::Domain, EventKind::Notification, EventKind::StateTransfer][number % 3],
        time: Timestamp::from_micros(number as i64 * 1_000_003 - 5_000_000),
        key: number.is_multiple_of(6).then(|| "k'\"\n".into()),
        metadata,
        payload: PAYLOADS[number % PAYLOADS.len()].into(),
    }
}

/// Fills a store with so many commits of one to three events, of three tenants, in streams that take turns.
async fn fill(store: &AnyStore, commits: usize) {
    let tenants = [None, Some(TenantId::new("acme").unwrap()), Some(TenantId::new("zenith").unwrap())];
    for number in 0..commits {
        let stream = StreamId::new("order", format!("ü {}", number % 7)).unwrap();
        let events = (0..=number % 3).map(|nth| event(number * 3 + nth)).collect();
        let appends = vec![Append { stream, expected: Expected::Any, events }];
        store.commit(Commit { tenant: tenants[number / 2 % 3].clone(), appends, ..Commit::default() }).await.unwrap();
    }
}

async fn memory(commits: usize) -> AnyStore {
    let store = AnyStore::new(MemoryStore::new());
    fill(&store, commits).await;
    store
}

async fn export(store: &AnyStore) -> (Vec<u8>, Exported) {
    let mut file = Vec::new();
    let exported = archive::export(store, &mut file, Options::new().batch(7)).await.unwrap();
    (file, exported)
}
