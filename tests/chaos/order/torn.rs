//! MySQL and MariaDB: a view that was torn, in which a commit is seen and the one before it is not, is seen through.

use bailiwick::{
    Expected, Position, Store, Timestamp, Version,
    envelope::{Envelope, StreamId},
    sql::MysqlStore,
    store::{Append, Commit, Load, OutboxMessage, Until},
};
use sqlx::{Connection, Executor, MySqlConnection};
use tests::servers::{self, Room};

/// A stream of four events, a microsecond apart, with their messages. Each connection misses the second row of a table the first time.
struct World {
    room: Room,
    store: MysqlStore,
}

impl World {
    async fn torn(table: &str, column: &str) -> Option<Self> {
        let world = Self::new().await?;
        let hides = "CREATE FUNCTION shown(number BIGINT) RETURNS BOOLEAN NOT DETERMINISTIC BEGIN
            IF number = 2 AND @hidden IS NULL THEN SET @hidden = 1; RETURN FALSE; END IF; RETURN TRUE; END";
        let mut db = world.connection().await;
        db.execute(hides).await.unwrap();
        let view =
            format!("RENAME TABLE {table} TO kept; CREATE VIEW {table} AS SELECT * FROM kept WHERE shown({column})");
        db.execute(sqlx::AssertSqlSafe(view)).await.unwrap();
        Some(world)
    }

    async fn new() -> Option<Self> {
        let room = servers::mysql()?.room();
        let store = MysqlStore::connect(&room.url()).unwrap();
        store.migrate().await.unwrap();
        for version in 0..4_u32 {
            let event = Envelope { time: Timestamp::from_micros(i64::from(version) + 1), ..super::placed() };
            let message = OutboxMessage { topic: "orders".into(), envelope: event.clone() };
            let appends = vec![Append {
                stream: stream(),
                expected: Expected::at(Version::new(version.into())),
                events: vec![event],
            }];
            store.commit(Commit { appends, outbox: vec![message], ..Commit::default() }).await.unwrap();
        }
        Some(Self { room, store })
    }

    async fn connection(&self) -> MySqlConnection {
        MySqlConnection::connect(&self.room.url()).await.unwrap()
    }

    async fn positions(&self, after: u64, limit: usize) -> Vec<u64> {
        let page = self.store.read(Position::new(after), limit).await.unwrap();
        page.iter().map(|event| event.position.get()).collect()
    }
}

fn stream() -> StreamId {
    StreamId::new("order", "1").unwrap()
}

#[tokio::test]
async fn an_event_that_a_torn_view_misses_is_read_where_it_belongs() {
    let Some(world) = World::torn("bw_event", "position").await else { return };
    assert_eq!(world.positions(0, 10).await, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_page_that_begins_with_the_missed_event_begins_with_it() {
    let Some(world) = World::torn("bw_event", "position").await else { return };
    assert_eq!(world.positions(1, 2).await, [2, 3]);
}

#[tokio::test]
async fn a_stream_is_loaded_with_the_version_that_a_torn_view_misses() {
    let Some(world) = World::torn("bw_event", "version").await else { return };
    let loaded = world.store.load(Load::all(None, stream())).await.unwrap();
    let versions: Vec<u64> = loaded.events.iter().map(|event| event.version.get()).collect();
    assert_eq!(versions, [1, 2, 3, 4]);
}

#[tokio::test]
async fn a_stream_as_of_a_time_ends_before_the_version_that_a_torn_view_misses() {
    let Some(world) = World::torn("bw_event", "version").await else { return };
    let until = Until::Time(Timestamp::from_micros(1));
    let loaded = world.store.load(Load { until, ..Load::all(None, stream()) }).await.unwrap();
    assert_eq!(loaded.events.len(), 1);
}

#[tokio::test]
async fn a_message_that_a_torn_view_misses_is_read_before_those_behind_it() {
    let Some(world) = World::torn("bw_outbox", "seq").await else { return };
    let numbers: Vec<u64> = world.store.outbox(0, 3).await.unwrap().iter().map(|row| row.seq).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[tokio::test]
async fn an_event_that_was_taken_out_of_the_table_holds_up_nobody() {
    let Some(world) = World::new().await else { return };
    let mut db = world.connection().await;
    db.execute("TRUNCATE bw_outbox; CREATE TABLE kept AS SELECT * FROM bw_event WHERE position <> 2").await.unwrap();
    db.execute("TRUNCATE bw_event; INSERT INTO bw_event SELECT * FROM kept").await.unwrap();
    assert_eq!(world.positions(0, 10).await, [1, 3, 4]);
    assert_eq!(world.positions(1, 10).await, [3, 4]);
}
