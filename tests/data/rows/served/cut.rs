//! Connections that end, and callers that leave.

use std::time::Duration;

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

/// What is dropped at each of its polls, until it ends by itself; answers how often that was.
async fn dropped_everywhere<F: Future>(db: &Db, work: impl Fn(usize) -> F) -> usize {
    for polls in 1.. {
        let ended = after_polls(polls, work(polls)).await.is_some();
        let next = async { db.repository::<Country>().try_get("de".into()).await };
        let read = timeout(Duration::from_secs(4), next).await.unwrap().unwrap();
        assert_eq!(read.unwrap().code, "de");
        if ended {
            return polls;
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
        let reads = dropped_everywhere(&db, |_| async { db.repository::<Country>().get("de".into()).await }).await;
        let writes = dropped_everywhere(&db, |polls| {
            let db = db.clone();
            async move { db.repository::<Country>().insert(country(&format!("{polls:02}"))).await }
        })
        .await;
        assert!(reads > 1 && writes > 1, "{kind:?}: {reads} {writes}");
        db.close().await.unwrap();
    }
}
