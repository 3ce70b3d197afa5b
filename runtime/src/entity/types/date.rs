//! A day of the calendar.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{Month, format_description::well_known::Iso8601};

use crate::error::{Error, ErrorKind};

/// A day of the Gregorian calendar, without time and zone: `2024-02-29`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(time::Date);

impl Date {
    /// The day of a year, month (1 to 12) and day of the month.
    ///
    /// # Errors
    /// `date/invalid` if the calendar has no such day, or the year is not one of 1000 to 9999, which every database stores.
    pub fn new(year: i32, month: u8, day: u8) -> Result<Self, Error> {
        let made = Month::try_from(month).and_then(|month| time::Date::from_calendar_date(year, month, day));
        match made {
            Ok(date) if (1000..=9999).contains(&date.year()) => Ok(Self(date)),
            _ => Err(invalid(&format!("{year:04}-{month:02}-{day:02}"))),
        }
    }

    /// Year, month and day of the month.
    #[must_use]
    pub fn parts(self) -> (i32, u8, u8) {
        (self.0.year(), u8::from(self.0.month()), self.0.day())
    }
}

fn invalid(text: &str) -> Error {
    let message = "write the day as year, month and day, for instance 2024-02-29; years from 1000 to 9999";
    Error::new(ErrorKind::Invalid, "date/invalid", message).with("text", text)
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = self.parts();
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl FromStr for Date {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        // The parser also takes the year and the week, or the year and the number of the day.
        if text.len() != 10 {
            return Err(invalid(text));
        }
        let date = time::Date::parse(text, &Iso8601::DATE).map_err(|_| invalid(text))?;
        let day = Self::new(date.year(), u8::from(date.month()), date.day())?;
        if day.to_string() == text { Ok(day) } else { Err(invalid(text)) }
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
