//! Reads the event log.

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{
    super::log::{self, Known, Placed, Reader, Stored},
    classify::Failure,
    readers::snapshot,
    rows::{bytes, collect, columns, envelope_columns, id, int, number, rows, tenant},
};
use crate::{
    envelope::StoredEvent,
    id::MessageId,
    store::{Fault, Load, Loaded, LogRow, Snapshot, Until},
    version::{Position, Version},
};

/// Reads a stream; a snapshot and the events after it in one transaction.
pub(in super::super) fn load(db: &Connection, load: &Load) -> Result<Loaded, Failure> {
    let until = until(db, load)?;
    let Some(schema) = load.snapshot else {
        return Ok(Loaded { snapshot: None, events: events(db, load, load.after, until)? });
    };
    snapshot(db, |db| {
        let snapshot = state(db, load, schema, until)?;
        let after = snapshot.as_ref().map_or(load.after, |snapshot| snapshot.version);
        Ok(Loaded { events: events(db, load, after, until)?, snapshot })
    })
}

/// The last version to read. What a stream has been it stays, so the answer holds when the events are read.
fn until(db: &Connection, load: &Load) -> Result<i64, Failure> {
    let time = match load.until {
        Until::Head => return Ok(i64::MAX),
        Until::Version(version) => return Ok(int(version.get())),
        Until::Time(time) => time.as_micros(),
    };
    let sql = "SELECT coalesce(min(CASE WHEN time > ?4 THEN version - 1 END), max(version), 0) FROM bw_event
        WHERE tenant = ?1 AND category = ?2 AND stream = ?3";
    let params = (tenant(load.tenant.as_ref()), load.stream.category(), load.stream.id(), time);
    Ok(db.prepare_cached(sql)?.query_row(params, |row| row.get(0))?)
}

fn state(db: &Connection, load: &Load, schema: u64, until: i64) -> Result<Option<Snapshot>, Failure> {
    let sql = "SELECT version, state FROM bw_snapshot
        WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND schema = ?4 AND version > ?5 AND version <= ?6";
    let stream = &load.stream;
    let of = (tenant(load.tenant.as_ref()), stream.category(), stream.id());
    let params = (of.0, of.1, of.2, int(schema), int(load.after.get()), until);
    let found = db.prepare_cached(sql)?.query_row(params, |row| Ok((number(row, 0)?, row.get(1)?))).optional()?;
    let snapshot =
        |(version, state)| Snapshot { stream: stream.clone(), version: Version::new(version), schema, state };
    Ok(found.map(snapshot))
}

fn events(db: &Connection, load: &Load, after: Version, until: i64) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, checksum, ",
        envelope_columns!(),
        " FROM bw_event WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND version > ?4 AND version <= ?5
        ORDER BY version"
    );
    let stream = &load.stream;
    let params = (tenant(load.tenant.as_ref()), stream.category(), stream.id(), int(after.get()), until);
    let mut statement = db.prepare_cached(SQL)?;
    let mut reader = Reader::new(load);
    collect(statement.query(params)?, |row| Ok(reader.event(stored(row, 3)?)?))
}

/// Reads the global order.
pub(in super::super) fn read(db: &Connection, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Failure> {
    Ok(log::events(page(db, after, limit)?)?)
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

/// Reads rows of the global order.
pub(in super::super) fn page(db: &Connection, after: Position, limit: usize) -> Result<Vec<LogRow>, Failure> {
    let mut statement = db.prepare_cached(placed!("position > ?1 ORDER BY position LIMIT ?2"))?;
    let mut known = Known::default();
    collect(statement.query((int(after.get()), rows(limit)))?, |row| placed(row, &mut known))
}

/// Reads the rows of messages.
pub(in super::super) fn find(db: &Connection, messages: &[MessageId]) -> Result<Vec<LogRow>, Failure> {
    let mut statement = db.prepare_cached(placed!("message = ?1"))?;
    let (mut found, mut known) = (Vec::new(), Known::default());
    for message in messages {
        found.append(&mut collect(statement.query([id(message)])?, |row| placed(row, &mut known))?);
    }
    Ok(found)
}

fn placed(row: &Row<'_>, known: &mut Known) -> Result<LogRow, Failure> {
    let [tenant, category, stream] = [bytes(row, 3)?, bytes(row, 4)?, bytes(row, 5)?];
    Ok(Placed { tenant, category, stream, row: stored(row, 6)? }.read(known))
}

/// Looks for rows that contradict each other.
pub(in super::super) fn faults(db: &Connection, limit: usize) -> Result<Vec<Fault>, Failure> {
    let mut statement = db.prepare(log::faults!("?1"))?;
    collect(statement.query([rows(limit)])?, |row| {
        let texts = [bytes(row, 0)?, bytes(row, 1)?, bytes(row, 2)?, bytes(row, 3)?];
        Ok(log::fault(texts, [row.get(4)?, row.get(5)?])?)
    })
}

fn stored<'r>(row: &'r Row<'_>, first: usize) -> Result<Stored<'r>, Failure> {
    Ok(Stored { position: row.get(0)?, version: row.get(1)?, checksum: row.get(2)?, columns: columns(row, first)? })
}
