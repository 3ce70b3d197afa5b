//! Values as SQLite keeps them: times as microseconds, decimals as whole numbers of their last digit.

use rusqlite::types::{ToSql, ToSqlOutput, Value as Stored, ValueRef};

use crate::{
    entity::{Cells, ColumnDef, Date, Kind, Value, decimal_of_units, decimal_units},
    error::Error,
    id::Uuid,
    plan::{refusal::overflow, whole_sum},
    sql::query::{Param, unfit, unreadable, within},
    timestamp::Timestamp,
};

/// SQLite takes no more parameters in one statement.
const MOST: usize = 32_766;

/// What is bound to the placeholders.
pub(super) fn all(params: &[Param]) -> Result<Vec<Bound<'_>>, Error> {
    within(params, MOST)?;
    params.iter().map(bound).collect()
}

pub(super) enum Bound<'p> {
    Text(&'p str),
    Bytes(&'p [u8]),
    Other(Stored),
}

impl ToSql for Bound<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Text(text) => ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(ValueRef::Blob(bytes)),
            Self::Other(value) => ToSqlOutput::Borrowed(value.into()),
        })
    }
}

fn bound(param: &Param) -> Result<Bound<'_>, Error> {
    let (column, value) = match param {
        Param::Number(number) => return Ok(Bound::Other(Stored::Integer(*number))),
        Param::Of(column, value) => (column, value),
        Param::List(column, _) => return Err(unfit(column, "SQLite takes no lists")),
    };
    let stored = match value {
        Value::Null(_) => Stored::Null,
        Value::Bool(flag) => Stored::Integer(i64::from(*flag)),
        Value::Int(number) => Stored::Integer(*number),
        Value::Float(number) => Stored::Real(*number),
        Value::Text(text) | Value::Json(text) => return Ok(Bound::Text(text)),
        Value::Bytes(bytes) => return Ok(Bound::Bytes(bytes)),
        Value::Uuid(uuid) => return Ok(Bound::Bytes(uuid.as_bytes())),
        Value::Time(time) => Stored::Integer(time.as_micros()),
        Value::Date(date) => Stored::Text(date.to_string()),
        Value::Decimal(number) => {
            let units = decimal_units(number, after(column)).and_then(|units| i64::try_from(units).ok());
            Stored::Integer(units.ok_or_else(|| unfit(column, "it has more digits than SQLite can keep"))?)
        }
        Value::Unfit(_, why) => return Err(unfit(column, why)),
    };
    Ok(Bound::Other(stored))
}

/// A row as a reader wants it.
pub(super) struct Row<'r, 's>(pub(super) &'r rusqlite::Row<'s>);

impl Cells for Row<'_, '_> {
    fn cell(&mut self, place: usize, column: &ColumnDef) -> Result<Value<'_>, Error> {
        let stored = self.0.get_ref(place).map_err(|error| unreadable(column).caused_by(error))?;
        read(stored, column).ok_or_else(|| unreadable(column))
    }
}

fn read<'r>(stored: ValueRef<'r>, column: &ColumnDef) -> Option<Value<'r>> {
    let value = match (column.kind(), stored) {
        (kind, ValueRef::Null) => Value::Null(kind),
        (Kind::Bool, ValueRef::Integer(flag)) => Value::Bool(flag != 0),
        (Kind::Int, ValueRef::Integer(number)) => Value::Int(number),
        (Kind::Float, ValueRef::Real(number)) => Value::Float(number),
        (Kind::Text, ValueRef::Text(text)) => Value::Text(std::str::from_utf8(text).ok()?.into()),
        (Kind::Json, ValueRef::Text(text)) => Value::Json(std::str::from_utf8(text).ok()?.into()),
        (Kind::Bytes, ValueRef::Blob(bytes)) => Value::Bytes(bytes.into()),
        (Kind::Uuid, ValueRef::Blob(bytes)) => Value::Uuid(Uuid::from_slice(bytes).ok()?),
        (Kind::Time, ValueRef::Integer(micros)) => Value::Time(Timestamp::from_micros(micros)),
        (Kind::Date, ValueRef::Text(text)) => Value::Date(std::str::from_utf8(text).ok()?.parse::<Date>().ok()?),
        (Kind::Decimal, ValueRef::Integer(units)) => Value::Decimal(decimal_of_units(units.into(), after(column))?),
        _ => return None,
    };
    Some(value)
}

/// What the column comes to: of whole numbers and decimals the upper and the lower halves are summed up apart.
pub(super) fn sum(row: &rusqlite::Row<'_>, column: &ColumnDef) -> Result<Value<'static>, Error> {
    let cell = |place: usize| row.get_ref(place).map_err(|error| unreadable(column).caused_by(error));
    let sum = match cell(0)? {
        ValueRef::Null => Some(Value::Null(column.kind())),
        ValueRef::Real(number) => number.is_finite().then_some(Value::Float(number)),
        ValueRef::Integer(upper) => {
            let ValueRef::Integer(lower) = cell(1)? else { return Err(unreadable(column)) };
            whole_sum(column, (i128::from(upper) << 32) + i128::from(lower))
        }
        _ => return Err(unreadable(column)),
    };
    sum.ok_or_else(|| overflow(column))
}

/// How many digits the column has after the point.
fn after(column: &ColumnDef) -> u32 {
    column.digits().map_or(0, |(_, after)| after)
}
