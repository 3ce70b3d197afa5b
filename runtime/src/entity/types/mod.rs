//! Which types a column can have, and what its values can be compared with.

mod date;
#[cfg(feature = "decimal")]
mod decimal;
#[cfg(not(feature = "decimal"))]
#[path = "no_decimal.rs"]
mod decimal;
mod plain;
mod wide;
mod words;

use std::borrow::Cow;

pub use date::Date;
pub use decimal::Decimal;
pub(super) use decimal::digits;
pub(crate) use decimal::{of_units as decimal_of_units, parse as parse_decimal, units as decimal_units};
pub use wide::{AsI64, AsJson};

use super::{Kind, Value};
use crate::value_object::Invalid;

/// A type that a column can have. Written by `#[derive(Id)]`, by `#[derive(ValueObject)]` on a newtype, and for every
/// [`State`](crate::state_machine::State); `Option` of such a type is one that can be null.
///
/// Integers of 64 bits without a sign, and larger ones, are none: a database has no such column. `#[col(as = i64)]` stores
/// them as far as they fit.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the type of a column",
    label = "no column can hold it",
    note = "a column holds `bool`, `i16` to `i64`, `u8` to `u32`, `f32`, `f64`, `String`, `Vec<u8>`, `Uuid`, `Timestamp`, `Date`, \
            `Decimal`, a type with `#[derive(Id)]`, `#[derive(State)]` or, around one value, `#[derive(ValueObject)]`, and `Option` of these",
    note = "`#[col(json)]` stores whatever serde can write; `#[col(as = i64)]` stores `u64` and larger integers as far as they fit"
)]
pub trait ColumnType: Sized {
    /// What is compared: `T` for `Option<T>`, otherwise the type itself.
    type Plain: ColumnType;
    /// What the column holds.
    const KIND: Kind;
    /// Whether it can be null.
    const NULLABLE: bool = false;
    /// The length of the longest text, in Unicode scalar values, if the type knows it.
    const MAX: Option<u32> = None;

    /// Whether its values have an order that every database and Rust share: whether it is [`Ordered`].
    const ORDERED: bool = false;

    /// The texts that there are, if they can be counted.
    #[must_use]
    fn texts() -> Vec<&'static str> {
        Vec::new()
    }

    /// As it is stored.
    fn to_value(&self) -> Value<'_>;

    /// From what was stored.
    ///
    /// # Errors
    /// Why it is no such value.
    fn from_value(value: Value<'_>) -> Result<Self, Invalid>;
}

/// Refuses a value of another kind.
///
/// # Errors
/// What was found.
fn misfit<T: ColumnType>(value: &Value<'_>) -> Invalid {
    let found = if value.is_null() { "nothing".into() } else { value.kind().to_string() };
    Invalid::new(std::any::type_name::<T>(), format!("{} is wanted, and this is {found}", T::KIND))
}

fn out_of_range<T>() -> Invalid {
    Invalid::new(std::any::type_name::<T>(), "the stored number is out of its range")
}

impl<T: ColumnType<Plain = T>> ColumnType for Option<T> {
    type Plain = T;
    const KIND: Kind = T::KIND;
    const NULLABLE: bool = true;
    const MAX: Option<u32> = T::MAX;
    const ORDERED: bool = T::ORDERED;

    fn texts() -> Vec<&'static str> {
        T::texts()
    }

    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Null(T::KIND), T::to_value)
    }

    fn from_value(value: Value<'_>) -> Result<Self, Invalid> {
        if value.is_null() { Ok(None) } else { T::from_value(value).map(Some) }
    }
}

/// Types whose values have an order that every database and Rust share.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` have no order",
    label = "only `eq`, `ne`, `is_in`, `not_in` and `same` compare them",
    note = "numbers, texts, times, dates and decimals have one; a state is sorted by its stored text, which means nothing"
)]
pub trait Ordered: ColumnType {}

/// Types whose values can be summed up.
///
/// For a type of your own around a number, say what its sum is: `impl Summable for Cents { type Sum = i64; }`.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` have no sum",
    label = "no number",
    note = "whole numbers, numbers with a floating point and decimals have one; for a type of your own write `impl Summable`"
)]
pub trait Summable: Ordered {
    /// The type of the sum: `i64` of whole numbers.
    type Sum: ColumnType<Plain = Self::Sum>;
}

/// Types whose values are texts, in which a part can be looked for.
#[diagnostic::on_unimplemented(
    message = "values of `{Self}` are no texts",
    label = "only a text has parts, and equals a text"
)]
pub trait Textual: ColumnType {}

/// What a column of `T` can be compared with: a `T`, a reference to one, and what says the same with less.
#[diagnostic::on_unimplemented(message = "`{Self}` cannot be compared with a column of `{T}`", label = "not a `{T}`")]
pub trait Operand<T> {
    /// The value.
    fn operand(self) -> Value<'static>;
}

impl<T: ColumnType<Plain = T>> Operand<T> for T {
    fn operand(self) -> Value<'static> {
        self.to_value().into_owned()
    }
}

impl<T: ColumnType<Plain = T>> Operand<T> for &T {
    fn operand(self) -> Value<'static> {
        self.to_value().into_owned()
    }
}

impl<T: Textual> Operand<T> for &str {
    fn operand(self) -> Value<'static> {
        Value::Text(Cow::Owned(self.to_owned()))
    }
}
