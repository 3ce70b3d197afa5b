//! Decimal numbers as `numeric`.

use sqlx::{
    Arguments as _, Row as _,
    error::BoxDynError,
    postgres::{PgArguments, PgRow},
};

use super::bind::element_of;
use crate::entity::{Decimal, Value};

pub(super) fn add(arguments: &mut PgArguments, number: Option<&Decimal>) -> Result<(), BoxDynError> {
    arguments.add(number.copied())
}

pub(super) fn list(arguments: &mut PgArguments, values: &[Value<'static>]) -> Result<(), BoxDynError> {
    let number = |value: &Value<'static>| match value {
        Value::Decimal(number) => Some(*number),
        _ => None,
    };
    let numbers = values.iter().map(|value| element_of(value, number)).collect::<Result<Vec<Option<Decimal>>, _>>()?;
    arguments.add(numbers)
}

pub(super) fn read(row: &PgRow, place: usize) -> Result<Decimal, sqlx::Error> {
    row.try_get(place)
}
