//! PostgreSQL: positions are drawn before they are seen, and some never are.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};

use bailiwick::{
    Clock, Expected, Position, Store,
    envelope::{Envelope, StreamId},
    sql::PostgresStore,
    store::{Append, Commit},
};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, Row, postgres::PgConnectOptions};
use tests::servers::{self, Room};

use super::foreign;

/// A database schema of a test's own, and how to reach it with and without the store.
struct World {
    room: Room,
    options: PgConnectOptions,
    store: Arc<PostgresStore>,
}

impl World {
    async fn new() -> Option<Self> {
        let room = servers::postgres()?.room();
        let (url, schema) = (room.url(), room.name());
        let store = PostgresStore::options(&url).unwrap().schema(schema).unwrap().relaxed().connect().unwrap();
        store.migrate().await.unwrap();
        let options: PgConnectOptions = url.parse().unwrap();
        let options = options.options([("search_path", schema), ("synchronous_commit", "off")]);
        let options = options.disable_statement_logging();
        Some(Self { room, options, store: Arc::new(store) })
    }

    async fn connection(&self) -> PgConnection {
        PgConnection::connect_with(&self.options).await.unwrap()
    }

    /// What lies in the log, without any care for its order.
    async fn stored(&self) -> BTreeSet<u64> {
        let rows = sqlx::query("SELECT position FROM bw_event").fetch_all(&mut self.connection().await).await.unwrap();
        rows.iter().map(|row| u64::try_from(row.get::<i64, _>(0)).unwrap()).collect()
    }

    async fn end(self) {
        self.store.close().await.unwrap();
        drop(self.room);
    }
}

/// Inserts an event by hand, as another process would, and answers its position.
async fn insert(db: &mut PgConnection) -> u64 {
    let sql = "INSERT INTO bw_event
            (checksum, tenant, category, stream, version, message, name, schema, kind, time, payload)
        VALUES ($1, '', 'order', $2, 1, $3, 'order.placed', 1, 0, 0, '{}') RETURNING position";
    let stream = Clock::system().message_id().to_string();
    let (event, checksum) = foreign(&stream);
    let query = sqlx::query(sql).bind(checksum).bind(stream).bind(*event.id.as_uuid());
    u64::try_from(query.fetch_all(db).await.unwrap()[0].get::<i64, _>(0)).unwrap()
}

async fn append(store: &PostgresStore) -> u64 {
    let id = Clock::system().message_id();
    let event = Envelope { id, ..super::placed() };
    let stream = StreamId::new("order", id.to_string()).unwrap();
    let appends = vec![Append { stream, expected: Expected::NoStream, events: vec![event] }];
    store.commit(Commit { appends, ..Commit::default() }).await.unwrap().position().get()
}

/// Follows the global order as a projection does; every position must be above the one before it.
struct Reader {
    store: Arc<PostgresStore>,
    at: u64,
    seen: BTreeSet<u64>,
}

impl Reader {
    fn new(world: &World) -> Self {
        Self { store: Arc::clone(&world.store), at: 0, seen: BTreeSet::new() }
    }

    async fn step(&mut self) -> usize {
        let page = self.store.read(Position::new(self.at), 500).await.unwrap();
        for event in &page {
            assert!(event.position.get() > self.at, "{} after {}", event.position, self.at);
            self.at = event.position.get();
            self.seen.insert(self.at);
        }
        page.len()
    }

    /// Reads until it has come to a position.
    async fn reach(&mut self, position: u64) {
        while self.at < position {
            self.step().await;
        }
    }
}

async fn within<T>(what: &str, work: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(60), work).await.unwrap_or_else(|_| panic!("{what}: still waiting"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_is_held_back_while_thousands_commit_is_not_passed() {
    let Some(world) = World::new().await else { return };
    let before = append(&world.store).await;
    let mut slow = world.connection().await;
    slow.execute("BEGIN").await.unwrap();
    let late = insert(&mut slow).await;
    for _ in 0..3_000 {
        append(&world.store).await;
    }
    let mut reader = Reader::new(&world);
    for _ in 0..3 {
        reader.step().await;
        assert_eq!(reader.at, before, "nothing behind the event that is still to come");
    }
    slow.execute("COMMIT").await.unwrap();
    within("the late event", reader.reach(late + 3_000)).await;
    assert!(reader.seen.contains(&late));
    assert_eq!(reader.seen, world.stored().await);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_with_events_on_both_sides_of_a_hole_is_not_torn() {
    let Some(world) = World::new().await else { return };
    let (mut whole, mut slow) = (world.connection().await, world.connection().await);
    whole.execute("BEGIN").await.unwrap();
    slow.execute("BEGIN").await.unwrap();
    insert(&mut whole).await;
    insert(&mut slow).await;
    let last = insert(&mut whole).await;
    whole.execute("COMMIT").await.unwrap();
    let mut reader = Reader::new(&world);
    assert_eq!(reader.step().await, 0, "the first of two events of one commit");
    slow.execute("COMMIT").await.unwrap();
    within("the whole commit", reader.reach(last)).await;
    assert_eq!(reader.seen.len(), 3);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_event_that_never_comes_holds_up_nobody() {
    let Some(world) = World::new().await else { return };
    let mut slow = world.connection().await;
    slow.execute("BEGIN").await.unwrap();
    insert(&mut slow).await;
    let last = append(&world.store).await;
    let mut reader = Reader::new(&world);
    assert_eq!(reader.step().await, 0);
    slow.execute("ROLLBACK").await.unwrap();
    within("the event behind the hole", reader.reach(last)).await;
    let mut burner = world.connection().await;
    burner
        .execute("SELECT nextval(pg_get_serial_sequence('bw_event', 'position')) FROM generate_series(1, 5000)")
        .await
        .unwrap();
    let last = append(&world.store).await;
    within("the event behind five thousand holes", reader.reach(last)).await;
    assert_eq!(reader.seen, world.stored().await);
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn writers_who_never_pause_hold_up_nobody() {
    let Some(world) = World::new().await else { return };
    let (mut one, mut other) = (world.connection().await, world.connection().await);
    one.execute("BEGIN").await.unwrap();
    insert(&mut one).await;
    one.execute("ROLLBACK").await.unwrap(); // a hole for ever
    one.execute("BEGIN").await.unwrap();
    let mut reader = Reader::new(&world);
    insert(&mut one).await;
    let behind = append(&world.store).await;
    // Somebody is inserting at each moment, and never the same for long.
    let relay = async {
        loop {
            other.execute("BEGIN").await.unwrap();
            insert(&mut other).await;
            one.execute("COMMIT").await.unwrap();
            tokio::time::sleep(Duration::from_millis(30)).await;
            std::mem::swap(&mut one, &mut other);
        }
    };
    tokio::select! {
        () = relay => {}
        () = within("the event behind the hole", reader.reach(behind)) => {}
    }
    drop((one, other)); // what they inserted last is rolled back
    world.end().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn transactions_that_insert_no_event_hold_up_nobody() {
    let Some(world) = World::new().await else { return };
    let mut foreign = world.connection().await;
    foreign.execute("CREATE TABLE notes (text text)").await.unwrap();
    foreign.execute("BEGIN ISOLATION LEVEL REPEATABLE READ").await.unwrap();
    foreign.execute("INSERT INTO notes SELECT count(*)::text FROM bw_event").await.unwrap();
    let mut slow = world.connection().await;
    slow.execute("BEGIN").await.unwrap();
    insert(&mut slow).await;
    slow.execute("ROLLBACK").await.unwrap();
    let last = append(&world.store).await;
    within("the event beside a long transaction", Reader::new(&world).reach(last)).await;
    foreign.execute("COMMIT").await.unwrap();
    world.end().await;
}

/// 30,000 transactions of eight writers; of those by hand 4 % are rolled back and some last long. Beside the reader runs
/// one that asks for what is above the last position, to show what would be lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_thirty_thousand_commits_none_is_lost() {
    const COMMITS: u64 = 30_000;
    let Some(world) = World::new().await else { return };
    let (left, done) = (Arc::new(AtomicU64::new(COMMITS)), Arc::new(AtomicBool::new(false)));
    let mut writers = Vec::new();
    for writer in 0..8 {
        let (mut db, store, left) = (world.connection().await, Arc::clone(&world.store), Arc::clone(&left));
        writers.push(tokio::spawn(async move {
            while let Ok(number) = left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |left| left.checked_sub(1)) {
                if writer % 2 == 0 {
                    append(&store).await;
                    continue;
                }
                db.execute("BEGIN").await.unwrap();
                insert(&mut db).await;
                if number % 300 < 2 {
                    tokio::time::sleep(Duration::from_millis(120)).await;
                }
                let end = if number % 25 == 0 { "ROLLBACK" } else { "COMMIT" };
                db.execute(end).await.unwrap();
            }
        }));
    }
    let naive = tokio::spawn(naive(world.connection().await, Arc::clone(&done)));
    let mut reader = Reader::new(&world);
    let reading = tokio::spawn({
        let done = Arc::clone(&done);
        async move {
            while !done.load(Ordering::SeqCst) {
                reader.step().await;
            }
            reader
        }
    });
    for writer in writers {
        writer.await.unwrap();
    }
    done.store(true, Ordering::SeqCst);
    let (mut reader, naive, stored) = (reading.await.unwrap(), naive.await.unwrap(), world.stored().await);
    within("the end of the log", reader.reach(*stored.last().unwrap())).await;
    assert_eq!(stored.difference(&reader.seen).count(), 0, "events were lost");
    assert_eq!(reader.seen.len(), stored.len());
    let missed = stored.difference(&naive).filter(|position| **position < *naive.last().unwrap()).count();
    assert!(missed > 0, "a reader without care would have lost nothing here: the test shows nothing");
    println!("{} events, {missed} of them lost by a reader without care", stored.len());
    world.end().await;
}

async fn naive(mut db: PgConnection, done: Arc<AtomicBool>) -> BTreeSet<u64> {
    let (mut seen, mut at) = (BTreeSet::new(), 0);
    while !done.load(Ordering::SeqCst) {
        let sql = "SELECT position FROM bw_event WHERE position > $1 ORDER BY position LIMIT 500";
        for row in sqlx::query(sql).bind(at).fetch_all(&mut db).await.unwrap() {
            at = row.get::<i64, _>(0);
            seen.insert(u64::try_from(at).unwrap());
        }
    }
    seen
}
