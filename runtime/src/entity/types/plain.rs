//! The types that databases have, too.

use std::borrow::Cow;

use super::{ColumnType, Date, Decimal, Ordered, Summable, Textual, misfit, out_of_range};
use crate::{
    actor::ActorId,
    entity::{Kind, Patchable, Value},
    id::Uuid,
    tenant::TenantId,
    timestamp::Timestamp,
    value_object::Invalid,
    version::Version,
};

macro_rules! plain {
    ($($ty:ty, $ordered:literal => $kind:ident: $write:expr, $read:expr;)*) => {
        $(impl ColumnType for $ty {
            type Plain = Self;
            const KIND: Kind = Kind::$kind;
            const ORDERED: bool = $ordered;

            fn to_value(&self) -> Value<'_> {
                let write: fn(&$ty) -> Value<'_> = $write;
                write(self)
            }

            fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
                let read: fn(Value<'_>) -> Result<Self, Value<'_>> = $read;
                read(value).map_err(|value| misfit::<Self>(&value))
            }
        })*
    };
}

plain! {
    bool, false => Bool: |own| Value::Bool(*own), |value| if let Value::Bool(own) = value { Ok(own) } else { Err(value) };
    i64, true => Int: |own| Value::Int(*own), |value| if let Value::Int(own) = value { Ok(own) } else { Err(value) };
    String, true => Text: |own| Value::Text(Cow::Borrowed(own)),
        |value| if let Value::Text(own) = value { Ok(own.into_owned()) } else { Err(value) };
    Vec<u8>, true => Bytes: |own| Value::Bytes(Cow::Borrowed(own)),
        |value| if let Value::Bytes(own) = value { Ok(own.into_owned()) } else { Err(value) };
    Uuid, false => Uuid: |own| Value::Uuid(*own), |value| if let Value::Uuid(own) = value { Ok(own) } else { Err(value) };
    Timestamp, true => Time: |own| time(*own), |value| if let Value::Time(own) = value { Ok(own) } else { Err(value) };
    Date, true => Date: |own| Value::Date(*own), |value| if let Value::Date(own) = value { Ok(own) } else { Err(value) };
    Decimal, true => Decimal: |own| Value::Decimal(*own),
        |value| if let Value::Decimal(own) = value { Ok(own) } else { Err(value) };
    f64, true => Float: |own| float(*own), |value| if let Value::Float(own) = value { Ok(own) } else { Err(value) };
}

/// The first microsecond of the year 1000 and the last one of the year 9999.
const YEARS: std::ops::RangeInclusive<i64> = -30_610_224_000_000_000..=253_402_300_799_999_999;

fn time(time: Timestamp) -> Value<'static> {
    if YEARS.contains(&time.as_micros()) {
        Value::Time(time)
    } else {
        Value::Unfit(Kind::Time, "a time must lie in the years 1000 to 9999")
    }
}

fn float(number: f64) -> Value<'static> {
    if number.is_finite() { Value::Float(number) } else { Value::Unfit(Kind::Float, "a number must be finite") }
}

macro_rules! integers {
    ($($ty:ty)*) => {
        $(impl ColumnType for $ty {
            type Plain = Self;
            const KIND: Kind = Kind::Int;
            const ORDERED: bool = true;

            fn to_value(&self) -> Value<'_> {
                Value::Int(i64::from(*self))
            }

            fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
                let Value::Int(number) = value else { return Err(misfit::<Self>(&value)) };
                number.try_into().map_err(|_| out_of_range::<Self>())
            }
        })*
    };
}

integers!(i16 i32 u8 u16 u32);

impl ColumnType for f32 {
    type Plain = Self;
    const KIND: Kind = Kind::Float;
    const ORDERED: bool = true;

    fn to_value(&self) -> Value<'_> {
        float(f64::from(*self))
    }

    fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
        #[expect(clippy::cast_possible_truncation, reason = "what was stored was one of these")]
        f64::from_value(value).map(|number| number as Self)
    }
}

macro_rules! marks {
    ($($mark:ident: $($ty:ty)*;)*) => { $($(impl $mark for $ty {})*)* };
}

marks! {
    Ordered: i64 i16 i32 u8 u16 u32 f32 f64 String Vec<u8> Timestamp Date Decimal;
    Textual: String;
    Patchable: bool i64 i16 i32 u8 u16 u32 f32 f64 String Vec<u8> Uuid Timestamp Date Decimal TenantId ActorId Version;
}

macro_rules! sums {
    ($($sum:ty: $($ty:ty)*;)*) => {
        $($(impl Summable for $ty {
            type Sum = $sum;
        })*)*
    };
}

sums! {
    i64: i64 i16 i32 u8 u16 u32;
    f64: f64 f32;
}
