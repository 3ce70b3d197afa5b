//! Values as parameters. Each has the type that its column is made with, so that the server compares no number with a text.

use sqlx::{Arguments as _, error::BoxDynError, mysql::MySqlArguments};
use time::PrimitiveDateTime;

use super::decimal;
use crate::{
    entity::{Kind, Value},
    error::Error,
    sql::{
        query::{Param, unfit, within},
        server::{day, moment, unbound},
    },
};

/// The protocol counts parameters in 16 bits.
const MOST: usize = 65_535;

/// What is bound to the placeholders.
pub(super) fn all(params: &[Param]) -> Result<MySqlArguments, Error> {
    within(params, MOST)?;
    let mut arguments = MySqlArguments::default();
    arguments.reserve(params.len(), params.len() * 16);
    for param in params {
        match param {
            Param::Number(number) => arguments.add(*number).map_err(unbound)?,
            Param::Of(column, value) => one(&mut arguments, value).map_err(|why| unfit(column, why))?,
            Param::List(column, _) => return Err(unfit(column, "MySQL takes no lists")),
        }
    }
    Ok(arguments)
}

fn one(arguments: &mut MySqlArguments, value: &Value<'_>) -> Result<(), BoxDynError> {
    match value {
        Value::Null(kind) => null(arguments, *kind),
        Value::Bool(flag) => arguments.add(*flag),
        Value::Int(number) => arguments.add(*number),
        Value::Float(number) => arguments.add(*number),
        Value::Text(text) | Value::Json(text) => arguments.add(&**text),
        Value::Bytes(bytes) => arguments.add(&**bytes),
        Value::Uuid(uuid) => arguments.add(&uuid.as_bytes()[..]),
        Value::Time(time) => {
            let moment = moment(*time).ok_or(BEYOND)?;
            arguments.add(PrimitiveDateTime::new(moment.date(), moment.time()))
        }
        Value::Date(date) => arguments.add(day(*date).ok_or(BEYOND)?),
        Value::Decimal(number) => decimal::add(arguments, number),
        Value::Unfit(_, why) => Err((*why).into()),
    }
}

const BEYOND: &str = "the calendar ends before";

fn null(arguments: &mut MySqlArguments, kind: Kind) -> Result<(), BoxDynError> {
    match kind {
        Kind::Bool => arguments.add(None::<bool>),
        Kind::Int => arguments.add(None::<i64>),
        Kind::Float => arguments.add(None::<f64>),
        Kind::Text | Kind::Json | Kind::Decimal => arguments.add(None::<&str>),
        Kind::Bytes | Kind::Uuid => arguments.add(None::<&[u8]>),
        Kind::Time => arguments.add(None::<PrimitiveDateTime>),
        Kind::Date => arguments.add(None::<time::Date>),
    }
}
