//! Cells of rows as values.

use sqlx::{Row as _, TypeInfo as _, ValueRef as _, mysql::MySqlRow};
use time::PrimitiveDateTime;

use super::decimal;
use crate::{
    entity::{Cells, ColumnDef, Kind, Value},
    error::Error,
    id::Uuid,
    sql::{
        query::unreadable,
        server::{date, timestamp},
    },
};

/// A row as a reader wants it.
pub(super) struct Row<'r>(pub(super) &'r MySqlRow);

impl Cells for Row<'_> {
    fn cell(&mut self, place: usize, column: &ColumnDef) -> Result<Value<'_>, Error> {
        let read = read(self.0, place, column.kind()).map_err(|error| unreadable(column).caused_by(error))?;
        read.ok_or_else(|| unreadable(column))
    }
}

/// Nothing, for what no column may hold.
fn read(row: &MySqlRow, place: usize, kind: Kind) -> Result<Option<Value<'_>>, sqlx::Error> {
    if row.try_get_raw(place)?.is_null() {
        return Ok(Some(Value::Null(kind)));
    }
    Ok(match kind {
        Kind::Bool => Some(Value::Bool(row.try_get::<i64, _>(place)? != 0)),
        Kind::Int => Some(Value::Int(row.try_get(place)?)),
        Kind::Float => Some(Value::Float(row.try_get(place)?)),
        Kind::Text => text(row, place)?.map(|text| Value::Text(text.into())),
        Kind::Json => text(row, place)?.map(|text| Value::Json(text.into())),
        Kind::Bytes => bytes(row, place)?.map(|bytes| Value::Bytes(bytes.into())),
        Kind::Uuid => bytes(row, place)?.and_then(|bytes| Uuid::from_slice(bytes).ok()).map(Value::Uuid),
        Kind::Time => timestamp(row.try_get::<PrimitiveDateTime, _>(place)?.assume_utc()).map(Value::Time),
        Kind::Date => date(row.try_get(place)?).map(Value::Date),
        Kind::Decimal => Some(Value::Decimal(decimal::read(row, place)?)),
    })
}

fn text(row: &MySqlRow, place: usize) -> Result<Option<&str>, sqlx::Error> {
    bytes(row, place)?.map(std::str::from_utf8).transpose().map_err(|error| sqlx::Error::Decode(error.into()))
}

/// The bytes of a column that holds any; those of a number would be something else.
fn bytes(row: &MySqlRow, place: usize) -> Result<Option<&[u8]>, sqlx::Error> {
    let holds = match row.try_get_raw(place)?.type_info().name() {
        "JSON" | "ENUM" => true,
        name => ["CHAR", "TEXT", "BINARY", "BLOB"].iter().any(|end| name.ends_with(end)),
    };
    if holds { row.try_get_unchecked(place).map(Some) } else { Ok(None) }
}
