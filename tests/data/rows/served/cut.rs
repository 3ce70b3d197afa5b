//! Connections that end, and callers that leave.

use std::{
    sync::atomic::{AtomicU8, Ordering},
    time::Duration,
};

use bailiwick::repository::Db;
use tests::drop_at::after_polls;
use tokio::time::{sleep, timeout};

use super::{
    super::shop::{Country, NewCountry, tables},
    Other, db, rooms,
};

fn country(code: &str) -> NewCountry {
    NewCountry { code: code.into(), name: code.into() }
}

/// Ends all connections once one of them waits, and then lets go of the table.
async fn cut(other: &mut Other) {
    while other.waiting().await == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    other.end_all().await;
    sleep(Duration::from_millis(50)).await;
    other.unlock().await;
}

#[tokio::test]
async fn a_read_whose_connection_ends_is_repeated_and_a_write_is_not() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        db.repository::<Country>().insert(country("de")).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        other.lock("country").await;
        let (read, ()) = tokio::join!(async { db.repository::<Country>().get("de".into()).await }, cut(&mut other));
        assert_eq!(read.unwrap().code, "de", "{kind:?}");
        other.lock("country").await;
        let (written, ()) =
            tokio::join!(async { db.repository::<Country>().insert(country("fr")).await }, cut(&mut other));
        let error = written.unwrap_err();
        assert!(error.is_unknown_outcome() && error.code() == "db/commit_unknown", "{kind:?}: {error:?}");
        assert_eq!(db.repository::<Country>().try_get("fr".into()).await.unwrap(), None, "{kind:?}");
        db.repository::<Country>().insert(country("fr")).await.unwrap();
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn a_connection_that_ended_long_ago_is_replaced() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 2);
        db.migrate(tables()).await.unwrap();
        let mut other = Other::new(kind, &room).await;
        for _ in 0..3 {
            assert_eq!(db.repository::<Country>().try_get("de".into()).await.unwrap(), None);
            other.end_all().await;
        }
        assert_eq!(db.repository::<Country>().try_get("de".into()).await.unwrap(), None);
        db.close().await.unwrap();
    }
}

const ROUNDS: usize = 10;

/// Drops work at each of its polls, until it ends by itself; answers how often that was.
async fn dropped_everywhere<F: Future>(db: &Db, work: impl Fn() -> F) -> usize {
    for polls in 1.. {
        let ended = after_polls(polls, work()).await.is_some();
        let next = async { db.repository::<Country>().try_get("de".into()).await };
        let read = timeout(Duration::from_secs(4), next).await.unwrap().unwrap();
        assert_eq!(read.unwrap().code, "de");
        if ended {
            return polls - 1;
        }
    }
    0
}

#[tokio::test]
async fn who_leaves_at_any_moment_leaves_a_connection_for_the_next() {
    for (kind, room) in rooms() {
        let db = db(kind, &room, 1);
        db.migrate(tables()).await.unwrap();
        db.repository::<Country>().insert(country("de")).await.unwrap();
        let (mut dropped, number) = (0, AtomicU8::new(0));
        for _ in 0..ROUNDS {
            dropped += dropped_everywhere(&db, || async { db.repository::<Country>().get("de".into()).await }).await;
            dropped += dropped_everywhere(&db, || {
                let (db, code) = (db.clone(), format!("{:02x}", number.fetch_add(1, Ordering::Relaxed)));
                async move { db.repository::<Country>().insert(country(&code)).await }
            })
            .await;
        }
        assert!(dropped > ROUNDS, "{kind:?}: {dropped}"); // a server that is fast may answer at the first poll
        db.close().await.unwrap();
    }
}
