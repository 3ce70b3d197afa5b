//! Rebuilds beside others: other versions, other stores, other rebuilds, workers.

use std::{pin::pin, time::Duration};

use bailiwick::{
    App, BoxError, Position, ReadModel, Recorded, Transaction, projection,
    projection::{AnyProjection, Condition, Follower, Rebuild},
    store::{AnyStore, Commit, Generation, MemoryStore, ModelChange, ModelKey, ModelWrite, Rows},
};
use tests::{
    bank::{Account, AccountEvent, deposit, open},
    drop_at::after_polls,
};

use crate::delivery::{Fault, FaultyStore};

const ONE: ReadModel<u64> = ReadModel::new("events_1");
const TWO: ReadModel<u64> = ReadModel::new("events_2");

struct First;

#[projection(name = "events", version = 1)]
impl First {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tokio::task::yield_now().await; // where a rebuild is dropped
        tx.update(ONE, "all", |events| *events += 1);
        Ok(())
    }
}

struct Second;

#[projection(name = "events", version = 2)]
impl Second {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tx.update(TWO, "all", |events| *events += 1);
        Ok(())
    }
}

/// A version 2 that goes on in the rows of version 1.
struct Heir;

#[projection(name = "events", version = 2)]
impl Heir {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tx.update(ONE, "all", |events| *events += 1);
        Ok(())
    }
}

/// The rows from before the first rebuild.
fn first() -> Option<Generation> {
    Some(Generation { owner: "events/1".into(), number: 0 })
}

async fn app(store: AnyStore) -> App {
    let app = App::builder().any_store(store).aggregate::<Account>().projection(First).build().await.unwrap();
    app.send(open("a")).await.unwrap();
    app.send(deposit("a", 1)).await.unwrap();
    app.send(deposit("a", 2)).await.unwrap();
    Follower::new(app.store().clone(), First).step().await.unwrap();
    app
}

async fn all(store: &AnyStore, model: ReadModel<u64>) -> Option<u64> {
    Rows::new(store.clone(), None, model).get("all").await.unwrap()
}

/// Rows that nobody sees any more, more than are deleted at once.
async fn leave_old_rows(store: &AnyStore, generation: Option<Generation>) {
    let change = || ModelChange::Put(b"1".to_vec());
    let old = |number: u32| ModelWrite { model: ONE.name(), key: number.to_string(), change: change() };
    let models = (0..2_500).map(old).collect();
    store.commit(Commit { generation, models, ..Commit::default() }).await.unwrap();
}

async fn old_rows(store: &AnyStore) -> usize {
    let mut left = 0;
    for number in 0..2_500 {
        let key = ModelKey { tenant: None, model: ONE.name(), key: number.to_string(), generation: first() };
        left += usize::from(store.model(key).await.unwrap().is_some());
    }
    left
}

#[tokio::test]
async fn a_rebuild_leaves_the_rows_of_another_version() {
    let app = app(AnyStore::new(MemoryStore::new())).await;
    let store = app.store();
    let second = Follower::new(store.clone(), Second);
    second.step().await.unwrap();
    Rebuild::new(store.clone(), Second).run().await.unwrap();
    assert_eq!((all(store, ONE).await, all(store, TWO).await), (Some(3), Some(3)));
    app.send(deposit("a", 3)).await.unwrap();
    Follower::new(store.clone(), First).step().await.unwrap();
    second.step().await.unwrap();
    Rebuild::new(store.clone(), First).run().await.unwrap();
    assert_eq!((all(store, ONE).await, all(store, TWO).await), (Some(4), Some(4)));
}

/// Counts the events that come while an account's row of another projection is there.
struct Looker;

#[projection(name = "looker", version = 1)]
impl Looker {
    #[project]
    async fn any(&self, _event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        if tx.get(ONE, "all").await?.is_some() {
            tx.update(TWO, "all", |events| *events += 1);
        }
        Ok(())
    }
}

#[tokio::test]
async fn a_rebuild_sees_the_rows_of_another_projection() {
    let app = app(AnyStore::new(MemoryStore::new())).await;
    Follower::new(app.store().clone(), Looker).step().await.unwrap();
    assert_eq!(all(app.store(), TWO).await, Some(3));
    Rebuild::new(app.store().clone(), Looker).run().await.unwrap();
    assert_eq!(all(app.store(), TWO).await, Some(3));
}

#[tokio::test]
async fn a_version_cannot_count_into_the_rows_of_another() {
    let app = app(AnyStore::new(MemoryStore::new())).await;
    let error = Follower::new(app.store().clone(), Heir).step().await.unwrap_err();
    assert_eq!((error.code(), error.field("owner")), ("store/foreign_model", Some("events/1")));
    assert_eq!(all(app.store(), ONE).await, Some(3));
}

#[tokio::test]
async fn a_projection_that_has_worked_on_one_store_is_rebuilt_on_another() {
    let projection = AnyProjection::new(First);
    let left = app(AnyStore::new(MemoryStore::new())).await;
    left.send(deposit("a", 3)).await.unwrap();
    Follower::of(left.store().clone(), projection.clone()).step().await.unwrap();
    let right = App::builder().memory().aggregate::<Account>().build().await.unwrap();
    right.send(open("a")).await.unwrap();
    Follower::of(right.store().clone(), projection.clone()).step().await.unwrap();
    let wrong = ModelWrite { model: ONE.name(), key: "all".into(), change: ModelChange::Put(b"77".to_vec()) };
    right.store().commit(Commit { models: vec![wrong], ..Commit::default() }).await.unwrap();
    Rebuild::of(right.store().clone(), projection).run().await.unwrap();
    assert_eq!(all(right.store(), ONE).await, Some(1));
}

#[tokio::test]
async fn a_rebuild_that_is_live_is_no_failure() {
    let faulty = FaultyStore::new();
    let app = app(faulty.any()).await;
    let last = {
        let faulty = faulty.clone();
        move |_| {
            faulty.fail(Fault::Passes); // the swap
            faulty.fail(Fault::Refused(bailiwick::ErrorKind::Transient, "test/busy")); // the sweep
        }
    };
    let done = Rebuild::new(app.store().clone(), First).on_progress(last).run().await.unwrap();
    assert_eq!((done.events, done.position), (3, Position::new(3)));
    assert!(!faulty.forget_fault());
}

#[tokio::test]
async fn workers_that_stop_do_not_wait_until_all_old_rows_are_gone() {
    let app = app(AnyStore::new(MemoryStore::new())).await;
    Rebuild::new(app.store().clone(), First).run().await.unwrap();
    leave_old_rows(app.store(), first()).await;
    app.run_workers(async {}).await.unwrap();
    assert!(old_rows(app.store()).await > 0);
    app.run_workers(async {
        while old_rows(app.store()).await > 0 {
            tokio::task::yield_now().await
        }
    })
    .await
    .unwrap(); // the next ones go on
}

#[tokio::test]
async fn one_that_was_held_up_while_it_swept_leaves_the_shadow_of_another() {
    let app = app(AnyStore::new(MemoryStore::new())).await;
    let (store, short) = (app.store(), Duration::from_millis(40));
    let pointer = || async { store.checkpoint("rebuild/events/1".into()).await.unwrap() };
    leave_old_rows(store, None).await;
    let mut first = pin!(Rebuild::new(store.clone(), First).lease(short).run());
    while pointer().await != Some(Position::START) {
        assert!(after_polls(1, first.as_mut()).await.is_none());
    }
    assert!(old_rows(store).await > 0);
    tokio::time::sleep(short * 2).await;
    {
        let mut second = pin!(Rebuild::new(store.clone(), First).lease(short).batches_of(1).run());
        while store.checkpoint("rebuild/events/1/filled".into()).await.unwrap() != Some(Position::new(2)) {
            assert!(after_polls(1, second.as_mut()).await.is_none());
        }
        assert!(pointer().await > Some(Position::START));
    }
    tokio::time::sleep(short * 2).await;
    first.await.unwrap();
    let status = app.projections().await.unwrap().remove(0);
    assert_eq!((status.condition, status.rebuilt), (Condition::Rebuilding, Some(Position::new(2)))); // interrupted
    let done = Rebuild::new(store.clone(), First).run().await.unwrap();
    assert_eq!((done.resumed, done.events), (Position::new(2), 1));
    assert_eq!(all(store, ONE).await, Some(3));
    let status = app.projections().await.unwrap().remove(0);
    assert_eq!((status.condition, status.rebuilt), (Condition::CaughtUp, None));
}
