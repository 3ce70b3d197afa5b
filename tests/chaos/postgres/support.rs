//! What the cases share: a store in a schema, and a judge that reads all of it.

use std::{collections::HashSet, time::Duration};

use bailiwick::{Position, Store, id::MessageId, sql::PostgresStore};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};

use crate::bookings::{Acknowledged, assert_stands};

/// A store in a schema, which does not wait long for a server that is away.
pub fn store(url: &str, schema: &str) -> PostgresStore {
    let options = PostgresStore::options(url).unwrap().schema(schema).unwrap();
    options.connect_timeout(Duration::from_secs(2)).connect().unwrap()
}

/// A store in a schema that has its tables.
pub async fn open(url: &str, schema: &str) -> PostgresStore {
    let store = store(url, schema);
    store.migrate().await.unwrap();
    store
}

/// Asserts that each acknowledged event stands where it was acknowledged, and that each event has its outbox row. Answers
/// the ids of all events, in their order.
pub async fn judge(url: &str, schema: &str, acknowledged: &[Acknowledged]) -> Vec<MessageId> {
    let store = store(url, schema);
    let events = store.read(Position::START, usize::MAX).await.unwrap();
    assert!(events.windows(2).all(|pair| pair[0].position < pair[1].position), "positions rise");
    assert_stands(&events, acknowledged);
    store.close().await.unwrap();
    assert_paired(url, schema).await;
    events.into_iter().map(|event| event.envelope.id).collect()
}

/// In one statement: a server process whose client is gone may still be ending what it had begun.
async fn assert_paired(url: &str, schema: &str) {
    let mut database = PgConnection::connect(url).await.unwrap();
    let sql = format!(
        "SELECT coalesce(e.message, o.message) FROM {schema}.bw_event e
        FULL JOIN {schema}.bw_outbox o USING (message) WHERE e.message IS NULL OR o.message IS NULL"
    );
    let alone = sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut database).await.unwrap();
    let alone: HashSet<MessageId> = alone.iter().map(|row| MessageId::from_uuid(row.get(0))).collect();
    assert!(alone.is_empty(), "events without outbox rows, or the other way round: {alone:?}");
    database.close().await.unwrap();
}
