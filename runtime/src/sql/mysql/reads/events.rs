//! Reads the event log.

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::super::{
    super::words::{int, rows, tenant},
    classify::Failure,
    rows::{collect, envelope, envelope_columns, number, text},
};
use crate::{
    envelope::{StoredEvent, StreamId},
    store::{Load, Loaded, Snapshot},
    version::{Position, Version},
};

/// Reads a stream; a snapshot and the events after it in one statement.
pub(in super::super) async fn load(db: &mut MySqlConnection, load: &Load) -> Result<Loaded, Failure> {
    match load.snapshot {
        None => Ok(Loaded { snapshot: None, events: events(db, load).await? }),
        Some(schema) => with_snapshot(db, load, schema).await,
    }
}

async fn events(db: &mut MySqlConnection, load: &Load) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, ",
        envelope_columns!(),
        " FROM bw_event WHERE stream = ? AND category = ? AND tenant = ? AND version > ? ORDER BY version"
    );
    let stream = &load.stream;
    let query = sqlx::query(SQL).bind(stream.id().as_bytes()).bind(stream.category().as_bytes());
    let query = query.bind(tenant(load.tenant.as_ref()).as_bytes()).bind(int(load.after.get()));
    collect(&query.fetch_all(db).await?, |row| event(row, 2, stream.clone()))
}

/// One statement sees one state of the database. The row of the snapshot has no position. The rows are put in order here:
/// asked for their order, the server would copy them first.
const WITH_SNAPSHOT: &str = concat!(
    "SELECT NULL AS position, version, NULL AS message, NULL AS name, NULL AS `schema`, NULL AS kind, NULL AS time,
        NULL AS `key`, NULL AS metadata, state AS payload
    FROM bw_snapshot WHERE stream = ? AND category = ? AND tenant = ? AND `schema` = ? AND version > ?
    UNION ALL SELECT position, version, ",
    envelope_columns!(),
    " FROM bw_event WHERE stream = ? AND category = ? AND tenant = ? AND version > coalesce(
        (SELECT s.version FROM bw_snapshot s
            WHERE s.stream = ? AND s.category = ? AND s.tenant = ? AND s.`schema` = ? AND s.version > ?), ?)"
);

async fn with_snapshot(db: &mut MySqlConnection, load: &Load, schema: u64) -> Result<Loaded, Failure> {
    let stream = &load.stream;
    let (id, category) = (stream.id().as_bytes(), stream.category().as_bytes());
    let (tenant, schema_number, after) = (tenant(load.tenant.as_ref()).as_bytes(), int(schema), int(load.after.get()));
    let query = sqlx::query(WITH_SNAPSHOT).bind(id).bind(category).bind(tenant).bind(schema_number).bind(after);
    let query = query.bind(id).bind(category).bind(tenant);
    let query = query.bind(id).bind(category).bind(tenant).bind(schema_number).bind(after).bind(after);
    let mut loaded = Loaded::default();
    for row in &query.fetch_all(db).await? {
        if row.try_get::<Option<i64>, _>(0)?.is_none() {
            let version = Version::new(number(row, 1)?);
            loaded.snapshot = Some(Snapshot { stream: stream.clone(), version, schema, state: row.try_get(9)? });
        } else {
            loaded.events.push(event(row, 2, stream.clone())?);
        }
    }
    loaded.events.sort_unstable_by_key(|event| event.version);
    Ok(loaded)
}

/// Reads the global order. Positions are given by turns, in the order of the commits: what is seen has no holes.
pub(in super::super) async fn page(
    db: &mut MySqlConnection,
    after: Position,
    limit: usize,
) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, category, stream, ",
        envelope_columns!(),
        " FROM bw_event WHERE position > ? ORDER BY position LIMIT ?"
    );
    let found = sqlx::query(SQL).bind(int(after.get())).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| event(row, 4, StreamId::new(text(row, 2)?, text(row, 3)?)?))
}

fn event(row: &MySqlRow, first: usize, stream: StreamId) -> Result<StoredEvent, Failure> {
    Ok(StoredEvent {
        stream,
        position: Position::new(number(row, 0)?),
        version: Version::new(number(row, 1)?),
        envelope: envelope(row, first)?,
    })
}
