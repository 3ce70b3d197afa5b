//! Events that a projection refuses, parked on every store, however often another worker takes over.

use std::{sync::atomic::Ordering, time::Duration};

use bailiwick::{
    App,
    projection::Follower,
    store::{AnyStore, DeadState},
};
use tests::{
    bank::{Account, deposit, open},
    lister::{LIST, Lister, PARK_AFTER},
};
use tokio::time::sleep;

use crate::rebuild::{Home, Place};

/// Handles of several processes.
fn stores(place: &Place) -> impl Fn() -> AnyStore {
    let (place, memory) = (place.clone(), matches!(place, Place::Memory).then(|| place.store()));
    move || memory.clone().unwrap_or_else(|| place.store())
}

/// Looks again and again until it is so.
async fn until<F: Future<Output = bool>>(mut so: impl FnMut() -> F) {
    while !so().await {
        sleep(Duration::from_millis(5)).await;
    }
}

async fn list(app: &App, account: &str) -> Vec<u64> {
    app.read(LIST).get(account).await.unwrap().unwrap_or_default()
}

async fn play(home: Home) {
    let (store, lister) = (stores(&home.place), Lister::default());
    lister.refuses.store(2, Ordering::SeqCst);
    let builder = App::builder().any_store(store()).aggregate::<Account>().projection(lister.clone());
    let app = builder.build().await.unwrap();
    for account in ["a", "b"] {
        app.send(open(account)).await.unwrap();
    }
    for cents in 1..=3 {
        app.send(deposit("a", cents)).await.unwrap();
        app.send(deposit("b", cents + 10)).await.unwrap();
    }
    for attempt in 1..=PARK_AFTER {
        // Another process each time: it is stopped once it has tried.
        let follower = Follower::new(store(), lister.clone());
        follower.run(until(|| async { lister.tried.load(Ordering::SeqCst) == attempt })).await;
        assert_eq!(app.dead_letters(0, 9).await.unwrap().is_empty(), attempt < PARK_AFTER, "attempt {attempt}");
    }
    app.run_workers(until(|| async { list(&app, "b").await.len() == 3 })).await.unwrap();
    assert_eq!(lister.tried.load(Ordering::SeqCst), PARK_AFTER);
    let letters = app.dead_letters(0, 9).await.unwrap();
    let states: Vec<_> = letters.iter().map(|letter| (letter.state, u64::from(letter.attempts))).collect();
    assert_eq!(states, [(DeadState::Failed, PARK_AFTER), (DeadState::Behind, 0)]);
    assert_eq!((list(&app, "a").await, list(&app, "b").await), (vec![1], vec![11, 12, 13]));

    lister.refuses.store(0, Ordering::SeqCst);
    app.requeue(letters[0].no).await.unwrap();
    app.run_workers(until(|| async { app.dead_letters(0, 9).await.unwrap().is_empty() })).await.unwrap();
    assert_eq!(list(&app, "a").await, [1, 2, 3]);
    app.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_parked_after_so_many_attempts_of_all_workers_in_memory() {
    play(Home::memory()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_parked_after_so_many_attempts_of_all_workers_on_sqlite() {
    play(Home::sqlite()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_parked_after_so_many_attempts_of_all_workers_on_postgres() {
    let Some(home) = Home::postgres() else { return };
    play(home).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_is_parked_after_so_many_attempts_of_all_workers_on_mysql() {
    let Some(home) = Home::mysql() else { return };
    play(home).await;
}
