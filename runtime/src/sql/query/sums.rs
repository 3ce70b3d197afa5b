//! Sums, as servers answer them.

use super::unreadable;
use crate::{
    entity::{ColumnDef, Value},
    error::Error,
    plan::{refusal::overflow, whole_sum},
};

/// What a column comes to, by the text of the sum; nothing without one.
pub(in crate::sql) fn sum_of_text(column: &ColumnDef, text: Option<&str>) -> Result<Value<'static>, Error> {
    let Some(text) = text else { return Ok(Value::Null(column.kind())) };
    let after = column.digits().map_or(0, |(_, after)| after as usize);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > after {
        return Err(unreadable(column));
    }
    let units = format!("{whole}{fraction:0<after$}").parse::<i128>();
    units.ok().and_then(|units| whole_sum(column, units)).ok_or_else(|| overflow(column))
}

/// What a column of numbers with a floating point comes to.
pub(in crate::sql) fn sum_of_float(column: &ColumnDef, sum: Option<f64>) -> Result<Value<'static>, Error> {
    match sum {
        Some(sum) if sum.is_finite() => Ok(Value::Float(sum)),
        Some(_) => Err(overflow(column)),
        None => Ok(Value::Null(column.kind())),
    }
}
