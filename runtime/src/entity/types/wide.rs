//! What is stored as something else: integers that no database has, and documents.

use std::{borrow::Cow, marker::PhantomData};

use serde::{Serialize, de::DeserializeOwned};

use super::{ColumnType, Operand, Ordered, Summable, misfit, out_of_range};
use crate::{
    codec,
    entity::{Kind, Value},
    value_object::Invalid,
    version::Version,
};

impl ColumnType for Version {
    type Plain = Self;
    const KIND: Kind = Kind::Int;
    const ORDERED: bool = true;

    fn to_value(&self) -> Value<'_> {
        whole(self.get())
    }

    fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
        let Value::Int(number) = value else { return Err(misfit::<Self>(&value)) };
        u64::try_from(number).map(Self::new).map_err(|_| out_of_range::<Self>())
    }
}

fn whole<N: TryInto<i64>>(number: N) -> Value<'static> {
    let Ok(number) = number.try_into() else {
        return Value::Unfit(Kind::Int, "the number is beyond 64 bits with a sign");
    };
    Value::Int(number)
}

/// An integer that a database has no type for, as far as it fits into 64 bits with a sign: `#[col(as = i64)]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AsI64<N>(pub N);

impl<N: Copy + TryInto<i64> + TryFrom<i64>> ColumnType for AsI64<N> {
    type Plain = Self;
    const KIND: Kind = Kind::Int;
    const ORDERED: bool = true;

    fn to_value(&self) -> Value<'_> {
        whole(self.0)
    }

    fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
        let Value::Int(number) = value else { return Err(misfit::<Self>(&value)) };
        N::try_from(number).map(Self).map_err(|_| out_of_range::<N>())
    }
}

/// What serde can write, as a JSON document: `#[col(json)]`.
#[derive(Debug)]
pub struct AsJson<T>(PhantomData<fn() -> T>);

impl<T: Serialize + DeserializeOwned> AsJson<T> {
    /// As it is stored.
    #[must_use]
    pub fn to_value(value: &T) -> Value<'static> {
        let text = codec::encode(value).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        text.map_or(Value::Unfit(Kind::Json, "its `Serialize` refuses"), |text| Value::Json(Cow::Owned(text)))
    }

    /// From what was stored.
    ///
    /// # Errors
    /// Why it is no such value.
    pub fn from_value(value: Value<'_>) -> Result<T, Invalid> {
        let name = std::any::type_name::<T>();
        let Value::Json(text) = value else { return Err(Invalid::new(name, "a JSON document is wanted")) };
        codec::decode(text.as_bytes()).map_err(|error| Invalid::new(name, error.to_string()))
    }
}

impl<N> Ordered for AsI64<N> where Self: ColumnType {}

impl<N> Summable for AsI64<N>
where
    Self: ColumnType,
{
    type Sum = i64;
}

impl<N: Copy> Operand<AsI64<N>> for N
where
    AsI64<N>: ColumnType,
{
    fn operand(self) -> Value<'static> {
        AsI64(self).to_value().into_owned()
    }
}
