//! More callers than connections.

use std::{
    sync::Mutex,
    time::{Duration, Instant},
};

use bailiwick::{Error, repository::Db};
use futures_util::future::join_all;
use tests::drop_at::after_polls;
use tokio::time::sleep;

use super::{
    super::shop::{Country, tables},
    Other,
    rested::{limited, set},
    rooms,
};

async fn read(db: &Db) -> Result<(), Error> {
    db.repository::<Country>().try_get("de".into()).await.map(drop)
}

/// Waits until so many calls wait for a connection.
async fn queued(db: &Db, waiting: usize) {
    let start = Instant::now();
    while db.pool().unwrap().waiting != waiting {
        assert!(start.elapsed() < Duration::from_secs(30), "{:?}", db.pool());
        sleep(Duration::from_millis(2)).await;
    }
}

#[tokio::test]
async fn who_waits_too_long_for_a_connection_is_told_so_and_nothing_was_sent() {
    for (kind, room) in rooms() {
        let db = limited(kind, &room.url(), &set!(readers(1), acquire_timeout(Duration::from_millis(100))));
        db.migrate(tables()).await.unwrap();
        let (mut other, mut observer) = (Other::new(kind, &room).await, Other::new(kind, &room).await);
        other.lock("country").await;
        let crowd = async {
            while observer.waiting().await == 0 {
                sleep(Duration::from_millis(5)).await;
            }
            let error = read(&db).await.unwrap_err();
            assert_eq!((error.code(), error.is_transient()), ("db/pool_timeout", true), "{kind:?}");
            assert_eq!(observer.waiting().await, 1, "{kind:?}");
            let pool = db.pool().unwrap();
            assert_eq!((pool.most, pool.in_use, pool.waiting, pool.waits), (2, 1, 0, 1), "{kind:?}");
            assert!(pool.p95 >= Duration::from_millis(100), "{pool:?}");
            other.unlock().await;
        };
        let (held, ()) = tokio::join!(read(&db), crowd);
        held.unwrap();
        read(&db).await.unwrap();
        let pool = db.pool().unwrap();
        assert_eq!((pool.size, pool.idle, pool.in_use), (1, 1, 0), "{kind:?}");
        db.close().await.unwrap();
    }
}

#[tokio::test]
async fn who_waits_is_served_in_the_order_of_coming_and_who_gives_up_leaves_nothing() {
    for (kind, room) in rooms() {
        let db = limited(kind, &room.url(), &set!(readers(1), acquire_timeout(Duration::from_secs(60))));
        db.migrate(tables()).await.unwrap();
        let (mut other, mut observer) = (Other::new(kind, &room).await, Other::new(kind, &room).await);
        other.lock("country").await;
        let served = Mutex::new(Vec::new());
        let one = async |number: usize| {
            queued(&db, number).await; // those before it
            read(&db).await.unwrap();
            served.lock().unwrap().push(number);
        };
        let crowd = async {
            while observer.waiting().await == 0 {
                sleep(Duration::from_millis(5)).await;
            }
            for _ in 0..50 {
                assert!(after_polls(1, read(&db)).await.is_none());
            }
            let unlocked = async {
                queued(&db, 4).await;
                other.unlock().await;
            };
            tokio::join!(join_all((0..4).map(one)), unlocked);
        };
        let (held, ()) = tokio::join!(read(&db), crowd);
        held.unwrap();
        assert_eq!(served.into_inner().unwrap(), [0, 1, 2, 3], "{kind:?}");
        let pool = db.pool().unwrap();
        assert_eq!((pool.waiting, pool.in_use), (0, 0), "{kind:?}");
        db.close().await.unwrap();
    }
}
