//! How often and how soon a unit of work is run again, under a time that stands still.

use std::{
    sync::{
        Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    Clock, Error, ErrorKind, Root, Timestamp,
    repository::{Db, Scope},
    unit_of_work::{Begin, Retry, UnitOfWork},
};
use tests::bank::{Account, AccountEvent};
use tokio::time::Instant;

use crate::delivery::FaultyStore;

fn trouble(code: &'static str) -> Error {
    Error::new(ErrorKind::Transient, code, "the test says so")
}

/// Loads in units of work until it succeeds or is given up; when each attempt began, and what came of it.
async fn attempts(store: &FaultyStore, scope: Scope, retry: Retry) -> (Vec<Duration>, Result<(), Error>) {
    let (db, start, begun) = (Db::of(&store.any()).unwrap(), Instant::now(), Mutex::new(Vec::new()));
    let answer = db
        .scoped(scope)
        .in_tx(retry, async |unit| {
            begun.lock().unwrap().push(start.elapsed());
            unit.load::<Account>("a").await.map(drop)
        })
        .await;
    (begun.into_inner().unwrap(), answer)
}

fn milliseconds(begun: &[Duration]) -> Vec<u128> {
    begun.iter().map(Duration::as_millis).collect()
}

#[tokio::test(start_paused = true)]
async fn a_load_that_may_pass_is_repeated_after_the_waits_that_were_asked_for() {
    let wait = Duration::from_millis(100);
    for (retry, expected) in [
        (Retry::fixed(wait).attempts(4), [0, 100, 200, 300]),
        (Retry::linear(wait).attempts(4), [0, 100, 300, 600]),
        (Retry::default().attempts(4).base(wait).cap(wait * 3).jitter(false), [0, 100, 300, 600]),
    ] {
        let store = FaultyStore::new();
        store.refuse_loads([(); 3].map(|()| trouble("db/unavailable")));
        let (begun, answer) = attempts(&store, Scope::nobody(), retry).await;
        answer.unwrap();
        assert_eq!(milliseconds(&begun), expected, "{retry:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_drawn_is_no_longer_than_its_bound() {
    for _ in 0..20 {
        let store = FaultyStore::new();
        store.refuse_loads([(); 5].map(|()| trouble("db/busy")));
        let retry = Retry::default().attempts(6).base(Duration::from_millis(100)).cap(Duration::from_millis(250));
        let (begun, answer) = attempts(&store, Scope::nobody(), retry).await;
        answer.unwrap();
        let waits = begun.windows(2).map(|pair| (pair[1] - pair[0]).as_millis());
        // The timers of tokio have a millisecond.
        assert!(waits.zip([100, 200, 250, 250, 250]).all(|(wait, bound)| wait <= bound + 1), "{begun:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn no_attempt_is_begun_after_the_deadline_and_the_last_error_is_the_answer() {
    let store = FaultyStore::new();
    store.refuse_loads([(); 9].map(|()| trouble("db/unavailable")));
    let clock = Clock::fixed(Timestamp::from_micros(0));
    let scope = Scope::nobody().clock(clock.clone()).deadline(clock.now().plus(Duration::from_millis(250)));
    // The clock stands, so it is each wait by itself that would be too long.
    let (begun, answer) = attempts(&store, scope.clone(), Retry::linear(Duration::from_millis(100)).attempts(9)).await;
    assert_eq!(answer.unwrap_err().code(), "db/unavailable");
    assert_eq!(milliseconds(&begun), [0, 100, 300]);
}

#[tokio::test(start_paused = true)]
async fn what_does_not_pass_is_not_repeated() {
    for code in ["store/closed", "db/circuit_open", "db/interrupted", "db/statement_timeout"] {
        let store = FaultyStore::new();
        store.refuse_loads([trouble(code)]);
        let (begun, answer) = attempts(&store, Scope::nobody(), Retry::default()).await;
        assert_eq!((answer.unwrap_err().code(), begun.len()), (code, 1));
    }
    let store = FaultyStore::new();
    store.any().close().await.unwrap();
    let (begun, answer) = attempts(&store, Scope::nobody(), Retry::default()).await;
    assert_eq!((answer.unwrap_err().code(), begun.len()), ("store/closed", 0), "it is not even begun");
}

#[tokio::test(start_paused = true)]
async fn a_storm_of_failures_is_repeated_ten_times_and_then_each_tenth_time() {
    let store = FaultyStore::new();
    store.refuse_loads((0..10_000).map(|_| trouble("db/unavailable")));
    let (db, attempts) = (Db::of(&store.any()).unwrap(), AtomicU32::new(0));
    for _ in 0..500 {
        let failed = db.in_tx(Retry::fixed(Duration::ZERO), async |unit| {
            attempts.fetch_add(1, Ordering::SeqCst);
            unit.load::<Account>("a").await.map(drop)
        });
        assert!(failed.await.is_err());
    }
    let attempts = attempts.into_inner();
    assert!((510..=560).contains(&attempts), "{attempts}");
}

#[tokio::test(start_paused = true)]
async fn a_commit_that_lost_a_race_is_repeated_where_it_is_asked() {
    for on_conflict in [false, true] {
        let db = Db::of(&FaultyStore::new().any()).unwrap();
        let retry = if on_conflict { Retry::fixed(Duration::ZERO).on_conflict() } else { Retry::default() };
        let open = |owner: &str| AccountEvent::Opened { owner: owner.into() };
        let add = async |unit: &mut UnitOfWork, mut root: Root<Account>, event: AccountEvent| {
            root.raise(event);
            unit.save(&mut root)
        };
        db.in_tx(Retry::none(), async |unit| add(unit, Root::new("a"), open("ada")).await).await.unwrap();
        let answer = db.in_tx(retry, async |unit| {
            // The first attempt believes that there is nothing yet.
            let root = if unit.attempt() == 1 { Root::new("a") } else { unit.load::<Account>("a").await? };
            add(unit, root, open("eve")).await
        });
        let answer = answer.await;
        let mut unit = db.begin(Begin::read_only()).await.unwrap();
        let account = unit.load::<Account>("a").await.unwrap();
        match on_conflict {
            true => assert_eq!((answer.is_ok(), account.version().get()), (true, 2)),
            false => assert_eq!((answer.unwrap_err().code(), account.version().get()), ("store/conflict", 1)),
        }
        unit.rollback().await.unwrap();
    }
}
