//! Reads the event log.

use sqlx::{MySqlConnection, Row, mysql::MySqlRow};

use super::{
    super::{
        super::{
            log::{self, Known, Placed, Reader, Stored},
            server::{each, gather},
            words::{int, rows, tenant},
        },
        classify::Failure,
        rows::{collect, columns, envelope_columns, id, number},
        shapes::{lists, padded, repeat},
    },
    torn,
};
use crate::{
    envelope::StoredEvent,
    id::MessageId,
    store::{Fault, Load, Loaded, LogRow, Snapshot, Until},
    version::{Position, Version},
};

/// Reads a stream; a snapshot and the events after it in one statement.
pub(in super::super) async fn load(db: &mut MySqlConnection, load: &Load) -> Result<Loaded, Failure> {
    let until = until(db, load).await?;
    let loaded = seen(db, load, until).await?;
    match loaded.events.last() {
        Some(last) if torn::versions(load, &loaded) => seen(db, load, until.min(int(last.version.get()))).await,
        _ => Ok(loaded),
    }
}

async fn seen(db: &mut MySqlConnection, load: &Load, until: i64) -> Result<Loaded, Failure> {
    match load.snapshot {
        None => Ok(Loaded { snapshot: None, events: events(db, load, until).await? }),
        Some(schema) => with_snapshot(db, load, schema, until).await,
    }
}

/// The last version to read. What a stream has been it stays, so the answer holds when the events are read.
async fn until(db: &mut MySqlConnection, load: &Load) -> Result<i64, Failure> {
    let time = match load.until {
        Until::Head => return Ok(i64::MAX),
        Until::Version(version) => return Ok(int(version.get())),
        Until::Time(time) => time.as_micros(),
    };
    let sql = "SELECT coalesce(min(CASE WHEN time > ? THEN version END) - 1, max(version), 0),
            coalesce(max(version), 0), count(*)
        FROM bw_event WHERE stream = ? AND category = ? AND tenant = ?";
    let (stream, mut certain) = (&load.stream, 0_i64);
    loop {
        let query = sqlx::query(sql).bind(time).bind(stream.id().as_bytes()).bind(stream.category().as_bytes());
        let found = query.bind(tenant(load.tenant.as_ref()).as_bytes()).fetch_one(&mut *db).await?;
        let [until, head, count] = [found.try_get(0)?, found.try_get(1)?, found.try_get::<i64, _>(2)?];
        if count == head || head <= certain {
            return Ok(until);
        }
        certain = head; // one of them may have been missing because the view was torn
    }
}

async fn events(db: &mut MySqlConnection, load: &Load, until: i64) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, checksum, ",
        envelope_columns!(),
        " FROM bw_event WHERE stream = ? AND category = ? AND tenant = ? AND version > ? AND version <= ?
        ORDER BY version"
    );
    let stream = &load.stream;
    let query = sqlx::query(SQL).bind(stream.id().as_bytes()).bind(stream.category().as_bytes());
    let query = query.bind(tenant(load.tenant.as_ref()).as_bytes()).bind(int(load.after.get())).bind(until);
    let mut reader = Reader::new(load);
    gather(query.fetch(db), |row| Ok(reader.event(stored(row, 3)?)?)).await
}

/// One statement sees one state of the database. The row of the snapshot has no position. The rows are put in order here:
/// asked for their order, the server would copy them first.
const WITH_SNAPSHOT: &str = concat!(
    "SELECT NULL AS position, version, NULL AS checksum, NULL AS message, NULL AS name, NULL AS `schema`, NULL AS kind, NULL AS time,
        NULL AS `key`, NULL AS metadata, state AS payload
    FROM bw_snapshot WHERE stream = ? AND category = ? AND tenant = ? AND `schema` = ? AND version > ? AND version <= ?
    UNION ALL SELECT position, version, checksum, ",
    envelope_columns!(),
    " FROM bw_event WHERE stream = ? AND category = ? AND tenant = ? AND version > coalesce(
        (SELECT s.version FROM bw_snapshot s
            WHERE s.stream = ? AND s.category = ? AND s.tenant = ? AND s.`schema` = ?
                AND s.version > ? AND s.version <= ?), ?)
        AND version <= ?"
);

async fn with_snapshot(db: &mut MySqlConnection, load: &Load, schema: u64, until: i64) -> Result<Loaded, Failure> {
    let stream = &load.stream;
    let (id, category) = (stream.id().as_bytes(), stream.category().as_bytes());
    let (tenant, schema_number, after) = (tenant(load.tenant.as_ref()).as_bytes(), int(schema), int(load.after.get()));
    let query = sqlx::query(WITH_SNAPSHOT).bind(id).bind(category).bind(tenant).bind(schema_number).bind(after);
    let query = query.bind(until).bind(id).bind(category).bind(tenant);
    let query = query.bind(id).bind(category).bind(tenant).bind(schema_number).bind(after);
    let query = query.bind(until).bind(after).bind(until);
    let (mut loaded, mut reader) = (Loaded { snapshot: None, events: Vec::new() }, Reader::new(load));
    each(query.fetch(db), |row| {
        if row.try_get::<Option<i64>, _>(0)?.is_some() {
            loaded.events.push(reader.event(stored(row, 3)?)?);
        } else {
            let version = Version::new(number(row, 1)?);
            loaded.snapshot = Some(Snapshot { stream: stream.clone(), version, schema, state: row.try_get(10)? });
        }
        Ok(())
    })
    .await?;
    loaded.events.sort_unstable_by_key(|event| event.version);
    Ok(loaded)
}

macro_rules! placed {
    () => {
        concat!(
            "SELECT position, version, checksum, tenant, category, stream, ",
            envelope_columns!(),
            " FROM bw_event WHERE "
        )
    };
}

/// Reads the global order. Positions are given by turns, in the order of the commits: what is seen has no holes, unless the
/// view was torn.
pub(in super::super) async fn page(
    db: &mut MySqlConnection,
    after: Position,
    limit: usize,
) -> Result<Vec<LogRow>, Failure> {
    let page = rows_after(db, after, limit).await?;
    let whole = torn::whole(&page, after, after);
    let Some(certain) = page.last().filter(|_| whole < page.len()).map(|row| row.position) else { return Ok(page) };
    let mut page = rows_after(db, after, limit).await?;
    page.truncate(torn::whole(&page, after, certain));
    Ok(page)
}

async fn rows_after(db: &mut MySqlConnection, after: Position, limit: usize) -> Result<Vec<LogRow>, Failure> {
    const SQL: &str = concat!(placed!(), "position > ? ORDER BY position LIMIT ?");
    let mut known = Known::default();
    gather(sqlx::query(SQL).bind(int(after.get())).bind(rows(limit)).fetch(db), |row| placed(row, &mut known)).await
}

/// Reads the rows of messages.
pub(in super::super) async fn find(db: &mut MySqlConnection, messages: &[MessageId]) -> Result<Vec<LogRow>, Failure> {
    let (mut found, mut known) = (Vec::new(), Known::default());
    for (places, ids) in lists(messages) {
        let query = repeat(concat!(placed!(), "message IN ("), "?", places, ")");
        let query = padded(ids, places).fold(query, |query, asked| query.bind(id(asked)));
        found.append(&mut gather(query.fetch(&mut *db), |row| placed(row, &mut known)).await?);
    }
    Ok(found)
}

fn placed(row: &MySqlRow, known: &mut Known) -> Result<LogRow, Failure> {
    let (tenant, category, stream) = (row.try_get(3)?, row.try_get(4)?, row.try_get(5)?);
    Ok(Placed { tenant, category, stream, row: stored(row, 6)? }.read(known))
}

/// Looks for rows that contradict each other.
pub(in super::super) async fn faults(db: &mut MySqlConnection, limit: usize) -> Result<Vec<Fault>, Failure> {
    let found = sqlx::query(log::faults!("?")).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| {
        let texts = [row.try_get(0)?, row.try_get(1)?, row.try_get(2)?, row.try_get(3)?];
        Ok(log::fault(texts, [row.try_get(4)?, row.try_get(5)?])?)
    })
}

fn stored(row: &MySqlRow, first: usize) -> Result<Stored<'_>, Failure> {
    let (position, version, checksum) =
        (row.try_get_unchecked(0)?, row.try_get_unchecked(1)?, row.try_get_unchecked(2)?);
    Ok(Stored { position, version, checksum, columns: columns(row, first)? })
}
