//! Projections that park the events they refuse.

use std::sync::atomic::Ordering;

use bailiwick::{
    App,
    store::{DeadLetter, DeadSource, DeadState},
    testing::{self, TestApp},
};
use tests::{
    bank::{Account, deposit, open},
    lister::{LIST, Lister},
};

async fn list(app: &App, account: &str) -> Vec<u64> {
    app.read(LIST).get(account).await.unwrap().unwrap_or_default()
}

async fn letters(app: &App) -> Vec<DeadLetter> {
    app.dead_letters(0, 100).await.unwrap()
}

/// Accounts a and b; the second payment into a is refused and parked, with what follows it there.
async fn parked() -> (TestApp, Lister) {
    let lister = Lister::default();
    lister.refuses.store(2, Ordering::SeqCst);
    let app = testing::app().aggregate::<Account>().projection(lister.clone()).build().await;
    app.send(open("a")).await.unwrap();
    app.send(open("b")).await.unwrap();
    for cents in 1..=4 {
        app.send(deposit("a", cents)).await.unwrap();
        app.send(deposit("b", cents + 10)).await.unwrap();
    }
    app.settle().await;
    (app, lister)
}

#[tokio::test(start_paused = true)]
async fn a_refused_event_is_parked_with_what_follows_in_its_stream_and_other_streams_go_on() {
    let (app, lister) = parked().await;
    assert_eq!(lister.tried.load(Ordering::SeqCst), 3);
    assert_eq!((list(&app, "a").await, list(&app, "b").await), (vec![1], vec![11, 12, 13, 14]));
    let letters = letters(&app).await;
    let states: Vec<_> = letters.iter().map(|letter| letter.state).collect();
    assert_eq!(states, [DeadState::Failed, DeadState::Behind, DeadState::Behind]);
    let first = &letters[0];
    assert_eq!(first.source, DeadSource::Projection("lister".into()));
    assert_eq!((first.attempts, first.code.as_str()), (3, "projection/failed"));
    assert_eq!((first.message.topic.as_str(), first.message.envelope.key.as_deref()), ("account", Some("a")));
    assert!(first.error.contains("position: 5"), "{}", first.error);
    assert_eq!(app.projections().await.unwrap()[0].behind, 0);
}

#[tokio::test(start_paused = true)]
async fn a_requeued_event_comes_before_what_waits_behind_it() {
    let (app, lister) = parked().await;
    let no = letters(&app).await[0].no;
    app.requeue(no).await.unwrap(); // it is refused again
    beside(&app, &lister, 4).await;
    assert_eq!(letters(&app).await[0].attempts, 4);
    assert_eq!(list(&app, "a").await, [1]);
    lister.refuses.store(0, Ordering::SeqCst);
    app.requeue(no).await.unwrap();
    app.send(deposit("a", 5)).await.unwrap();
    done(&app).await;
    assert_eq!(list(&app, "a").await, [1, 2, 3, 4, 5]);
    assert_eq!(list(&app, "b").await, [11, 12, 13, 14]);
}

#[tokio::test(start_paused = true)]
async fn what_waits_behind_a_discarded_event_follows() {
    let (app, _lister) = parked().await;
    app.discard(letters(&app).await[0].no).await.unwrap();
    done(&app).await;
    app.send(deposit("a", 5)).await.unwrap();
    app.settle().await;
    assert_eq!(list(&app, "a").await, [1, 3, 4, 5]);
}

#[tokio::test(start_paused = true)]
async fn a_rebuild_waits_for_a_decision_on_parked_events() {
    let (app, lister) = parked().await;
    let error = app.rebuild::<Lister>().unwrap().run().await.unwrap_err();
    assert_eq!(error.code(), "projection/parked");
    lister.refuses.store(0, Ordering::SeqCst);
    app.requeue(letters(&app).await[0].no).await.unwrap();
    done(&app).await;
    app.rebuild::<Lister>().unwrap().run().await.unwrap();
    assert_eq!(list(&app, "a").await, [1, 2, 3, 4]);
}

/// Runs the workers until the event was tried so often.
async fn beside(app: &App, lister: &Lister, tries: u64) {
    let tried = async {
        while lister.tried.load(Ordering::SeqCst) < tries {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    app.run_workers(tried).await.unwrap();
}

/// Runs the workers until nothing is parked.
async fn done(app: &App) {
    let none = async {
        while !letters(app).await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
    };
    app.run_workers(none).await.unwrap();
}
