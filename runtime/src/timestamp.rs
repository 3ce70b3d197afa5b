//! A point in time: UTC, in microseconds, as text always RFC 3339 with `Z`.

use std::{fmt, str::FromStr, time::Duration};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use time::{OffsetDateTime, UtcOffset, format_description::well_known::Rfc3339};

use crate::error::{Error, ErrorKind};

/// Microseconds since 1970-01-01T00:00:00Z; earlier times are negative.
///
/// ```
/// use bailiwick::Timestamp;
/// let at: Timestamp = "2023-03-07T09:26:02.588855Z".parse()?;
/// assert_eq!(at.as_micros(), 1_678_181_162_588_855);
/// assert_eq!(at.to_string(), "2023-03-07T09:26:02.588855Z");
/// # Ok::<(), bailiwick::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// A time from its microseconds since 1970.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since 1970.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// The later time; stops at the end of the range.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)))
    }

    /// How long after `earlier` this is; zero if it is before.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_micros(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = OffsetDateTime::from_unix_timestamp_nanos(i128::from(self.0) * 1_000)
            .ok()
            .and_then(|time| time.format(&Rfc3339).ok());
        match text {
            Some(text) => f.write_str(&text),
            None => write!(f, "{}us", self.0), // outside the years that RFC 3339 can write
        }
    }
}

impl FromStr for Timestamp {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let time = OffsetDateTime::parse(text, &Rfc3339).map_err(|source| {
            Error::new(
                ErrorKind::Invalid,
                "timestamp/format",
                "write the time as RFC 3339, for instance 2023-03-07T09:26:02Z",
            )
            .with("text", text)
            .caused_by(source)
        })?;
        let micros = time.to_offset(UtcOffset::UTC).unix_timestamp_nanos() / 1_000;
        Ok(Self(i64::try_from(micros).unwrap_or(i64::MAX)))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
