//! Columns to values.

use sqlx::{Row, mysql::MySqlRow};

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
pub(super) fn number(row: &MySqlRow, column: usize) -> Result<u64, Failure> {
    let value: i64 = row.try_get(column)?;
    u64::try_from(value).map_err(|_| words::unknown("number", value).into())
}

/// A number of 32 bits from a column.
pub(super) fn small(row: &MySqlRow, column: usize) -> Result<u32, Failure> {
    let value: i64 = row.try_get(column)?;
    u32::try_from(value).map_err(|_| words::unknown("number", value).into())
}

/// A number for a word.
pub(super) fn word(row: &MySqlRow, column: usize) -> Result<i64, Failure> {
    Ok(row.try_get(column)?)
}

/// A text: its column holds bytes.
pub(super) fn text(row: &MySqlRow, column: usize) -> Result<String, Failure> {
    utf8(row.try_get(column)?)
}

/// A text, or NULL.
pub(super) fn optional_text(row: &MySqlRow, column: usize) -> Result<Option<String>, Failure> {
    row.try_get::<Option<Vec<u8>>, _>(column)?.map(utf8).transpose()
}

fn utf8(bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| words::unknown("text", error).into())
}

/// A message id.
pub(super) fn message(row: &MySqlRow, column: usize) -> Result<MessageId, Failure> {
    uuid(row.try_get(column)?)
}

/// A message id, or NULL.
pub(super) fn optional_message(row: &MySqlRow, column: usize) -> Result<Option<MessageId>, Failure> {
    row.try_get::<Option<&[u8]>, _>(column)?.map(uuid).transpose()
}

fn uuid(bytes: &[u8]) -> Result<MessageId, Failure> {
    let uuid = Uuid::from_slice(bytes).map_err(|error| words::unknown("id", error))?;
    Ok(MessageId::from_uuid(uuid))
}

/// The bytes of a message id, for a column.
pub(super) fn id(id: &MessageId) -> &[u8] {
    id.as_uuid().as_bytes()
}

/// A time from its microseconds.
pub(super) fn time(row: &MySqlRow, column: usize) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_micros(row.try_get(column)?))
}

/// Metadata from a column.
pub(super) fn metadata(row: &MySqlRow, column: usize) -> Result<Metadata, Failure> {
    match row.try_get::<Option<&[u8]>, _>(column)? {
        None => Ok(Metadata::default()),
        Some(json) => Ok(codec::decode(json)?),
    }
}

/// The columns of an envelope, in the order in which [`envelope`] reads them.
macro_rules! envelope_columns {
    () => {
        "message, name, `schema`, kind, time, `key`, metadata, payload"
    };
}
pub(super) use envelope_columns;

/// The eight columns of an envelope, the first of which is `first`. The driver does not compare the types of each value
/// with those that are asked for: the tables are this program's, and the checksum is held against what was read.
pub(super) fn columns(row: &MySqlRow, first: usize) -> Result<Columns<'_>, Failure> {
    Ok(Columns {
        message: message(row, first)?.as_uuid().into_bytes(),
        name: row.try_get_unchecked(first + 1)?,
        schema: row.try_get_unchecked(first + 2)?,
        kind: row.try_get_unchecked(first + 3)?,
        time: row.try_get_unchecked(first + 4)?,
        key: row.try_get_unchecked(first + 5)?,
        metadata: row.try_get_unchecked(first + 6)?,
        payload: row.try_get_unchecked(first + 7)?,
    })
}

/// An envelope from eight columns, the first of which is `first`.
pub(super) fn envelope(row: &MySqlRow, first: usize) -> Result<Envelope, Failure> {
    Ok(log::envelope(columns(row, first)?)?)
}

/// All rows of an answer.
pub(super) fn collect<T>(
    rows: &[MySqlRow],
    mut read: impl FnMut(&MySqlRow) -> Result<T, Failure>,
) -> Result<Vec<T>, Failure> {
    let mut all = Vec::with_capacity(rows.len()); // what may fail does not say how long it is
    for row in rows {
        all.push(read(row)?);
    }
    Ok(all)
}
