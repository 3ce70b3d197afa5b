//! MySQL and MariaDB: whoever writes takes its turn, and positions are given in the order of the commits, without holes.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    Clock, Expected, Position, Store,
    envelope::StreamId,
    sql::MysqlStore,
    store::{Append, Commit},
};
use sqlx::{Connection, Executor, MySqlConnection, Row};
use tests::servers::{self, Room};

use super::foreign;

/// A database of a test's own, and two stores over it, as two processes have them.
struct World {
    room: Room,
    stores: [Arc<MysqlStore>; 2],
}

impl World {
    async fn new() -> Option<Self> {
        let room = servers::mysql()?.room();
        let store =
            || MysqlStore::options(&room.url()).unwrap().lock_timeout(Duration::from_secs(1)).connect().unwrap();
        let stores = [Arc::new(store()), Arc::new(store())];
        let (one, other) = tokio::join!(stores[0].migrate(), stores[1].migrate());
        one.and(other).unwrap();
        Some(Self { room, stores })
    }

    async fn connection(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.room.url()).await.unwrap()
    }

    async fn stored(&self) -> Vec<u64> {
        let sql = "SELECT position FROM bw_event ORDER BY position";
        let rows = sqlx::query(sql).fetch_all(&mut self.connection().await).await.unwrap();
        rows.iter().map(|row| u64::try_from(row.get::<i64, _>(0)).unwrap()).collect()
    }

    async fn end(self) {
        for store in &self.stores {
            store.close().await.unwrap();
        }
    }
}

/// Takes the turn and inserts an event, as another program would that keeps the rules; its position.
async fn insert(db: &mut MySqlConnection) -> i64 {
    db.execute("BEGIN").await.unwrap();
    let turn = sqlx::query("SELECT position FROM bw_turn FOR UPDATE").fetch_all(&mut *db).await.unwrap();
    let position = turn[0].get::<i64, _>(0) + 1;
    let sql = "INSERT INTO bw_event
            (position, checksum, tenant, category, stream, version, message, name, `schema`, kind, time, payload)
        VALUES (?, ?, '', 'order', ?, 1, ?, 'order.placed', 1, 0, 0, '{}')";
    let stream = Clock::system().message_id().to_string();
    let (event, checksum) = foreign(&stream);
    let id = event.id.as_uuid().as_bytes().to_vec();
    sqlx::query(sql).bind(position).bind(checksum).bind(stream).bind(id).execute(&mut *db).await.unwrap();
    sqlx::query("UPDATE bw_turn SET position = ?").bind(position).execute(&mut *db).await.unwrap();
    position
}

fn placed(stream: &str) -> Commit {
    let event = super::placed();
    let stream = StreamId::new("order", stream).unwrap();
    let appends = vec![Append { stream, expected: Expected::NoStream, events: vec![event] }];
    Commit { appends, ..Commit::default() }
}

/// Appends to a stream of its own; its position.
async fn append(store: &MysqlStore) -> u64 {
    let stream = Clock::system().message_id().to_string();
    store.commit(placed(&stream)).await.unwrap().position().get()
}

/// Follows the global order; every event must be the one after the last.
async fn follow(store: &MysqlStore, at: &mut u64) -> usize {
    let page = store.read(Position::new(*at), 500).await.unwrap();
    for event in &page {
        assert_eq!(event.position.get(), *at + 1, "a hole or a late event");
        *at += 1;
    }
    page.len()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_is_held_back_holds_back_its_turn_and_is_passed_by_nobody() {
    let Some(world) = World::new().await else { return };
    let mut at = 0;
    append(&world.stores[0]).await;
    let mut slow = world.connection().await;
    let late = insert(&mut slow).await;
    let waiting = world.stores[1].commit(placed("waits")).await.unwrap_err();
    assert_eq!((waiting.code(), waiting.is_transient()), ("db/busy", true), "{waiting}");
    follow(&world.stores[0], &mut at).await;
    assert_eq!(at, 1, "nothing behind the event that is still to come");
    slow.execute("COMMIT").await.unwrap();
    assert_eq!(append(&world.stores[1]).await, u64::try_from(late).unwrap() + 1);
    follow(&world.stores[0], &mut at).await;
    assert_eq!(at, 3);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_never_comes_leaves_no_hole() {
    let Some(world) = World::new().await else { return };
    let mut slow = world.connection().await;
    insert(&mut slow).await;
    slow.execute("ROLLBACK").await.unwrap();
    insert(&mut slow).await;
    drop(slow); // the server rolls it back
    assert_eq!(append(&world.stores[0]).await, 1);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_insert_no_event_hold_up_nobody() {
    let Some(world) = World::new().await else { return };
    let mut foreign = world.connection().await;
    foreign.execute("CREATE TABLE notes (number BIGINT)").await.unwrap();
    foreign.execute("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    foreign.execute("BEGIN").await.unwrap();
    foreign.execute("INSERT INTO notes VALUES ((SELECT count(*) FROM bw_outbox))").await.unwrap();
    foreign.fetch_all("SELECT * FROM bw_event").await.unwrap();
    let last = append(&world.stores[0]).await;
    let mut at = 0;
    follow(&world.stores[1], &mut at).await;
    assert_eq!(at, last);
    foreign.execute("COMMIT").await.unwrap();
    world.end().await;
}

/// 30,000 transactions of eight writers over two stores: of those by hand 4 % are rolled back and some last long; of the
/// stores' some are refused. The reader meets every event at once where it belongs.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_thousand_commits_none_is_lost() {
    const COMMITS: u64 = 30_000;
    let Some(world) = World::new().await else { return };
    world.stores[0].commit(placed("taken")).await.unwrap();
    let (left, done) = (Arc::new(AtomicU64::new(COMMITS)), Arc::new(AtomicBool::new(false)));
    let refused = Arc::new(AtomicU64::new(0));
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (mut db, store) = (world.connection().await, Arc::clone(&world.stores[writer % 2]));
        let (left, refused) = (Arc::clone(&left), Arc::clone(&refused));
        writers.push(tokio::spawn(async move {
            while let Ok(number) = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
                if writer > 1 {
                    if number % 25 == 0 {
                        assert!(store.commit(placed("taken")).await.unwrap_err().is_conflict());
                        refused.fetch_add(1, Ordering::SeqCst);
                    }
                    append(&store).await;
                    continue;
                }
                insert(&mut db).await;
                if number % 300 < 2 {
                    tokio::time::sleep(Duration::from_millis(40)).await;
                }
                let back = number % 25 == 0;
                refused.fetch_add(u64::from(back), Ordering::SeqCst);
                db.execute(if back { "ROLLBACK" } else { "COMMIT" }).await.unwrap();
            }
        }));
    }
    let (store, finished) = (Arc::clone(&world.stores[0]), Arc::clone(&done));
    let reading = tokio::spawn(async move {
        let mut at = 0;
        while follow(&store, &mut at).await > 0 || !finished.load(Ordering::SeqCst) {}
        at
    });
    for writer in writers {
        writer.await.unwrap();
    }
    done.store(true, Ordering::SeqCst);
    let (at, stored) = (reading.await.unwrap(), world.stored().await);
    assert_eq!(stored, (1..=at).collect::<Vec<_>>(), "the log is not what was read");
    println!("{at} events, {} transactions refused or rolled back", refused.load(Ordering::SeqCst));
    world.end().await;
}
