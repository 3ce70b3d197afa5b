//! A link that is dead without a sign: nothing comes any more, and nobody closes it.

use std::time::Duration;

use bailiwick::{
    Expected, Store, Version,
    sql::{MysqlStore, PostgresStore},
    store::{Commit, ModelKey},
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, MySqlConnection, PgConnection};
use tests::{
    proxy::{Fate, Proxy, contains},
    servers::{self, Room},
};
use tokio::time::{sleep, timeout};

use crate::bookings::{booking, bookings, event};

/// How long the stores wait for a sign, and much longer: but less than the 30 s after which MariaDB ends by itself a
/// transaction that fell silent.
const PATIENCE: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(25);

/// The server has the bytes, or has not; the connection stays open and carries nothing.
const FATES: [Fate; 2] = [Fate::Silent, Fate::Held];

struct World<S> {
    room: Room,
    proxy: Proxy,
    store: S,
}

async fn postgres() -> Option<World<PostgresStore>> {
    let room = servers::postgres()?.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    let options = PostgresStore::options(&url).unwrap().schema(room.name()).unwrap().writers(1).notices(false);
    let store = options.connect_timeout(PATIENCE).connect().unwrap();
    migrated(&store).await;
    Some(World { room, proxy, store })
}

async fn mysql() -> Option<World<MysqlStore>> {
    let room = servers::mysql()?.room();
    let (proxy, url) = Proxy::before(&room.url()).await;
    let options = MysqlStore::options(&format!("{url}?ssl-mode=DISABLED")).unwrap();
    let store = options.connect_timeout(PATIENCE).lock_timeout(LONG).connect().unwrap();
    migrated(&store).await;
    Some(World { room, proxy, store })
}

/// A busy machine may take longer than the store waits.
async fn migrated(store: &impl Store) {
    while let Err(error) = store.migrate().await {
        assert!(error.is_transient(), "{error}");
    }
}

impl<S: Store> World<S> {
    /// Commits while the link falls silent where these bytes are sent.
    async fn commits(&self, mark: &[u8], fate: Fate, commit: Commit) {
        let before = self.proxy.cuts();
        self.proxy.cut_at(mark, fate);
        let done = timeout(LONG, self.store.commit(commit)).await.expect("it waits for ever").unwrap();
        assert_eq!(self.proxy.cuts(), before + 1, "{fate:?}");
        assert!(done.appends.len() < 2);
    }

    /// Whether a connection has sent these bytes since it was recorded.
    fn sent(&self, mark: &[u8]) -> bool {
        self.proxy.recorded().iter().any(|sent| contains(sent, mark))
    }
}

/// One that has a transaction of its own, and one that is a statement.
fn booked(version: u64, plain: bool) -> Commit {
    let mut commit = booking("a", Expected::at(Version::new(version)), event(40));
    if plain {
        commit.models.clear();
    }
    commit
}

/// One whose outcome no event tells.
fn counted() -> Commit {
    Commit { models: booking("a", Expected::Any, event(40)).models, ..Commit::default() }
}

/// Where a transaction of this kind of server begins, writes and ends.
async fn happens_once(world: &World<impl Store>, marks: [&[u8]; 3]) {
    let mut version = 0;
    for mark in marks {
        for fate in FATES {
            world.commits(mark, fate, booked(version, false)).await;
            version += 1;
            assert_eq!(bookings(&world.store, "a").await as u64, version, "{fate:?}");
        }
    }
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_on_postgres_whose_link_falls_silent_happens_once() {
    let Some(world) = postgres().await else { return };
    happens_once(&world, [b"BEGIN", b"rooms", b"COMMIT\0"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_transaction_on_mysql_whose_link_falls_silent_happens_once() {
    let Some(world) = mysql().await else { return };
    happens_once(&world, [b"room", b"rooms", b"; COMMIT"]).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_on_postgres_whose_link_falls_silent_happens_once() {
    let Some(world) = postgres().await else { return };
    for (version, fate) in (0..).zip(FATES) {
        world.commits(b"xxxxxxxx", fate, booked(version, true)).await;
        assert_eq!(world.store.counts().await.unwrap().events, version + 1, "{fate:?}");
    }
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_without_events_whose_link_falls_silent_happens_once() {
    let Some(world) = postgres().await else { return };
    let marks: [&[u8]; 3] = [b"BEGIN", b"bookings", b"COMMIT\0"];
    for (number, (mark, fate)) in (1..).zip(marks.into_iter().flat_map(|mark| FATES.map(|fate| (mark, fate)))) {
        world.commits(mark, fate, counted()).await;
        let key = ModelKey { tenant: None, model: "bookings", key: "a".into(), generation: None };
        let row = world.store.model(key).await.unwrap().unwrap();
        assert_eq!(row.value, number.to_string().into_bytes(), "{fate:?}");
    }
    world.store.close().await.unwrap();
}

async fn is_read(world: &World<impl Store>) {
    world.store.commit(booked(0, false)).await.unwrap();
    for fate in FATES {
        world.proxy.cut_at(b"bookings", fate);
        assert_eq!(timeout(LONG, bookings(&world.store, "a")).await.expect("it waits for ever"), 1, "{fate:?}");
    }
    assert_eq!(world.proxy.cuts(), FATES.len());
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_on_postgres_whose_link_falls_silent_is_done_on_another_connection() {
    let Some(world) = postgres().await else { return };
    is_read(&world).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_read_on_mysql_whose_link_falls_silent_is_done_on_another_connection() {
    let Some(world) = mysql().await else { return };
    is_read(&world).await;
}

/// Commits while somebody holds a lock, for many times the patience.
async fn waits(world: &World<impl Store>, release: impl Future<Output = ()>) {
    let release = async {
        sleep(PATIENCE * 4).await;
        release.await;
    };
    let (done, ()) = tokio::join!(timeout(LONG, world.store.commit(booked(0, false))), release);
    assert_eq!(done.expect("it waits for ever").unwrap().appends[0].0, Version::new(1));
    assert_eq!(bookings(&world.store, "a").await, 1);
    world.store.close().await.unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_on_postgres_that_waits_for_a_lock_is_asked_after_and_left_alone() {
    let Some(world) = postgres().await else { return };
    let mut holder = PgConnection::connect(&world.room.url()).await.unwrap();
    let lock = format!("BEGIN; LOCK TABLE {}.bw_event IN EXCLUSIVE MODE", world.room.name());
    holder.execute(sqlx::raw_sql(AssertSqlSafe(lock))).await.unwrap();
    world.proxy.record();
    waits(&world, async {
        holder.execute("COMMIT").await.unwrap();
    })
    .await;
    assert!(world.sent(b"NOT LIKE 'idle%'") && !world.sent(b"pg_terminate_backend"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_on_mysql_that_waits_for_its_turn_is_asked_after_and_left_alone() {
    let Some(world) = mysql().await else { return };
    let mut holder = MySqlConnection::connect(&world.room.url()).await.unwrap();
    holder.execute("BEGIN").await.unwrap();
    holder.execute("SELECT 1 FROM bw_turn WHERE no = 1 FOR UPDATE").await.unwrap();
    world.proxy.record();
    waits(&world, async {
        holder.execute("ROLLBACK").await.unwrap();
    })
    .await;
    assert!(world.sent(b"processlist") && !world.sent(b"KILL"));
}
