//! Times and days as the driver has them.

use time::{Month, OffsetDateTime};

use crate::{entity::Date, timestamp::Timestamp};

/// Nothing, for a time that the driver has not; no column takes it either.
pub(in crate::sql) fn moment(time: Timestamp) -> Option<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(time.as_micros()) * 1_000).ok()
}

pub(in crate::sql) fn timestamp(moment: OffsetDateTime) -> Option<Timestamp> {
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1_000)).ok().map(Timestamp::from_micros)
}

pub(in crate::sql) fn day(date: Date) -> Option<time::Date> {
    let (year, month, day) = date.parts();
    time::Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

pub(in crate::sql) fn date(day: time::Date) -> Option<Date> {
    Date::new(day.year(), u8::from(day.month()), day.day()).ok()
}
