//! Without the feature `decimal` there are no decimal numbers.

use crate::entity::Decimal;

/// None.
#[must_use]
pub(super) fn units(number: &Decimal, _: u32) -> Option<i64> {
    match *number {}
}

/// None.
#[must_use]
pub(super) fn of_units(_: i64, _: u32) -> Option<Decimal> {
    None
}
