//! Writers that meet, and functions that panic among others.

use std::sync::Arc;

use bailiwick::{
    ErrorKind, Expected, Store, Version,
    store::{Commit, ModelChange, ModelWrite},
    version::ConcurrencyConflict,
};

use super::support::{book, booking, bookings, event, judge, open};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_writers_on_one_stream_one_wins_and_the_other_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let stores = [open(&path).await, open(&path).await];
    let mut won = Vec::new();
    for round in 0..50 {
        let expected = Expected::at(Version::new(round));
        let [one, two] = stores.each_ref().map(|store| book(store, "a", expected, event(10)));
        let answers = futures_util::join!(one, two);
        let (winner, loser) = match answers {
            (Ok(winner), Err(loser)) | (Err(loser), Ok(winner)) => (winner, loser),
            other => panic!("not exactly one has won: {other:?}"),
        };
        let conflict = loser.cause::<ConcurrencyConflict>().unwrap();
        assert!(loser.is_conflict() && loser.code() == "store/conflict");
        assert_eq!((conflict.expected, conflict.actual), (expected, winner.version));
        won.push(winner);
    }
    assert_eq!(bookings(&stores[0], "a").await, 50);
    for store in stores {
        store.close().await.unwrap();
    }
    assert_eq!(judge(&path, &won).await.len(), 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_panics_fails_its_own_commit_alone() {
    let folder = tempfile::tempdir().unwrap();
    let store = Arc::new(open(&folder.path().join("a.db")).await);
    let tasks = (0..64).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = format!("{task}");
            let panics = task % 8 == 3;
            for round in 0..10 {
                let mut commit = booking(&id, Expected::at(Version::new(round)), event(10));
                if panics {
                    let change = ModelChange::Update(Arc::new(|_| std::panic::resume_unwind(Box::new("no"))));
                    commit.appends[0].expected = Expected::Any;
                    commit.models.push(ModelWrite { model: "bookings", key: "all".into(), change });
                }
                match store.commit(commit).await {
                    Ok(_) => assert!(!panics),
                    Err(error) => assert!(panics && error.code() == "store/change_panicked", "{error:?}"),
                }
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    for task in 0..64 {
        let expected = if task % 8 == 3 { 0 } else { 10 };
        assert_eq!(bookings(&store, &format!("{task}")).await, expected);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_refused_half_way_takes_none_of_its_group_along() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = Arc::new(open(&path).await);
    let known = book(&store, "known", Expected::NoStream, event(10)).await.unwrap();
    let taken = known.id;
    let tasks = (0..64).map(|task| {
        let store = Arc::clone(&store);
        tokio::spawn(async move {
            let id = format!("{task}");
            if task % 4 != 1 {
                return book(&store, &id, Expected::NoStream, event(10)).await.ok();
            }
            // The second event has the id of one that is stored: the first one is written and must go again.
            let mut twin = event(10);
            twin.id = taken;
            let mut commit: Commit = booking(&id, Expected::NoStream, event(10));
            commit.appends[0].events.push(twin);
            let error = store.commit(commit).await.unwrap_err();
            assert_eq!((error.code(), error.kind()), ("store/duplicate_event", ErrorKind::Invalid));
            None
        })
    });
    let mut own = vec![known];
    for task in tasks.collect::<Vec<_>>() {
        own.extend(task.await.unwrap());
    }
    for task in 0..64 {
        assert_eq!(bookings(&store, &format!("{task}")).await, usize::from(task % 4 != 1));
    }
    assert_eq!(own.len(), 49);
    store.close().await.unwrap();
    assert_eq!(judge(&path, &own).await.len(), 49);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn updates_of_one_row_through_two_stores_lose_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let stores = [Arc::new(open(&path).await), Arc::new(open(&path).await)];
    let tasks = (0..8).map(|task| {
        let store = Arc::clone(&stores[task % 2]);
        tokio::spawn(async move {
            for _ in 0..100 {
                book(&store, "a", Expected::Any, event(10)).await.unwrap();
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
    assert_eq!(bookings(&stores[0], "a").await, 800);
}
