//! Cells of rows as values.

use sqlx::{Row as _, TypeInfo as _, ValueRef as _, postgres::PgRow};

use super::decimal;
use crate::{
    entity::{Cells, ColumnDef, Kind, Value},
    error::Error,
    sql::{
        query::unreadable,
        server::{date, timestamp},
    },
};

/// A row as a reader wants it.
pub(super) struct Row<'r>(pub(super) &'r PgRow);

impl Cells for Row<'_> {
    fn cell(&mut self, place: usize, column: &ColumnDef) -> Result<Value<'_>, Error> {
        let read = read(self.0, place, column.kind()).map_err(|error| unreadable(column).caused_by(error))?;
        read.ok_or_else(|| unreadable(column))
    }
}

/// Nothing, for what no column may hold.
fn read(row: &PgRow, place: usize, kind: Kind) -> Result<Option<Value<'_>>, sqlx::Error> {
    let raw = row.try_get_raw(place)?;
    if raw.is_null() {
        return Ok(Some(Value::Null(kind)));
    }
    Ok(Some(match kind {
        Kind::Bool => Value::Bool(row.try_get(place)?),
        Kind::Int => Value::Int(whole(row, place)?),
        Kind::Float => Value::Float(row.try_get(place)?),
        Kind::Text => Value::Text(row.try_get::<&str, _>(place)?.into()),
        Kind::Bytes => Value::Bytes(row.try_get::<&[u8], _>(place)?.into()),
        Kind::Uuid => Value::Uuid(row.try_get(place)?),
        Kind::Time => return Ok(timestamp(row.try_get(place)?).map(Value::Time)),
        Kind::Date => return Ok(date(row.try_get(place)?).map(Value::Date)),
        Kind::Decimal => Value::Decimal(decimal::read(row, place)?),
        Kind::Json => return Ok(json(row, place)?.map(|text| Value::Json(text.into()))),
    }))
}

/// A table that was written by hand may have smaller numbers.
fn whole(row: &PgRow, place: usize) -> Result<i64, sqlx::Error> {
    Ok(match row.try_get_raw(place)?.type_info().name() {
        "INT2" => row.try_get::<i16, _>(place)?.into(),
        "INT4" => row.try_get::<i32, _>(place)?.into(),
        _ => row.try_get(place)?,
    })
}

fn json(row: &PgRow, place: usize) -> Result<Option<&str>, sqlx::Error> {
    let raw = row.try_get_raw(place)?;
    let form = raw.type_info().name().to_owned();
    let bytes = raw.as_bytes().map_err(sqlx::Error::Decode)?;
    let text = match form.as_str() {
        "JSONB" => bytes.strip_prefix(&[1]),
        "JSON" | "TEXT" => Some(bytes),
        _ => None,
    };
    text.map(|bytes| std::str::from_utf8(bytes).map_err(|error| sqlx::Error::Decode(error.into()))).transpose()
}
