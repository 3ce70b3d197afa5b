//! The in-memory adapters.

use bailiwick::{
    AnyStore, Clock, MessageId,
    store::{LeaseRequest, MemoryStore},
    testing::conformance,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_in_memory_keeps_the_contract() {
    conformance::store(|| async { AnyStore::new(MemoryStore::new()) }).await;
}

#[tokio::test]
async fn its_leases_end_by_the_clock_it_was_given() {
    let clock = Clock::fixed_at("2026-01-01T00:00:00Z").unwrap();
    let store = AnyStore::new(MemoryStore::with_clock(clock.clone()));
    let ask = |holder: &str| LeaseRequest {
        resource: "outbox".into(),
        holder: holder.into(),
        ttl: std::time::Duration::from_secs(10),
    };
    let first = store.lease(ask("a")).await.unwrap().unwrap();
    clock.advance(std::time::Duration::from_secs(9));
    assert_eq!(store.lease(ask("b")).await.unwrap(), None);
    clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(store.lease(ask("b")).await.unwrap().map(|lease| lease.fence), Some(first.fence + 1));
}

#[tokio::test]
async fn clones_of_a_store_share_it() {
    let store = MemoryStore::new();
    let (one, other) = (AnyStore::new(store.clone()), AnyStore::new(store));
    let commit = bailiwick::store::Commit {
        inbox: vec![bailiwick::store::InboxMark {
            consumer: "reader".into(),
            message: MessageId::from_uuid(bailiwick::Uuid::nil()),
            at: bailiwick::Timestamp::default(),
        }],
        ..Default::default()
    };
    one.commit(commit).await.unwrap();
    let marked = other.marked("reader".into(), vec![MessageId::from_uuid(bailiwick::Uuid::nil())]).await.unwrap();
    assert_eq!(marked, [true]);
}
