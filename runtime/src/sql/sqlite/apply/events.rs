//! Appends events.

use rusqlite::{CachedStatement, Connection};

use super::super::{
    classify::Failure,
    rows::{JsonText, id, int, kind_number},
};
use crate::{
    envelope::{Envelope, StreamId},
    error::Error,
    store::{
        Append,
        checksum::{Checksum, Columns},
        refusal,
    },
    version::{Expected, Position, Version},
};

/// The check of the version and the insert of the first event are one statement: where the stream is elsewhere, the version
/// becomes NULL, which the column refuses, and OR IGNORE inserts nothing. Neither is there a journal to undo this one
/// statement nor a copy of what it selects, as there would be with INSERT … SELECT … WHERE.
const FIRST: &str = "INSERT OR IGNORE INTO bw_event
    (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload, checksum)
    VALUES (?1, ?2, ?3, CASE ?4 - 1 WHEN
        (SELECT coalesce(max(version), 0) FROM bw_event WHERE tenant = ?1 AND category = ?2 AND stream = ?3) THEN ?4 END,
        ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Those after it follow in the same transaction; the unique key is the second line. Shapes of several rows would take
/// 12 % less time, and would not say which row was refused.
const NEXT: &str = "INSERT OR IGNORE INTO bw_event
    (tenant, category, stream, version, message, name, schema, kind, time, key, metadata, payload, checksum)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";

/// Appends and answers the version and the position of the last event.
pub(super) fn append(db: &Connection, tenant: &str, append: &Append) -> Result<(Version, Position), Failure> {
    let base = match append.expected {
        Expected::Any => head(db, tenant, &append.stream)?,
        Expected::NoStream => 0,
        Expected::Version(version) => version.get(),
    };
    let sum = Checksum::of_stream(tenant, &append.stream);
    let mut version = base;
    for envelope in &append.events {
        let sql = if version == base { FIRST } else { NEXT };
        version = version.saturating_add(1);
        let row = Row { tenant, stream: &append.stream, version, envelope };
        if row.insert(db.prepare_cached(sql)?, sum)? == 0 {
            return Err(row.refusal(append, head(db, tenant, &append.stream)?).into());
        }
    }
    let position = u64::try_from(db.last_insert_rowid()).unwrap_or(0);
    Ok((Version::new(version), Position::new(position)))
}

struct Row<'a> {
    tenant: &'a str,
    stream: &'a StreamId,
    version: u64,
    envelope: &'a Envelope,
}

impl Row<'_> {
    fn insert(&self, mut statement: CachedStatement<'_>, sum: Checksum) -> Result<usize, Failure> {
        let envelope = self.envelope;
        let metadata = JsonText::metadata(&envelope.metadata)?;
        let checksum = sum.of(&Columns::new(envelope, metadata.bytes()));
        let inserted = statement.execute((
            self.tenant,
            self.stream.category(),
            self.stream.id(),
            int(self.version),
            id(&envelope.id),
            &*envelope.name,
            envelope.version,
            kind_number(envelope.kind),
            envelope.time.as_micros(),
            envelope.key.as_deref(),
            metadata,
            &*envelope.payload,
            int(checksum.wrapping_add(self.version)),
        ))?;
        Ok(inserted)
    }

    /// Why nothing was inserted: the stream is elsewhere, or else the message is there.
    fn refusal(&self, append: &Append, head: u64) -> Error {
        let fits = head.saturating_add(1) == self.version;
        if fits { refusal::duplicate_event(self.envelope.id) } else { refusal::conflict(append, Version::new(head)) }
    }
}

/// The version of a stream.
pub(super) fn head(db: &Connection, tenant: &str, stream: &StreamId) -> Result<u64, Failure> {
    let sql = "SELECT coalesce(max(version), 0) FROM bw_event WHERE tenant = ?1 AND category = ?2 AND stream = ?3";
    let head: i64 = db.prepare_cached(sql)?.query_row((tenant, stream.category(), stream.id()), |row| row.get(0))?;
    Ok(u64::try_from(head).unwrap_or(0))
}

/// Refuses a writer whose belief is wrong.
pub(super) fn admit(append: &Append, head: u64) -> Result<(), Error> {
    let head = Version::new(head);
    if append.expected.admits(head) { Ok(()) } else { Err(refusal::conflict(append, head)) }
}
