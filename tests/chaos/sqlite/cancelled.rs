//! Futures dropped, and stores dropped and closed under load.

use std::{future::Future, pin::pin, sync::Arc, time::Duration};

use bailiwick::{Expected, Store, Version, sql::SqliteStore};
use futures_util::poll;

use super::support::{book, booking, bookings, event, judge, open};

/// Polls a future so often, with pauses, and drops it. Says whether it was ready.
async fn dropped_after<F: Future>(polls: usize, future: F) -> bool {
    let mut future = pin!(future);
    for _ in 0..polls {
        if poll!(&mut future).is_ready() {
            return true;
        }
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    false
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_dropped_at_any_poll_is_whole_or_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = open(&path).await;
    let mut ready = 0;
    for (round, polls) in (0..60_u64).map(|round| (round, (round % 6) as usize)) {
        let id = format!("{round}");
        ready += usize::from(dropped_after(polls, store.commit(booking(&id, Expected::NoStream, event(10)))).await);
        // One that comes later is answered later, so the dropped one has ended.
        book(&store, "after", Expected::at(Version::new(round)), event(10)).await.unwrap();
        let booked = bookings(&store, &id).await;
        assert!(if polls == 0 { booked == 0 } else { booked <= 1 }, "{booked} after {polls} polls");
    }
    assert!(ready > 0, "no commit ever ended: the case shows nothing");
    store.close().await.unwrap();
    judge(&path, &[]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_closed_under_load_answers_everybody() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Arc::new(open(&path).await);
    let tasks: Vec<_> = (0..64)
        .map(|task| {
            let store = Arc::clone(&store);
            tokio::spawn(async move { appends_until_closed(&store, &format!("{task}")).await })
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(100)).await;
    store.close().await.unwrap();
    let mut own = Vec::new();
    for task in tasks {
        own.extend(tokio::time::timeout(Duration::from_secs(10), task).await.expect("nobody waits for ever").unwrap());
    }
    assert_eq!(judge(&path, &own).await.len(), own.len(), "what was not acknowledged was not begun");
}

async fn appends_until_closed(store: &SqliteStore, id: &str) -> Vec<super::support::Acknowledged> {
    let mut own = Vec::new();
    loop {
        match book(store, id, Expected::at(Version::new(own.len() as u64)), event(10)).await {
            Ok(acknowledged) => own.push(acknowledged),
            Err(error) => {
                assert_eq!(error.code(), "store/closed");
                return own;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dropped_store_ends_what_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    for round in 0..20_u64 {
        let store = open(&path).await;
        let id = format!("{round}");
        dropped_after(1, store.commit(booking(&id, Expected::NoStream, event(10)))).await;
        drop(store);
    }
    let store = open(&path).await;
    for round in 0..20 {
        assert!(bookings(&store, &format!("{round}")).await <= 1);
    }
    store.close().await.unwrap();
    judge(&path, &[]).await;
}
