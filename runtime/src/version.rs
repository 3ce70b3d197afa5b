//! How far a stream has grown, and what a writer believes about it.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};

/// The version of a stream: the number of its events. The first event has version 1; an empty stream is at 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Version(u64);

impl Version {
    /// The version of a stream without events.
    pub const NONE: Self = Self(0);

    /// A version from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }

    /// The version after `events` more events.
    #[must_use]
    pub const fn plus(self, events: u64) -> Self {
        Self(self.0.saturating_add(events))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A place in the global order of all events of a store. Positions grow; they may have holes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Position(u64);

impl Position {
    /// Before the first event.
    pub const START: Self = Self(0);

    /// A position from its number.
    #[must_use]
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The number.
    #[must_use]
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a writer believes about the stream it appends to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Expected {
    /// Nothing: append after whatever is there.
    Any,
    /// The stream has no events.
    NoStream,
    /// The stream is at exactly this version.
    Version(Version),
}

impl Expected {
    /// The belief of a writer that has loaded the stream at `version`.
    #[must_use]
    pub const fn at(version: Version) -> Self {
        if version.0 == 0 { Self::NoStream } else { Self::Version(version) }
    }

    /// Whether a stream at `actual` is what the writer believes.
    #[must_use]
    pub const fn admits(self, actual: Version) -> bool {
        match self {
            Self::Any => true,
            Self::NoStream => actual.0 == 0,
            Self::Version(version) => version.0 == actual.0,
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Any => f.write_str("any version"),
            Self::NoStream => f.write_str("no stream"),
            Self::Version(version) => write!(f, "version {version}"),
        }
    }
}

/// Two writers met on one stream; this one lost and wrote nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("stream {stream} is at version {actual}, not at {expected}")]
#[non_exhaustive]
pub struct ConcurrencyConflict {
    /// The stream.
    pub stream: String,
    /// What the writer believed.
    pub expected: Expected,
    /// Where the stream was.
    pub actual: Version,
}

impl ConcurrencyConflict {
    /// Describes a lost race.
    #[must_use]
    pub fn new(stream: impl Into<String>, expected: Expected, actual: Version) -> Self {
        Self { stream: stream.into(), expected, actual }
    }
}

impl From<ConcurrencyConflict> for Error {
    fn from(conflict: ConcurrencyConflict) -> Self {
        Self::new(ErrorKind::Conflict, "store/conflict", "another writer was faster; load again and decide again")
            .with("stream", &conflict.stream)
            .with("expected", conflict.expected)
            .with("actual", conflict.actual)
            .caused_by(conflict)
    }
}
