//! Decimal numbers: those of the crate `rust_decimal`.

pub use rust_decimal::Decimal;

use super::{ColumnType, Operand, Summable};
use crate::entity::Value;

impl Operand<Decimal> for i32 {
    fn operand(self) -> Value<'static> {
        Decimal::from(self).to_value().into_owned()
    }
}

impl Operand<Decimal> for i64 {
    fn operand(self) -> Value<'static> {
        Decimal::from(self).to_value().into_owned()
    }
}

/// The number that a text says, exactly.
///
/// # Errors
/// Why it says none.
pub(crate) fn parse(text: &str) -> Result<Decimal, String> {
    Decimal::from_str_exact(text).map_err(|error| error.to_string())
}

/// How many digits it has before and after the point, without zeros at either end.
#[must_use]
pub(in crate::entity) fn digits(number: &Decimal) -> (u32, u32) {
    let number = number.normalize().abs();
    let whole = number.trunc();
    let before = if whole.is_zero() { 0 } else { whole.to_string().len() };
    (u32::try_from(before).unwrap_or(u32::MAX), number.scale())
}

/// The number in units of its digit so far after the point, if it is a whole number of them.
#[must_use]
pub(crate) fn units(number: &Decimal, after: u32) -> Option<i128> {
    let number = number.normalize();
    let missing = after.checked_sub(number.scale())?;
    number.mantissa().checked_mul(10_i128.checked_pow(missing)?)
}

/// The number of so many units of its digit so far after the point, if there are digits enough for it.
#[must_use]
pub(crate) fn of_units(units: i128, after: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(units, after).ok()
}

impl Summable for Decimal {
    type Sum = Self;
}
