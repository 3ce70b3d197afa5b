//! A calendar day, as both contexts and the file speak of it.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A day of the Gregorian calendar, kept as the number `YYYYMMDD`; days compare as they follow each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u32", into = "u32")]
pub(crate) struct Day(u32);

/// A text or a number that is no day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no day of the calendar in the form YYYYMMDD")]
pub(crate) struct NoDay;

impl Day {
    /// The month, as `1997-01`: the key of what is counted by month.
    #[must_use]
    pub(crate) fn month(self) -> String {
        format!("{:04}-{:02}", self.0 / 10_000, self.0 / 100 % 100)
    }
}

impl TryFrom<u32> for Day {
    type Error = NoDay;

    fn try_from(number: u32) -> Result<Self, NoDay> {
        let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
        let valid = (1..=9_999).contains(&year) && (1..=days_of(year, month)).contains(&day);
        if valid { Ok(Self(number)) } else { Err(NoDay) }
    }
}

impl From<Day> for u32 {
    fn from(day: Day) -> Self {
        day.0
    }
}

impl FromStr for Day {
    type Err = NoDay;

    fn from_str(text: &str) -> Result<Self, NoDay> {
        if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(NoDay);
        }
        text.parse::<u32>().map_err(|_| NoDay)?.try_into()
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.0 / 10_000, self.0 / 100 % 100, self.0 % 100)
    }
}

/// How many days a month has; none if there is no such month.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap(year) => 29,
        2 => 28,
        _ => 0,
    }
}

fn is_leap(year: u32) -> bool {
    year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_is_one_of_the_calendar() {
        for text in ["19970101", "19980630", "20000229", "19960229"] {
            assert_eq!(text.parse::<Day>().map(u32::from).map(|number| number.to_string()), Ok(text.to_owned()));
        }
        for text in "19970229 19000229 19971301 19970100 19970132 1997010 199701011 1997O101 +9970101".split(' ') {
            assert_eq!(text.parse::<Day>(), Err(NoDay), "{text}");
        }
    }

    #[test]
    fn a_day_knows_its_month() {
        let day: Day = "19970312".parse().unwrap();
        assert_eq!((day.month(), day.to_string()), ("1997-03".to_owned(), "1997-03-12".to_owned()));
    }
}
