//! Asynchronous projections, and workers that stop in good order.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    App, BoxError, Position, ReadModel, Recorded, TenantId, Transaction, bus::MemoryBroker, mediator::Request,
    projection, projection::Follower, testing,
};
use tests::bank::{Account, AccountEvent, Desk, Split, TRANSFERRED, deposit, open};

const SEEN: ReadModel<u64> = ReadModel::new("seen");

#[derive(Clone, Default)]
struct Picky {
    fails_on: Arc<AtomicU32>,
    panics: Arc<AtomicBool>,
}

#[projection(name = "picky", version = 1)]
impl Picky {
    #[project]
    async fn any(&self, event: &Recorded<AccountEvent>, tx: &mut Transaction) -> Result<(), BoxError> {
        tx.update(SEEN, "all", |count| *count += 1);
        if let AccountEvent::Deposited { cents } = **event
            && cents == u64::from(self.fails_on.load(Ordering::SeqCst))
        {
            assert!(!self.panics.load(Ordering::SeqCst), "told to panic");
            return Err("told to fail".into());
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_event_that_a_projection_refuses_is_named_and_what_came_before_it_is_taken() {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    for cents in [1, 2, 3] {
        app.send(deposit("a", cents)).await.unwrap();
    }
    let picky = Picky::default();
    let follower = Follower::new(app.store().clone(), picky.clone());
    picky.fails_on.store(2, Ordering::SeqCst);
    for panics in [false, true] {
        picky.panics.store(panics, Ordering::SeqCst);
        let error = follower.step().await.unwrap_err();
        assert_eq!(error.field("projection"), Some("picky"));
        assert_eq!(
            (error.field("event"), error.field("position")),
            (Some("account.deposited"), Some("3")),
            "{error:?}"
        );
        assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(2), "nothing of the event itself");
        let checkpoint = app.store().checkpoint(follower.checkpoint().into()).await.unwrap();
        assert_eq!(checkpoint, Some(Position::new(2)));
    }
    picky.fails_on.store(0, Ordering::SeqCst);
    let followed = follower.step().await.unwrap();
    assert_eq!((followed.events, followed.position), (2, Position::new(4)));
    assert_eq!(follower.step().await.unwrap().events, 0);
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(4));
}

#[tokio::test]
async fn two_followers_of_one_projection_take_each_event_once() {
    let app = testing::app().aggregate::<Account>().build().await;
    app.send(open("a")).await.unwrap();
    for _ in 0..50 {
        app.send(deposit("a", 1)).await.unwrap();
    }
    let [one, two] = [(); 2].map(|()| Follower::new(app.store().clone(), Picky::default()));
    let (first, second) = tokio::join!(one.step(), two.step());
    for answer in [first, second] {
        assert!(answer.is_ok() || answer.is_err_and(|error| error.is_conflict()));
    }
    while one.step().await.unwrap().events > 0 {}
    assert_eq!(app.read(SEEN).get("all").await.unwrap(), Some(51));
}

#[tokio::test]
async fn a_follower_keeps_tenants_apart() {
    let app = testing::app().aggregate::<Account>().projection(Picky::default()).build().await;
    let of = |name| Request::new().tenant(TenantId::new(name).unwrap());
    for (tenant, events) in [("one", 2), ("two", 3)] {
        app.dispatch(of(tenant)).send(open("a")).await.unwrap();
        for _ in 1..events {
            app.dispatch(of(tenant)).send(deposit("a", 1)).await.unwrap();
        }
    }
    app.settle().await;
    for (tenant, events) in [("one", 2), ("two", 3)] {
        let rows = app.read_of(Some(TenantId::new(tenant).unwrap()), SEEN);
        assert_eq!(rows.get("all").await.unwrap(), Some(events));
    }
}

#[tokio::test]
async fn workers_that_are_told_to_stop_finish_what_they_began_and_others_go_on() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("bank.db");
    let started = || async {
        App::builder()
            .sqlite(&file)
            .broker(MemoryBroker::new())
            .aggregate::<Account>()
            .service(Desk::default())
            .build()
            .await
            .unwrap()
    };
    let app = started().await;
    app.send(open("a")).await.unwrap();
    for round in 0..10_u64 {
        let sends = async {
            for _ in 0..20 {
                app.send(Split { first: "a".into(), second: "a".into(), cents: 1 }).await.unwrap();
            }
        };
        let stopped = app.run_workers(tokio::time::sleep(Duration::from_millis(round * 7)));
        let (stopped, ()) = tokio::join!(stopped, sends);
        stopped.unwrap();
    }
    app.close().await.unwrap();
    assert_eq!(app.send(deposit("a", 1)).await.unwrap_err().runtime().unwrap().code(), "store/closed");
    let app = started().await;
    app.run_workers(async { app.drained().await.unwrap() }).await.unwrap();
    assert_eq!(app.read(TRANSFERRED).get("a").await.unwrap(), Some(400));
    assert_eq!(app.load::<Account>("a").await.unwrap().cents, 400);
    app.close().await.unwrap();
}

#[tokio::test]
async fn waiting_for_workers_that_are_not_there_is_an_error() {
    let app = testing::app().aggregate::<Account>().service(Desk::default()).build().await;
    app.send(open("a")).await.unwrap();
    app.drained().await.unwrap();
    app.send(Split { first: "a".into(), second: "a".into(), cents: 1 }).await.unwrap();
    assert_eq!(app.drained().await.unwrap_err().code(), "app/no_workers");
}
