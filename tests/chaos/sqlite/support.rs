//! What the cases share: a store over a file, and a judge that reads the file.

use std::path::Path;

use bailiwick::{Envelope, Error, Expected, Position, Store, Uuid, id::MessageId, sql::SqliteStore};

use crate::bookings as any;
pub use crate::bookings::{Acknowledged, booking, event};

/// Opens a store and brings its schema up.
pub async fn open(path: &Path) -> SqliteStore {
    let store = SqliteStore::open(path).unwrap();
    store.migrate().await.unwrap();
    store
}

/// Books a room and says what was acknowledged.
pub async fn book(store: &SqliteStore, id: &str, expected: Expected, event: Envelope) -> Result<Acknowledged, Error> {
    any::book(store, id, expected, event).await
}

/// How many bookings a stream has, after asserting that all agrees.
pub async fn bookings(store: &SqliteStore, id: &str) -> usize {
    any::bookings(store, id).await
}

/// Asserts that the file is sound, that each acknowledged event stands where it was acknowledged, and that each event has
/// its outbox row. Answers the ids of all events.
pub async fn judge(path: &Path, acknowledged: &[Acknowledged]) -> Vec<MessageId> {
    let database = rusqlite::Connection::open(path).unwrap();
    let verdict: String = database.query_row("PRAGMA integrity_check", [], |row| row.get(0)).unwrap();
    assert_eq!(verdict, "ok");
    // In one transaction: a store that was dropped may still be ending what it had begun.
    let moment = database.unchecked_transaction().unwrap();
    let ids = messages(&moment, "SELECT message FROM bw_event ORDER BY position");
    let sent = messages(&moment, "SELECT message FROM bw_outbox ORDER BY seq");
    assert_eq!(sent, ids, "the outbox rows are those of the events, in their order");
    moment.commit().unwrap();
    let store = SqliteStore::open(path).unwrap();
    let events = store.read(Position::START, usize::MAX).await.unwrap();
    any::assert_stands(&events, acknowledged);
    store.close().await.unwrap();
    ids
}

fn messages(database: &rusqlite::Connection, sql: &str) -> Vec<MessageId> {
    let mut statement = database.prepare(sql).unwrap();
    let ids = statement.query_map([], |row| row.get::<_, [u8; 16]>(0)).unwrap();
    ids.map(|id| MessageId::from_uuid(Uuid::from_bytes(id.unwrap()))).collect()
}
