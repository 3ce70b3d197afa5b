//! Values as parameters. Each has the type that its column is made with, so that the server guesses nothing.

use sqlx::{
    Arguments as _, Encode, Postgres, Type,
    encode::IsNull,
    error::BoxDynError,
    postgres::{PgArgumentBuffer, PgArguments, PgHasArrayType, PgTypeInfo, types::Oid},
};

use super::decimal;
use crate::{
    entity::{Kind, Value},
    error::Error,
    id::Uuid,
    sql::{
        query::{Param, unfit, within},
        server::{day, moment, unbound},
    },
};

/// The protocol counts parameters in 16 bits.
const MOST: usize = 65_535;

/// What is bound to the placeholders.
pub(super) fn all(params: &[Param]) -> Result<PgArguments, Error> {
    within(params, MOST)?;
    let mut arguments = PgArguments::default();
    arguments.reserve(params.len(), params.len() * 16);
    for param in params {
        match param {
            Param::Number(number) => arguments.add(*number).map_err(unbound)?,
            Param::Of(column, value) => one(&mut arguments, value).map_err(|why| unfit(column, why))?,
            Param::List(column, values) => {
                list(&mut arguments, column.kind(), values).map_err(|why| unfit(column, why))?;
            }
        }
    }
    Ok(arguments)
}

fn one(arguments: &mut PgArguments, value: &Value<'_>) -> Result<(), BoxDynError> {
    match value {
        Value::Null(kind) => null(arguments, *kind),
        Value::Bool(flag) => arguments.add(*flag),
        Value::Int(number) => arguments.add(*number),
        Value::Float(number) => arguments.add(*number),
        Value::Text(text) => arguments.add(&**text),
        Value::Bytes(bytes) => arguments.add(&**bytes),
        Value::Uuid(uuid) => arguments.add(*uuid),
        Value::Time(time) => arguments.add(moment(*time).ok_or(BEYOND)?),
        Value::Date(date) => arguments.add(day(*date).ok_or(BEYOND)?),
        Value::Decimal(number) => decimal::add(arguments, Some(number)),
        Value::Json(text) => arguments.add(Jsonb(text)),
        Value::Unfit(_, why) => Err((*why).into()),
    }
}

const BEYOND: &str = "the calendar ends before";

fn null(arguments: &mut PgArguments, kind: Kind) -> Result<(), BoxDynError> {
    match kind {
        Kind::Bool => arguments.add(None::<bool>),
        Kind::Int => arguments.add(None::<i64>),
        Kind::Float => arguments.add(None::<f64>),
        Kind::Text => arguments.add(None::<&str>),
        Kind::Bytes => arguments.add(None::<&[u8]>),
        Kind::Uuid => arguments.add(None::<Uuid>),
        Kind::Time => arguments.add(None::<time::OffsetDateTime>),
        Kind::Date => arguments.add(None::<time::Date>),
        Kind::Decimal => decimal::add(arguments, None),
        Kind::Json => arguments.add(None::<Jsonb<'_>>),
    }
}

/// A list of values of one kind, as an array.
fn list(arguments: &mut PgArguments, kind: Kind, values: &[Value<'static>]) -> Result<(), BoxDynError> {
    macro_rules! array {
        ($($pattern:pat => $element:expr),*) => {
            array(arguments, values, |value| match value { $($pattern => $element,)* _ => None })
        };
    }
    match kind {
        Kind::Bool => array!(Value::Bool(flag) => Some(*flag)),
        Kind::Int => array!(Value::Int(number) => Some(*number)),
        Kind::Float => array!(Value::Float(number) => Some(*number)),
        Kind::Text => array!(Value::Text(text) => Some(&**text)),
        Kind::Bytes => array!(Value::Bytes(bytes) => Some(&**bytes)),
        Kind::Uuid => array!(Value::Uuid(uuid) => Some(*uuid)),
        Kind::Time => array!(Value::Time(time) => moment(*time)),
        Kind::Date => array!(Value::Date(date) => day(*date)),
        Kind::Decimal => decimal::list(arguments, values),
        Kind::Json => array!(Value::Json(text) => Some(Jsonb(text))),
    }
}

fn array<'v, T>(
    arguments: &mut PgArguments,
    values: &'v [Value<'static>],
    element: impl Fn(&'v Value<'static>) -> Option<T>,
) -> Result<(), BoxDynError>
where
    T: for<'q> Encode<'q, Postgres> + Type<Postgres> + PgHasArrayType,
{
    let elements = values.iter().map(|value| element_of(value, &element)).collect::<Result<Vec<_>, _>>()?;
    arguments.add(elements)
}

/// Null is the only value that is none: what the array cannot hold is refused, as a parameter by itself is.
pub(super) fn element_of<'v, T>(
    value: &'v Value<'static>,
    element: impl Fn(&'v Value<'static>) -> Option<T>,
) -> Result<Option<T>, BoxDynError> {
    match value {
        Value::Null(_) => Ok(None),
        Value::Unfit(_, why) => Err((*why).into()),
        value => element(value).map(Some).ok_or_else(|| BEYOND.into()),
    }
}

/// A JSON document, as its text.
pub(super) struct Jsonb<'t>(pub(super) &'t str);

impl Type<Postgres> for Jsonb<'_> {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(3802))
    }
}

impl PgHasArrayType for Jsonb<'_> {
    fn array_type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(3807))
    }
}

impl Encode<'_, Postgres> for Jsonb<'_> {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        buffer.push(1); // the version of the form
        buffer.extend_from_slice(self.0.as_bytes());
        Ok(IsNull::No)
    }
}
