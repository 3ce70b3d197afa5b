//! The sum of a column.

use crate::{
    entity::{ColumnDef, Kind, Value, decimal_units},
    error::Error,
    plan::{refusal::overflow, whole_sum},
};

/// What these values come to: null without one, and exact unless they have a floating point.
pub(super) fn sum<'v>(
    column: &ColumnDef,
    values: impl Iterator<Item = &'v Value<'static>>,
) -> Result<Value<'static>, Error> {
    let (mut whole, mut float, mut any) = (0_i128, 0.0_f64, false);
    for value in values {
        any |= !value.is_null();
        match value {
            Value::Int(number) => whole += i128::from(*number), // no table has 2^63 rows
            Value::Decimal(number) => {
                let units = decimal_units(number, column.digits().map_or(0, |(_, after)| after));
                whole = units.and_then(|units| whole.checked_add(units)).ok_or_else(|| overflow(column))?;
            }
            Value::Float(number) => float += number,
            _ => {}
        }
    }
    let sum = match column.kind() {
        kind if !any => Some(Value::Null(kind)),
        Kind::Float => float.is_finite().then_some(Value::Float(float)),
        _ => whole_sum(column, whole),
    };
    sum.ok_or_else(|| overflow(column))
}
