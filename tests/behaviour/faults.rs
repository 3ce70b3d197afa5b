//! Handlers, subscribers and projections that fail or panic; futures dropped at every await.

use std::{sync::atomic::Ordering, time::Duration};

use bailiwick::{
    App,
    bus::{Broker, InletSpec, MemoryBroker, MemoryInlet, Published},
    store::{LeaseRequest, OutboxMessage},
    testing,
};
use tests::{
    bank::{Account, AccountEvent, DEPOSITS, Desk, Inline, Split, Sum, TRANSFERRED, deposit, open},
    drop_at::after_polls,
};

#[tokio::test]
async fn an_inline_projection_that_fails_refuses_the_append_and_is_named() {
    let inline = Inline::default();
    let app = testing::app().aggregate::<Account>().projection(inline.clone()).build().await;
    app.send(open("a")).await.unwrap();
    for count in [&inline.failures, &inline.panics] {
        count.store(1, Ordering::SeqCst);
        let error = app.send(deposit("a", 5)).await.unwrap_err();
        let error = error.runtime().unwrap();
        assert_eq!(error.field("projection"), Some("deposits"), "{error:?}");
        assert_eq!(error.field("event"), Some("account.deposited"), "{error:?}");
    }
    assert_eq!(app.load::<Account>("a").await.unwrap().cents, 0);
    assert_eq!(app.read(DEPOSITS).get("all").await.unwrap(), None);
    app.send(deposit("a", 5)).await.unwrap();
    assert_eq!(app.read(DEPOSITS).get("all").await.unwrap(), Some(5));
}

#[tokio::test]
async fn a_subscriber_that_fails_or_panics_is_tried_again_and_its_effect_is_once() {
    let desk = Desk::default();
    let app = testing::app().aggregate::<Account>().service(desk.clone()).build().await;
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    desk.failures.store(1, Ordering::SeqCst);
    desk.panics.store(1, Ordering::SeqCst);
    app.send(Split { first: "a".into(), second: "b".into(), cents: 3 }).await.unwrap();
    app.settle().await;
    assert_eq!(app.query(Sum).await.unwrap(), 6);
    assert_eq!(app.counts().await.unwrap().dead, 0);
    assert!(desk.calls.load(Ordering::SeqCst) > 2);
}

#[tokio::test]
async fn a_subscriber_that_never_succeeds_parks_its_message_and_blocks_only_its_key() {
    let desk = Desk::default();
    let app = testing::app().aggregate::<Account>().service(desk.clone()).build().await;
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    desk.failures.store(3, Ordering::SeqCst); // the three attempts at the first message
    app.send(Split { first: "a".into(), second: "b".into(), cents: 3 }).await.unwrap();
    app.settle().await;
    let dead = app.store().dead_letters(0, 10).await.unwrap();
    assert_eq!(dead.len(), 1, "{dead:?}");
    assert!(dead[0].error.contains("told to fail"), "{dead:?}");
    assert_eq!(dead[0].attempts, 3);
    assert_eq!(app.read(TRANSFERRED).all().await.unwrap(), [("b".to_owned(), 3)]);
    app.send(Split { first: "a".into(), second: "b".into(), cents: 4 }).await.unwrap();
    app.settle().await;
    assert_eq!(app.read(TRANSFERRED).all().await.unwrap(), [("b".to_owned(), 7)], "a waits behind its failed message");
    assert_eq!(app.counts().await.unwrap().dead, 2);
    let behind = app.dead_letters(dead[0].no, 10).await.unwrap();
    assert_eq!(app.requeue(behind[0].no).await.unwrap_err().code(), "dead_letter/behind");
    app.requeue(dead[0].no).await.unwrap();
    wait_for(&app, 0).await;
    assert_eq!(app.read(TRANSFERRED).all().await.unwrap(), [("a".to_owned(), 7), ("b".to_owned(), 7)]);
    assert!(app.requeue(99).await.unwrap_err().is_not_found());
}

/// Lets the workers run until so many dead letters are left.
async fn wait_for(app: &testing::TestApp, dead: u64) {
    let enough = async {
        while app.counts().await.unwrap().dead != dead {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(10), app.run_workers(enough)).await.unwrap().unwrap();
}

#[tokio::test]
async fn dropping_send_at_every_poll_leaves_all_or_nothing() {
    let file = tempfile::tempdir().unwrap();
    let desk = Desk::default();
    let app = App::builder()
        .sqlite(file.path().join("bank.db"))
        .broker(bailiwick::bus::MemoryBroker::new())
        .aggregate::<Account>()
        .service(desk)
        .projection(Inline::default())
        .build()
        .await
        .unwrap();
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    let mut finished = false;
    for polls in 0..200 {
        let split = Split { first: "a".into(), second: "b".into(), cents: 1 };
        finished = after_polls(polls, app.send(split)).await.is_some();
        tokio::time::sleep(Duration::from_millis(5)).await; // what was spawned has given its commit to the writer by then
        let barrier = LeaseRequest { resource: "barrier".into(), holder: "test".into(), ttl: Duration::from_secs(1) };
        app.store().lease(barrier).await.unwrap(); // the writer answers in order
        let (a, b) = (app.load::<Account>("a").await.unwrap().cents, app.load::<Account>("b").await.unwrap().cents);
        assert_eq!(a, b, "half of a split was committed after {polls} polls");
        let inline = app.read(DEPOSITS).get("all").await.unwrap().unwrap_or(0);
        assert_eq!(inline, a + b, "the projection differs after {polls} polls");
        assert_eq!(app.counts().await.unwrap().outbox, a + b, "the outbox differs after {polls} polls");
        if finished {
            break;
        }
    }
    assert!(finished, "the last one goes to its end");
    app.send(deposit("a", 1)).await.unwrap();
    app.close().await.unwrap();
}

#[tokio::test]
async fn a_command_that_meets_its_timeout_writes_nothing() {
    #[derive(bailiwick::Command, Debug, Clone)]
    struct Slow;
    struct Sloth;
    #[bailiwick::service]
    impl Sloth {
        #[handle]
        async fn slow(&self, _command: Slow, cx: &mut bailiwick::Context) -> Result<(), tests::bank::AccountError> {
            cx.update(TRANSFERRED, "sloth", |sum| *sum += 1);
            tokio::time::sleep(Duration::from_secs(60)).await;
            Ok(())
        }
    }
    let app = testing::app().behaviour(bailiwick::app::Timeout::after("20ms")).service(Sloth).build().await;
    let error = app.send(Slow).await.unwrap_err();
    assert_eq!(error.runtime().unwrap().code(), "mediator/timeout");
    assert!(error.runtime().unwrap().is_transient());
    assert!(app.read(TRANSFERRED).all().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_handler_that_panics_is_an_error_that_names_it_and_the_application_lives() {
    #[derive(bailiwick::Command, Debug, Clone)]
    struct Panic;
    struct Bomb;
    #[bailiwick::service]
    impl Bomb {
        #[handle]
        async fn panic(&self, _command: Panic, cx: &mut bailiwick::Context) -> Result<(), tests::bank::AccountError> {
            cx.update(TRANSFERRED, "bomb", |sum| *sum += 1);
            panic!("boom");
        }
    }
    let app = testing::app().service(Bomb).build().await;
    let error = app.send(Panic).await.unwrap_err();
    let error = error.runtime().unwrap();
    assert_eq!(
        (error.code(), error.field("handler"), error.field("panic")),
        ("mediator/panic", Some("Panic"), Some("boom"))
    );
    assert!(app.read(TRANSFERRED).all().await.unwrap().is_empty());
    assert_eq!(app.events().of::<AccountEvent>(), []);
}

/// Takes subscriptions, and panics when it is to publish.
struct BrokenBroker;

impl Broker for BrokenBroker {
    type Inlet = MemoryInlet;

    async fn publish(&self, _batch: &[OutboxMessage]) -> Vec<Published> {
        panic!("a defect of the adapter")
    }

    async fn subscribe(&self, spec: InletSpec) -> Result<MemoryInlet, bailiwick::Error> {
        MemoryBroker::new().subscribe(spec).await
    }

    async fn close(&self) {}
}

#[tokio::test]
async fn a_worker_that_panics_is_no_silence() {
    let app = App::builder().memory().broker(BrokenBroker).aggregate::<Account>().service(Desk::default());
    let app = app.build().await.unwrap();
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    app.send(Split { first: "a".into(), second: "b".into(), cents: 1 }).await.unwrap();
    let workers = app.run_workers(std::future::pending());
    let error = tokio::time::timeout(Duration::from_secs(10), workers).await.unwrap().unwrap_err();
    assert_eq!(error.code(), "app/worker_panicked");
    assert_eq!(app.counts().await.unwrap().outbox, 2, "nothing is lost");
}
