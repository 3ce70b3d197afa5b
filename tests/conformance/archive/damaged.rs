//! Rows that were changed behind the store's back.

use bailiwick::{
    ErrorKind, Position,
    archive::{self, Finding, Options},
    sql::{MysqlStore, PostgresStore, SqliteStore},
    store::{AnyStore, FaultKind, Load},
};
use rusqlite::{Connection, types::Value};
use sqlx::{AssertSqlSafe, Connection as _, Executor, MySqlConnection, PgConnection};
use tests::servers;

use super::fill;

const COLUMNS: [&str; 13] = [
    "checksum", "tenant", "category", "stream", "version", "message", "name", "schema", "kind", "time", "key",
    "metadata", "payload",
];

/// A file with events and, beside the store, a connection of its own to which the log is not closed.
async fn open() -> (tempfile::TempDir, AnyStore, Connection) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.db");
    let store = AnyStore::new(SqliteStore::options(&path).readers(1).open().unwrap());
    store.migrate().await.unwrap();
    fill(&store, 40).await;
    let database = Connection::open(path).unwrap();
    database.execute_batch("DROP TRIGGER bw_event_no_update; DROP TRIGGER bw_event_no_delete").unwrap();
    (folder, store, database)
}

/// Numbers that look like chance.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }
}

/// The value with one bit turned; `None` if it has none.
fn flipped(value: &Value, dice: &mut Dice) -> Option<Value> {
    let mut turn = |bytes: &[u8]| {
        let mut bytes = bytes.to_vec();
        let at = dice.below(bytes.len().max(1) as u64) as usize;
        *bytes.get_mut(at)? ^= 1 << dice.below(8);
        Some(bytes)
    };
    match value {
        Value::Integer(number) => Some(Value::Integer(number ^ (1 << dice.below(64)))),
        Value::Text(text) => turn(text.as_bytes()).map(Value::Blob),
        Value::Blob(bytes) => turn(bytes).map(Value::Blob),
        Value::Null | Value::Real(_) => None,
    }
}

#[tokio::test]
async fn each_of_a_thousand_flipped_bits_is_found() {
    let (_folder, store, database) = open().await;
    let (mut dice, mut flips) = (Dice(7), 0);
    let count = store.counts().await.unwrap().events;
    while flips < 1_000 {
        let (column, row) = (COLUMNS[dice.below(13) as usize], 1 + dice.below(count) as i64);
        let read = format!("SELECT {column} FROM bw_event WHERE position = ?1");
        let before: Value = database.query_row(&read, [row], |row| row.get(0)).unwrap();
        let Some(after) = flipped(&before, &mut dice) else { continue };
        let kind = if matches!(before, Value::Text(_)) { "CAST(?2 AS TEXT)" } else { "?2" };
        let write = format!("UPDATE OR IGNORE bw_event SET {column} = {kind} WHERE position = ?1");
        if database.execute(&write, (row, &after)).unwrap() == 0 {
            continue;
        }
        flips += 1;
        let report = archive::verify(&store, Options::new()).await.unwrap();
        let rows = report.findings.iter().filter_map(|finding| match finding {
            Finding::Row(position, error) => Some((position.get() as i64, error.code(), error.kind())),
            _ => None,
        });
        let found: Vec<_> = rows.collect();
        assert_eq!(found, [(row, "store/corrupt_event", ErrorKind::Corrupt)], "{column}: {before:?} → {after:?}");
        let error = store.read(Position::START, usize::MAX).await.unwrap_err();
        assert_eq!((error.code(), error.field("position")), ("store/corrupt_event", Some(&*row.to_string())));
        let restore = format!("UPDATE bw_event SET {column} = ?2 WHERE position = ?1");
        database.execute(&restore, (row, &before)).unwrap();
    }
    assert!(archive::verify(&store, Options::new()).await.unwrap().is_sound());
}

#[tokio::test]
async fn a_load_tells_the_event_that_was_changed() {
    let (_folder, store, database) = open().await;
    let event = store.read(Position::START, usize::MAX).await.unwrap().swap_remove(3);
    let row = store.log(Position::START, 9).await.unwrap().swap_remove(3).event.unwrap();
    database.execute("UPDATE bw_event SET payload = x'7b7d20' WHERE position = 4", []).unwrap();
    let error = store.load(Load::all(row.tenant, event.stream.clone())).await.unwrap_err();
    assert_eq!((error.code(), error.kind()), ("store/corrupt_event", ErrorKind::Corrupt));
    assert_eq!(error.field("stream"), Some(&*event.stream.to_string()));
    assert_eq!(error.field("version"), Some(&*event.version.to_string()));
    assert_eq!(error.field("position"), Some("4"));
}

#[tokio::test]
async fn an_event_that_is_gone_leaves_a_gap() {
    let (_folder, store, database) = open().await;
    database.execute("DELETE FROM bw_event WHERE position = 2", []).unwrap();
    let report = archive::verify(&store, Options::new()).await.unwrap();
    let [Finding::Fault(fault)] = &report.findings[..] else { panic!("{report}") };
    assert_eq!((fault.kind, fault.head - fault.found), (FaultKind::Gap, 1));
    assert!(report.to_string().contains("events, and version"), "{report}");
}

#[tokio::test]
async fn findings_are_counted_beyond_those_that_are_told() {
    let (_folder, store, database) = open().await;
    database.execute("UPDATE bw_event SET time = time + 1", []).unwrap();
    let report = archive::verify(&store, Options::new().findings(3)).await.unwrap();
    assert_eq!((report.findings.len(), report.total), (3, store.counts().await.unwrap().events));
    let exported = archive::export(&store, Vec::new(), Options::new()).await;
    assert_eq!(exported.unwrap_err().code(), "store/corrupt_event");
}

/// A change for each column; the quotes are those of MySQL.
const CHANGES: [&str; 12] = [
    "tenant = 'other'",
    "category = 'other'",
    "stream = 'other'",
    "version = version + 1000",
    "name = 'other'",
    "`schema` = `schema` + 1",
    "kind = MOD(kind + 1, 3)",
    "time = time - 1",
    "`key` = 'other'",
    "metadata = '{\"actor\":\"other\"}'",
    "payload = 'other'",
    "checksum = checksum + 1",
];

fn changes() -> impl Iterator<Item = String> {
    (1..).zip(CHANGES).map(|(row, change)| format!("UPDATE bw_event SET {change} WHERE position = {row}"))
}

/// Each of the first rows is told, and a reader of the log gets no further than the first.
async fn all_are_found(store: AnyStore) {
    let report = archive::verify(&store, Options::new()).await.unwrap();
    let found = report.findings.iter().filter_map(|finding| match finding {
        Finding::Row(position, error) if error.code() == "store/corrupt_event" => Some(position.get()),
        _ => None,
    });
    assert_eq!(found.collect::<Vec<_>>(), (1..=CHANGES.len() as u64).collect::<Vec<_>>(), "{report}");
    assert_eq!(store.read(Position::START, 20).await.unwrap_err().code(), "store/corrupt_event");
    store.close().await.unwrap();
}

#[tokio::test]
async fn a_change_of_any_column_is_found_on_postgres() {
    let Some(server) = servers::postgres() else { return };
    let room = server.room();
    let options = PostgresStore::options(&room.url()).unwrap().schema(room.name()).unwrap();
    let store = AnyStore::new(options.connect().unwrap());
    store.migrate().await.unwrap();
    fill(&store, 20).await;
    let mut database = PgConnection::connect(&room.url()).await.unwrap();
    let open = format!("SET search_path TO \"{}\"; DROP TRIGGER bw_event_append_only ON bw_event", room.name());
    database.execute(sqlx::raw_sql(AssertSqlSafe(open))).await.unwrap();
    for change in changes() {
        database.execute(sqlx::raw_sql(AssertSqlSafe(change.replace('`', "\"")))).await.unwrap();
    }
    all_are_found(store).await;
}

#[tokio::test]
async fn a_change_of_any_column_is_found_on_mysql() {
    let Some(server) = servers::mysql() else { return };
    let room = server.room();
    let store = AnyStore::new(MysqlStore::connect(&room.url()).unwrap());
    store.migrate().await.unwrap();
    fill(&store, 20).await;
    let mut database = MySqlConnection::connect(&room.url()).await.unwrap();
    database.execute("DROP TRIGGER bw_event_no_update").await.unwrap();
    for change in changes() {
        database.execute(sqlx::raw_sql(AssertSqlSafe(change))).await.unwrap();
    }
    all_are_found(store).await;
}
