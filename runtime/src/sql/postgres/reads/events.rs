//! Reads the event log.

use sqlx::{PgConnection, Row, postgres::PgRow};

use super::super::{
    super::{
        log::{self, Known, Placed, Reader, Stored},
        server::{each, gather},
        words::{int, rows, tenant},
    },
    classify::Failure,
    rows::{bytes, collect, columns, envelope_columns, number},
};
use crate::{
    envelope::{StoredEvent, StreamId},
    id::{MessageId, Uuid},
    store::{Fault, Load, Loaded, LogRow, Snapshot, Until},
    version::{Position, Version},
};

/// Reads a stream; a snapshot and the events after it in one statement.
pub(in super::super) async fn load(db: &mut PgConnection, load: &Load) -> Result<Loaded, Failure> {
    let until = until(db, load).await?;
    match load.snapshot {
        None => Ok(Loaded { snapshot: None, events: events(db, load, until).await? }),
        Some(schema) => with_snapshot(db, load, schema, until).await,
    }
}

/// The last version to read. What a stream has been it stays, so the answer holds when the events are read.
async fn until(db: &mut PgConnection, load: &Load) -> Result<i64, Failure> {
    let time = match load.until {
        Until::Head => return Ok(i64::MAX),
        Until::Version(version) => return Ok(int(version.get())),
        Until::Time(time) => time.as_micros(),
    };
    let sql = "SELECT coalesce(min(version) FILTER (WHERE time > $4) - 1, max(version), 0) FROM bw_event
        WHERE tenant = $1 AND category = $2 AND stream = $3";
    let stream = &load.stream;
    let query = sqlx::query(sql).bind(tenant(load.tenant.as_ref())).bind(stream.category()).bind(stream.id());
    Ok(query.bind(time).fetch_one(db).await?.try_get(0)?)
}

async fn events(db: &mut PgConnection, load: &Load, until: i64) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, checksum, ",
        envelope_columns!(),
        " FROM bw_event WHERE tenant = $1 AND category = $2 AND stream = $3 AND version > $4 AND version <= $5
        ORDER BY version"
    );
    let stream = &load.stream;
    let query = sqlx::query(SQL).bind(tenant(load.tenant.as_ref())).bind(stream.category()).bind(stream.id());
    let found = query.bind(int(load.after.get())).bind(until).fetch(db);
    let mut reader = Reader::new(load);
    gather(found, |row| Ok(reader.event(stored(row, 3)?)?)).await
}

/// One statement sees one state of the database. The first row is the snapshot, if there is one: it has no position.
async fn with_snapshot(db: &mut PgConnection, load: &Load, schema: u64, until: i64) -> Result<Loaded, Failure> {
    const SQL: &str = concat!(
        "WITH s AS MATERIALIZED (SELECT version, state FROM bw_snapshot
            WHERE tenant = $1 AND category = $2 AND stream = $3 AND schema = $6 AND version > $4 AND version <= $5)
        SELECT NULL::bigint AS position, version, NULL::bigint AS checksum, NULL::uuid AS message, NULL::text AS name, NULL::bigint AS schema,
            NULL::smallint AS kind, NULL::bigint AS time, NULL::text AS key, NULL::text AS metadata, state AS payload FROM s
        UNION ALL (SELECT position, version, checksum, ",
        envelope_columns!(),
        " FROM bw_event WHERE tenant = $1 AND category = $2 AND stream = $3
            AND version > coalesce((SELECT version FROM s), $4) AND version <= $5) ORDER BY version"
    );
    let stream = &load.stream;
    let query = sqlx::query(SQL).bind(tenant(load.tenant.as_ref())).bind(stream.category()).bind(stream.id());
    let found = query.bind(int(load.after.get())).bind(until).bind(int(schema)).fetch(db);
    let (mut loaded, mut reader) = (Loaded { snapshot: None, events: Vec::new() }, Reader::new(load));
    each(found, |row| {
        match row.try_get::<Option<i64>, _>(0)? {
            None => loaded.snapshot = Some(snapshot(row, stream, schema)?),
            Some(_) => loaded.events.push(reader.event(stored(row, 3)?)?),
        }
        Ok(())
    })
    .await?;
    Ok(loaded)
}

fn snapshot(row: &PgRow, stream: &StreamId, schema: u64) -> Result<Snapshot, Failure> {
    let version = Version::new(number(row, 1)?);
    Ok(Snapshot { stream: stream.clone(), version, schema, state: row.try_get(10)? })
}

macro_rules! placed {
    ($tail:literal) => {
        concat!(
            "SELECT position, version, checksum, tenant, category, stream, ",
            envelope_columns!(),
            " FROM bw_event WHERE ",
            $tail
        )
    };
}

/// Room for so many rows is made before they come: who follows a log reads pages, and moving grown ones costs a tenth.
const PAGE: usize = 1_024;

/// Reads rows after a position as they are seen now; what is missing between them may still come.
pub(in super::super) async fn page(
    db: &mut PgConnection,
    after: Position,
    limit: usize,
) -> Result<Vec<LogRow>, Failure> {
    let query = sqlx::query(placed!("position > $1 ORDER BY position LIMIT $2"));
    let (mut known, mut page) = (Known::default(), Vec::with_capacity(limit.min(PAGE)));
    each(query.bind(int(after.get())).bind(rows(limit)).fetch(db), |row| {
        page.push(placed(row, &mut known)?);
        Ok(())
    })
    .await?;
    Ok(page)
}

/// Reads the rows of messages.
pub(in super::super) async fn find(db: &mut PgConnection, messages: &[MessageId]) -> Result<Vec<LogRow>, Failure> {
    let messages: Vec<Uuid> = messages.iter().map(|message| *message.as_uuid()).collect();
    let mut known = Known::default();
    gather(sqlx::query(placed!("message = ANY ($1)")).bind(messages).fetch(db), |row| placed(row, &mut known)).await
}

fn placed(row: &PgRow, known: &mut Known) -> Result<LogRow, Failure> {
    let [tenant, category, stream] = [bytes(row, 3)?, bytes(row, 4)?, bytes(row, 5)?];
    Ok(Placed { tenant, category, stream, row: stored(row, 6)? }.read(known))
}

/// Looks for rows that contradict each other.
pub(in super::super) async fn faults(db: &mut PgConnection, limit: usize) -> Result<Vec<Fault>, Failure> {
    let found = sqlx::query(log::faults!("$1")).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| {
        let texts = [bytes(row, 0)?, bytes(row, 1)?, bytes(row, 2)?, bytes(row, 3)?];
        Ok(log::fault(texts, [row.try_get(4)?, row.try_get(5)?])?)
    })
}

fn stored(row: &PgRow, first: usize) -> Result<Stored<'_>, Failure> {
    let (position, version, checksum) =
        (row.try_get_unchecked(0)?, row.try_get_unchecked(1)?, row.try_get_unchecked(2)?);
    Ok(Stored { position, version, checksum, columns: columns(row, first)? })
}
