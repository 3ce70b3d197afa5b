//! Rows of the log, from the columns of any dialect: held against their checksum before anything else looks at them.

use std::{borrow::Cow, fmt, sync::Arc};

use super::words;
use crate::{
    codec,
    envelope::{Envelope, Metadata, StoredEvent, StreamId},
    error::{Error, ErrorKind},
    id::{MessageId, Uuid},
    store::{
        Fault, FaultKind, Load, LogEvent, LogRow,
        checksum::{Checksum, Columns},
    },
    tenant::TenantId,
    timestamp::Timestamp,
    version::{Position, Version},
};

/// A row without its stream.
pub(super) struct Stored<'a> {
    pub(super) position: i64,
    pub(super) version: i64,
    pub(super) checksum: i64,
    pub(super) columns: Columns<'a>,
}

impl Stored<'_> {
    fn is_sound(&self, sum: Checksum) -> bool {
        let hash = sum.of(&self.columns);
        u64::try_from(self.version).is_ok_and(|version| i64::try_from(hash.wrapping_add(version)) == Ok(self.checksum))
    }

    fn event(self, stream: StreamId, known: &mut Known) -> Result<StoredEvent, Error> {
        Ok(StoredEvent {
            stream,
            version: Version::new(unsigned(self.version)),
            position: Position::new(unsigned(self.position)),
            envelope: known.envelope(self.columns)?,
        })
    }
}

/// Reads the rows of one stream.
pub(super) struct Reader<'a> {
    stream: &'a StreamId,
    sum: Checksum,
    known: Known,
}

impl<'a> Reader<'a> {
    pub(super) fn new(load: &'a Load) -> Self {
        let sum = Checksum::of_stream(words::tenant(load.tenant.as_ref()), &load.stream);
        Self { stream: &load.stream, sum, known: Known::default() }
    }

    /// The event of a row. That none is missing is seen by whoever folds them.
    pub(super) fn event(&mut self, row: Stored<'_>) -> Result<StoredEvent, Error> {
        if row.is_sound(self.sum) {
            return row.event(self.stream.clone(), &mut self.known);
        }
        Err(corrupt(self.stream, row.version, row.position))
    }
}

/// A row with its stream, each part as its bytes.
pub(super) struct Placed<'a> {
    pub(super) tenant: &'a [u8],
    pub(super) category: &'a [u8],
    pub(super) stream: &'a [u8],
    pub(super) row: Stored<'a>,
}

impl Placed<'_> {
    /// The row, and the event in it unless it was changed.
    pub(super) fn read(self, known: &mut Known) -> LogRow {
        let position = Position::new(unsigned(self.row.position));
        let sum = Checksum::of_parts(self.tenant, self.category, self.stream);
        let event = if self.row.is_sound(sum) { self.event(known) } else { Err(self.corrupt()) };
        LogRow { position, event }
    }

    fn corrupt(&self) -> Error {
        let [category, stream] = [self.category, self.stream].map(String::from_utf8_lossy);
        corrupt(&format_args!("{category}/{stream}"), self.row.version, self.row.position)
    }

    fn event(self, known: &mut Known) -> Result<LogEvent, Error> {
        let stream = StreamId::new(text(self.category)?, text(self.stream)?)?;
        let tenant = match self.tenant {
            b"" => None,
            tenant => Some(TenantId::new(text(tenant)?)?),
        };
        let checksum = unsigned(self.row.checksum);
        Ok(LogEvent { tenant, checksum, event: self.row.event(stream, known)? })
    }
}

/// All events of a page; the first that is corrupt ends it.
pub(super) fn events(page: Vec<LogRow>) -> Result<Vec<StoredEvent>, Error> {
    page.into_iter().map(|row| Ok(row.event?.event)).collect()
}

/// The metadata that was read last, and its text: all events of a command have the same.
#[derive(Default)]
pub(super) struct Known {
    text: Vec<u8>,
    metadata: Metadata,
}

impl Known {
    /// An envelope from its columns.
    pub(super) fn envelope(&mut self, columns: Columns<'_>) -> Result<Envelope, Error> {
        Ok(Envelope {
            id: MessageId::from_uuid(Uuid::from_bytes(columns.message)),
            name: Cow::Owned(text(columns.name)?),
            version: u32::try_from(columns.schema).map_err(|_| words::unknown("schema", columns.schema))?,
            kind: words::kind(columns.kind)?,
            time: Timestamp::from_micros(columns.time),
            key: columns.key.map(text).transpose()?,
            metadata: columns.metadata.map_or_else(|| Ok(Metadata::default()), |text| self.metadata(text))?,
            payload: Arc::from(columns.payload),
        })
    }

    fn metadata(&mut self, text: &[u8]) -> Result<Metadata, Error> {
        if self.text != text {
            self.metadata = codec::decode(text)?;
            self.text = text.to_vec();
        }
        Ok(self.metadata.clone())
    }
}

/// An envelope from its columns.
pub(super) fn envelope(columns: Columns<'_>) -> Result<Envelope, Error> {
    Known::default().envelope(columns)
}

fn text(bytes: &[u8]) -> Result<String, Error> {
    String::from_utf8(bytes.to_vec()).map_err(|error| words::unknown("text", error))
}

/// The statement behind [`Store::faults`](crate::Store::faults), and its parameter.
macro_rules! faults {
    ($limit:literal) => {
        concat!(
            "SELECT 'stream', tenant, category, stream, count(*), max(version) FROM bw_event
                GROUP BY stream, category, tenant HAVING min(version) <> 1 OR max(version) <> count(*)
            UNION ALL SELECT 'snapshot', s.tenant, s.category, s.stream, s.version, (SELECT coalesce(max(version), 0)
                    FROM bw_event e WHERE e.stream = s.stream AND e.category = s.category AND e.tenant = s.tenant)
                FROM bw_snapshot s WHERE s.version > (SELECT coalesce(max(version), 0)
                    FROM bw_event e WHERE e.stream = s.stream AND e.category = s.category AND e.tenant = s.tenant)
            UNION ALL SELECT 'checkpoint', '', '', name, position, (SELECT coalesce(max(position), 0) FROM bw_event)
                FROM bw_checkpoint WHERE position > (SELECT coalesce(max(position), 0) FROM bw_event)
            LIMIT ",
            $limit
        )
    };
}
pub(super) use faults;

/// A fault from its four texts and two numbers.
pub(super) fn fault([kind, tenant, category, name]: [&[u8]; 4], [found, head]: [i64; 2]) -> Result<Fault, Error> {
    let [tenant, category, name] = [tenant, category, name].map(|text| String::from_utf8_lossy(text).into_owned());
    let (kind, of) = match kind {
        b"stream" => (FaultKind::Gap, format!("{category}/{name}")),
        b"snapshot" => (FaultKind::SnapshotAhead, format!("{category}/{name}")),
        b"checkpoint" => (FaultKind::CheckpointAhead, name),
        other => return Err(words::unknown("fault", String::from_utf8_lossy(other))),
    };
    Ok(Fault { kind, tenant, of, found: unsigned(found), head: unsigned(head) })
}

fn corrupt(stream: &dyn fmt::Display, version: i64, position: i64) -> Error {
    let message = "an event is not as it was written; restore it from a backup or an archive";
    Error::new(ErrorKind::Corrupt, "store/corrupt_event", message)
        .with("stream", stream)
        .with("version", version)
        .with("position", position)
}

/// No number of a sound row is negative.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
