//! Without the feature `decimal` there are no decimal numbers.

use std::fmt;

/// No number: the feature `decimal` is off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decimal {}

impl fmt::Display for Decimal {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

/// None.
///
/// # Errors
/// Always.
pub(crate) fn parse(_: &str) -> Result<Decimal, String> {
    Err("decimal numbers need the feature `decimal`".into())
}

/// How many digits it has.
#[must_use]
pub(in crate::entity) fn digits(number: &Decimal) -> (u32, u32) {
    match *number {}
}

/// None.
#[must_use]
pub(crate) fn units(number: &Decimal, _: u32) -> Option<i128> {
    match *number {}
}

/// None.
#[must_use]
pub(crate) fn of_units(_: i128, _: u32) -> Option<Decimal> {
    None
}
