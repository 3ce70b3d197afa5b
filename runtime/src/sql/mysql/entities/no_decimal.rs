//! Without the feature `decimal` there are no decimal numbers.

use sqlx::{
    error::BoxDynError,
    mysql::{MySqlArguments, MySqlRow},
};

use crate::entity::Decimal;

pub(super) fn add(_: &mut MySqlArguments, number: &Decimal) -> Result<(), BoxDynError> {
    match *number {}
}

pub(super) fn read(_: &MySqlRow, _: usize) -> Result<Decimal, sqlx::Error> {
    Err(sqlx::Error::RowNotFound)
}
