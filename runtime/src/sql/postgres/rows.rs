//! Columns to values.

use sqlx::{Row, postgres::PgRow};

use super::{
    super::{log, words},
    classify::Failure,
};
use crate::{
    codec,
    envelope::{Envelope, Metadata},
    id::{MessageId, Uuid},
    store::checksum::Columns,
    timestamp::Timestamp,
};

/// A number from a column.
pub(super) fn number(row: &PgRow, column: usize) -> Result<u64, Failure> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| words::unknown("number", value).into())
}

/// A number of 32 bits from a column.
pub(super) fn small(row: &PgRow, column: usize) -> Result<u32, Failure> {
    let value: i64 = row.try_get(column)?;
    u32::try_from(value).map_err(|_| words::unknown("number", value).into())
}

/// A number for a word.
pub(super) fn word(row: &PgRow, column: usize) -> Result<i64, Failure> {
    Ok(row.try_get::<i16, _>(column)?.into())
}

/// A message id.
pub(super) fn message(row: &PgRow, column: usize) -> Result<MessageId, Failure> {
    Ok(MessageId::from_uuid(row.try_get::<Uuid, _>(column)?))
}

/// A message id, or NULL.
pub(super) fn optional_message(row: &PgRow, column: usize) -> Result<Option<MessageId>, Failure> {
    Ok(row.try_get::<Option<Uuid>, _>(column)?.map(MessageId::from_uuid))
}

/// A time from its microseconds.
pub(super) fn time(row: &PgRow, column: usize) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_micros(row.try_get(column)?))
}

/// Metadata from a column.
pub(super) fn metadata(row: &PgRow, column: usize) -> Result<Metadata, Failure> {
    match row.try_get::<Option<&str>, _>(column)? {
        None => Ok(Metadata::default()),
        Some(text) => Ok(codec::decode(text.as_bytes())?),
    }
}

/// The columns of an envelope, in the order in which [`envelope`] reads them.
macro_rules! envelope_columns {
    () => {
        "message, name, schema, kind, time, key, metadata, payload"
    };
}
pub(super) use envelope_columns;

/// The eight columns of an envelope, the first of which is `first`. The driver does not compare the types of each value
/// with those that are asked for: the tables are this program's, and the checksum is held against what was read.
pub(super) fn columns(row: &PgRow, first: usize) -> Result<Columns<'_>, Failure> {
    Ok(Columns {
        message: row.try_get_unchecked::<Uuid, _>(first)?.into_bytes(),
        name: bytes(row, first + 1)?,
        schema: row.try_get_unchecked(first + 2)?,
        kind: row.try_get_unchecked::<i16, _>(first + 3)?.into(),
        time: row.try_get_unchecked(first + 4)?,
        key: row.try_get_unchecked(first + 5)?,
        metadata: row.try_get_unchecked(first + 6)?,
        payload: row.try_get_unchecked(first + 7)?,
    })
}

/// The bytes of a text: the server sends it as they are.
pub(super) fn bytes(row: &PgRow, column: usize) -> Result<&[u8], Failure> {
    Ok(row.try_get_unchecked(column)?)
}

/// An envelope from eight columns, the first of which is `first`.
pub(super) fn envelope(row: &PgRow, first: usize) -> Result<Envelope, Failure> {
    Ok(log::envelope(columns(row, first)?)?)
}

/// All rows of an answer.
pub(super) fn collect<T>(
    rows: &[PgRow],
    mut read: impl FnMut(&PgRow) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::with_capacity(rows.len()); // what may fail does not say how long it is
    for row in rows {
        all.push(read(row)?);
    }
    Ok(all)
}
