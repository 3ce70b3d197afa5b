//! Values to columns and back.

use rusqlite::{
    Row, ToSql,
    types::{FromSqlError, ToSqlOutput, Type, ValueRef},
};

use super::{super::log, classify::Failure};
use crate::{
    codec,
    envelope::{Envelope, Metadata},
    error::Error,
    id::{MessageId, Uuid},
    store::checksum::Columns,
    timestamp::Timestamp,
};

pub(super) use super::super::words::{generation, int, kind_number, rows, tenant, unknown};

/// A number from a column.
pub(super) fn number(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let value: i64 = row.get(column)?;
    u64::try_from(value).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// The 16 bytes of a message id.
pub(super) fn id(message: &MessageId) -> &[u8] {
    message.as_uuid().as_bytes()
}

/// A message id from its 16 bytes.
pub(super) fn message(row: &Row<'_>, column: usize) -> rusqlite::Result<MessageId> {
    optional_message(row, column)?.ok_or_else(|| unreadable(column, Type::Null, FromSqlError::InvalidType))
}

/// A message id, or NULL.
pub(super) fn optional_message(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<MessageId>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        value => {
            let bytes = value.as_blob().map_err(|error| unreadable(column, Type::Blob, error))?;
            let uuid = Uuid::from_slice(bytes).map_err(|error| unreadable(column, Type::Blob, error))?;
            Ok(Some(MessageId::from_uuid(uuid)))
        }
    }
}

/// A time from its microseconds.
pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    row.get(column).map(Timestamp::from_micros)
}

pub(super) fn unreadable(
    column: usize,
    found: Type,
    reason: impl std::error::Error + Send + Sync + 'static,
) -> rusqlite::Error {
    rusqlite::Error::FromSqlConversionFailure(column, found, Box::new(reason))
}

/// JSON for a TEXT column, or NULL.
pub(super) struct JsonText(Option<Vec<u8>>);

impl JsonText {
    /// Metadata; NULL when it says nothing.
    pub(super) fn metadata(metadata: &Metadata) -> Result<Self, Error> {
        metadata.stored().map(Self)
    }
}

impl JsonText {
    /// The text.
    pub(super) fn bytes(&self) -> Option<&[u8]> {
        self.0.as_deref()
    }
}

impl ToSql for JsonText {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0.as_deref().map_or(ValueRef::Null, ValueRef::Text)))
    }
}

/// Metadata from a column.
pub(super) fn metadata(row: &Row<'_>, column: usize) -> Result<Metadata, Failure> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(Metadata::default()),
        value => {
            let text = value.as_bytes().map_err(|error| unreadable(column, Type::Text, error))?;
            Ok(codec::decode(text)?)
        }
    }
}

/// The columns of an envelope, in the order in which [`envelope`] reads them.
macro_rules! envelope_columns {
    () => {
        "message, name, schema, kind, time, key, metadata, payload"
    };
}
pub(super) use envelope_columns;

/// A row of a read model: by its model, its generation or none for the live one, its tenant and its key.
macro_rules! place {
    () => {
        "model = ?1 AND generation =
                coalesce((SELECT CASE WHEN owner = ?5 THEN ?2 ELSE live END FROM bw_model WHERE model = ?1), 0)
            AND tenant = ?3 AND key = ?4"
    };
}
pub(super) use place;

/// The revision that is told of a row.
macro_rules! told {
    () => {
        "(generation << 40) | revision"
    };
}
pub(super) use told;

/// The eight columns of an envelope, the first of which is `first`.
pub(super) fn columns<'r>(row: &'r Row<'_>, first: usize) -> Result<Columns<'r>, Failure> {
    let message = <[u8; 16]>::try_from(bytes(row, first)?);
    Ok(Columns {
        message: message.map_err(|error| unreadable(first, Type::Blob, error))?,
        name: bytes(row, first + 1)?,
        schema: row.get(first + 2)?,
        kind: row.get(first + 3)?,
        time: row.get(first + 4)?,
        key: optional_bytes(row, first + 5)?,
        metadata: optional_bytes(row, first + 6)?,
        payload: bytes(row, first + 7)?,
    })
}

/// The bytes of a text or a blob.
pub(super) fn bytes<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<&'r [u8]> {
    row.get_ref(column)?.as_bytes().map_err(|error| unreadable(column, Type::Blob, error))
}

fn optional_bytes<'r>(row: &'r Row<'_>, column: usize) -> rusqlite::Result<Option<&'r [u8]>> {
    row.get_ref(column)?.as_bytes_or_null().map_err(|error| unreadable(column, Type::Blob, error))
}

/// An envelope from eight columns, the first of which is `first`.
pub(super) fn envelope(row: &Row<'_>, first: usize) -> Result<Envelope, Failure> {
    Ok(log::envelope(columns(row, first)?)?)
}

/// All rows of a statement.
pub(super) fn collect<T>(
    mut rows: rusqlite::Rows<'_>,
    mut read: impl FnMut(&Row<'_>) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::new();
    while let Some(row) = rows.next()? {
        all.push(read(row)?);
    }
    Ok(all)
}
