//! The in-memory adapters.

use std::time::Duration;

use bailiwick::{
    Clock, Timestamp, Uuid,
    bus::{AnyBroker, MemoryBroker},
    id::MessageId,
    store::{AnyStore, Commit, InboxMark, LeaseRequest, MemoryStore},
    testing::conformance::{self, BrokerSubject},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_in_memory_keeps_the_contract() {
    conformance::store(|| async { AnyStore::new(MemoryStore::new()) }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_broker_in_memory_keeps_the_contract() {
    conformance::broker(|| async { broker_under_test() }).await;
}

/// A broker in memory that refuses messages of the name `conformance.poison`.
pub fn broker_under_test() -> BrokerSubject {
    let broker = MemoryBroker::new();
    broker.refuse(|message| message.envelope.name == "conformance.poison");
    BrokerSubject::new(AnyBroker::new(broker)).refuses(|message| message.envelope.name = "conformance.poison".into())
}

#[tokio::test]
async fn leases_end_by_the_clock_that_the_store_was_given() {
    let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
    let store = AnyStore::new(MemoryStore::with_clock(clock.clone()));
    let ask =
        |holder: &str| LeaseRequest { resource: "outbox".into(), holder: holder.into(), ttl: Duration::from_secs(10) };
    let first = store.lease(ask("a")).await.unwrap().unwrap();
    clock.advance(Duration::from_secs(9));
    assert_eq!(store.lease(ask("b")).await.unwrap(), None);
    clock.advance(Duration::from_secs(1));
    assert_eq!(store.lease(ask("b")).await.unwrap().map(|lease| lease.fence), Some(first.fence + 1));
}

#[tokio::test]
async fn clones_of_a_store_share_it() {
    let store = MemoryStore::new();
    let (one, other) = (AnyStore::new(store.clone()), AnyStore::new(store));
    let message = MessageId::from_uuid(Uuid::nil());
    let inbox = vec![InboxMark { consumer: "reader".into(), message, at: Timestamp::default() }];
    one.commit(Commit { inbox, ..Commit::default() }).await.unwrap();
    assert_eq!(other.marked("reader".into(), vec![message]).await.unwrap(), [true]);
}
