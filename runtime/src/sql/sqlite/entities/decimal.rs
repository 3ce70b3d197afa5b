//! Decimal numbers as whole numbers of their last digit: SQLite has no decimals.

use crate::entity::Decimal;

/// The number in units of its digit so far after the point, if it is a whole number of them and 64 bits hold it.
#[must_use]
pub(super) fn units(number: &Decimal, after: u32) -> Option<i64> {
    let number = number.normalize();
    let missing = after.checked_sub(number.scale())?;
    let counted = number.mantissa().checked_mul(10_i128.checked_pow(missing)?)?;
    i64::try_from(counted).ok()
}

/// The number of so many units of its digit so far after the point.
#[must_use]
pub(super) fn of_units(units: i64, after: u32) -> Option<Decimal> {
    Decimal::try_new(units, after).ok()
}
