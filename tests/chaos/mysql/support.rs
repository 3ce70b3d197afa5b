//! What the cases share: a store in a database, and a judge that reads all of it.

use std::{collections::HashSet, time::Duration};

use bailiwick::{Position, Store, Uuid, id::MessageId, sql::MysqlStore};
use sqlx::{Connection, MySqlConnection, Row};

use crate::bookings::{Acknowledged, assert_stands};

/// A store in a database, which does not wait long for a server that is away.
pub fn store(url: &str) -> MysqlStore {
    MysqlStore::options(url).unwrap().connect_timeout(Duration::from_secs(2)).connect().unwrap()
}

/// A store in a database that has its tables.
pub async fn open(url: &str) -> MysqlStore {
    let store = store(url);
    store.migrate().await.unwrap();
    store
}

/// Asserts that each acknowledged event stands where it was acknowledged, that positions have no hole, and that each event
/// has its outbox row. Answers the ids of all events, in their order.
pub async fn judge(url: &str, acknowledged: &[Acknowledged]) -> Vec<MessageId> {
    let store = store(url);
    let events = store.read(Position::START, usize::MAX).await.unwrap();
    for (position, event) in (1..).zip(&events) {
        assert_eq!(event.position, Position::new(position), "positions rise by one");
    }
    assert_stands(&events, acknowledged);
    store.close().await.unwrap();
    assert_paired(url).await;
    events.into_iter().map(|event| event.envelope.id).collect()
}

/// In one statement: a session of the server whose client is gone may still be ending what it had begun.
async fn assert_paired(url: &str) {
    let mut database = MySqlConnection::connect(url).await.unwrap();
    let sql = "SELECT message FROM (SELECT message FROM bw_event UNION ALL SELECT message FROM bw_outbox) AS pairs
        GROUP BY message HAVING count(*) <> 2";
    let alone = sqlx::query(sql).fetch_all(&mut database).await.unwrap();
    let id = |row: &sqlx::mysql::MySqlRow| MessageId::from_uuid(Uuid::from_slice(row.get(0)).unwrap());
    let alone: HashSet<MessageId> = alone.iter().map(id).collect();
    assert!(alone.is_empty(), "events without outbox rows, or the other way round: {alone:?}");
    database.close().await.unwrap();
}
