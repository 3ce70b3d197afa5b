//! Columns to values.

use std::{borrow::Cow, sync::Arc};

use sqlx::{Row, postgres::PgRow};

use super::{super::words, classify::Failure};
use crate::{
    codec,
    envelope::{Envelope, Metadata},
    id::{MessageId, Uuid},
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

/// An envelope from eight columns, the first of which is `first`.
pub(super) fn envelope(row: &PgRow, first: usize) -> Result<Envelope, Failure> {
    Ok(Envelope {
        id: message(row, first)?,
        name: Cow::Owned(row.try_get(first + 1)?),
        version: small(row, first + 2)?,
        kind: words::kind(word(row, first + 3)?)?,
        time: time(row, first + 4)?,
        key: row.try_get(first + 5)?,
        metadata: metadata(row, first + 6)?,
        payload: Arc::from(row.try_get::<&[u8], _>(first + 7)?),
    })
}

/// All rows of an answer.
pub(super) fn collect<T>(rows: &[PgRow], read: impl Fn(&PgRow) -> Result<T, Failure>) -> Result<Vec<T>, Failure> {
    rows.iter().map(read).collect()
}
