//! Without the feature `decimal` there are no decimal numbers.

use sqlx::{
    Arguments as _,
    error::BoxDynError,
    postgres::{PgArguments, PgRow},
};

use crate::entity::{Decimal, Value};

pub(super) fn add(arguments: &mut PgArguments, _: Option<&Decimal>) -> Result<(), BoxDynError> {
    arguments.add(None::<&str>)
}

pub(super) fn list(_: &mut PgArguments, _: &[Value<'static>]) -> Result<(), BoxDynError> {
    Err("decimal numbers need the feature `decimal`".into())
}

pub(super) fn read(_: &PgRow, _: usize) -> Result<Decimal, sqlx::Error> {
    Err(sqlx::Error::RowNotFound)
}
