//! Decimal numbers as `DECIMAL`.

use sqlx::{
    Arguments as _, Row as _,
    error::BoxDynError,
    mysql::{MySqlArguments, MySqlRow},
};

use crate::entity::Decimal;

pub(super) fn add(arguments: &mut MySqlArguments, number: &Decimal) -> Result<(), BoxDynError> {
    arguments.add(*number)
}

pub(super) fn read(row: &MySqlRow, place: usize) -> Result<Decimal, sqlx::Error> {
    row.try_get(place)
}
