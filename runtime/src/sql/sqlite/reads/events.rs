//! Reads the event log.

use rusqlite::{Connection, OptionalExtension, Row};

use super::super::{
    classify::Failure,
    readers::snapshot,
    rows::{collect, envelope, envelope_columns, int, number, rows, tenant},
};
use crate::{
    envelope::{StoredEvent, StreamId},
    store::{Load, Loaded, Snapshot},
    version::{Position, Version},
};

/// Reads a stream; a snapshot and the events after it in one transaction.
pub(in super::super) fn load(db: &Connection, load: &Load) -> Result<Loaded, Failure> {
    let Some(schema) = load.snapshot else {
        return Ok(Loaded { snapshot: None, events: events(db, load, load.after)? });
    };
    snapshot(db, |db| {
        let snapshot = state(db, load, schema)?;
        let after = snapshot.as_ref().map_or(load.after, |snapshot| snapshot.version);
        Ok(Loaded { events: events(db, load, after)?, snapshot })
    })
}

fn state(db: &Connection, load: &Load, schema: u64) -> Result<Option<Snapshot>, Failure> {
    let sql = "SELECT version, state FROM bw_snapshot
        WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND schema = ?4 AND version > ?5";
    let stream = &load.stream;
    let params = (tenant(load.tenant.as_ref()), stream.category(), stream.id(), int(schema), int(load.after.get()));
    let found = db.prepare_cached(sql)?.query_row(params, |row| Ok((number(row, 0)?, row.get(1)?))).optional()?;
    let snapshot =
        |(version, state)| Snapshot { stream: stream.clone(), version: Version::new(version), schema, state };
    Ok(found.map(snapshot))
}

fn events(db: &Connection, load: &Load, after: Version) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, ",
        envelope_columns!(),
        " FROM bw_event WHERE tenant = ?1 AND category = ?2 AND stream = ?3 AND version > ?4 ORDER BY version"
    );
    let stream = &load.stream;
    let params = (tenant(load.tenant.as_ref()), stream.category(), stream.id(), int(after.get()));
    let mut statement = db.prepare_cached(SQL)?;
    collect(statement.query(params)?, |row| event(row, 2, stream.clone()))
}

/// Reads the global order.
pub(in super::super) fn read(db: &Connection, after: Position, limit: usize) -> Result<Vec<StoredEvent>, Failure> {
    const SQL: &str = concat!(
        "SELECT position, version, category, stream, ",
        envelope_columns!(),
        " FROM bw_event WHERE position > ?1 ORDER BY position LIMIT ?2"
    );
    let mut statement = db.prepare_cached(SQL)?;
    collect(statement.query((int(after.get()), rows(limit)))?, |row| {
        let stream = StreamId::new(row.get::<_, String>(2)?, row.get::<_, String>(3)?)?;
        event(row, 4, stream)
    })
}

fn event(row: &Row<'_>, first: usize, stream: StreamId) -> Result<StoredEvent, Failure> {
    Ok(StoredEvent {
        stream,
        position: Position::new(number(row, 0)?),
        version: Version::new(number(row, 1)?),
        envelope: envelope(row, first)?,
    })
}
