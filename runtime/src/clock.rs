//! The one place that reads the time and makes identifiers.
//!
//! Everything above takes a [`Clock`] and never asks the system. A test gives a [`Clock::fixed`], moves it with
//! [`Clock::advance`], and knows every id and every timestamp beforehand.

use std::{
    fmt,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use uuid::{ContextV7, Uuid};

use crate::{error::Error, id::MessageId, timestamp::Timestamp};

enum Source {
    System(Mutex<ContextV7>),
    Fixed { now: Mutex<Timestamp>, ids: AtomicU64 },
}

/// A source of time and of identifiers; clones share it.
#[derive(Clone)]
pub struct Clock(Arc<Source>);

impl Clock {
    /// The system's clock. Its ids grow within the process even inside one millisecond.
    #[must_use]
    pub fn system() -> Self {
        Self(Arc::new(Source::System(Mutex::new(ContextV7::new()))))
    }

    /// A clock that stands at `at` until [`advance`](Self::advance) moves it. Its ids are numbered from 1.
    #[must_use]
    pub fn fixed(at: Timestamp) -> Self {
        Self(Arc::new(Source::Fixed { now: Mutex::new(at), ids: AtomicU64::new(0) }))
    }

    /// A clock that stands at a text such as `2026-01-01T00:00:00Z`.
    ///
    /// # Errors
    /// `timestamp/format` if the text is not RFC 3339.
    pub fn fixed_at(at: &str) -> Result<Self, Error> {
        Ok(Self::fixed(at.parse()?))
    }

    /// The time now.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one home of the system clock")]
    pub fn now(&self) -> Timestamp {
        match &*self.0 {
            Source::System(_) => {
                let micros = match SystemTime::now().duration_since(UNIX_EPOCH) {
                    Ok(after) => i64::try_from(after.as_micros()).unwrap_or(i64::MAX),
                    Err(before) => -i64::try_from(before.duration().as_micros()).unwrap_or(i64::MAX),
                };
                Timestamp::from_micros(micros)
            }
            Source::Fixed { now, .. } => *now.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// Moves a fixed clock; the system's clock does not obey.
    pub fn advance(&self, by: Duration) {
        if let Source::Fixed { now, .. } = &*self.0 {
            let mut now = now.lock().unwrap_or_else(PoisonError::into_inner);
            *now = now.plus(by);
        }
    }

    /// A new UUID of version 7.
    #[must_use]
    #[allow(clippy::disallowed_methods, reason = "the one home of new ids")]
    pub fn uuid(&self) -> Uuid {
        let micros = self.now().as_micros().max(0);
        let seconds = u64::try_from(micros / 1_000_000).unwrap_or(0);
        let nanos = u32::try_from(micros % 1_000_000).unwrap_or(0) * 1_000;
        match &*self.0 {
            Source::System(context) => Uuid::new_v7(uuid::Timestamp::from_unix(context, seconds, nanos)),
            Source::Fixed { ids, .. } => {
                let number = ids.fetch_add(1, Ordering::Relaxed) + 1;
                let mut tail = [0_u8; 10];
                tail[2..].copy_from_slice(&number.to_be_bytes());
                uuid::Builder::from_unix_timestamp_millis(seconds * 1_000 + u64::from(nanos / 1_000_000), &tail)
                    .into_uuid()
            }
        }
    }

    /// A new message id.
    #[must_use]
    pub fn message_id(&self) -> MessageId {
        MessageId::from_uuid(self.uuid())
    }
}

/// How much time has passed, by a clock that nobody sets: for limits of real waits, not for stamps. Under the paused time of
/// tokio it stands still with the timers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Stopwatch(tokio::time::Instant);

impl Stopwatch {
    /// Begins now.
    #[allow(clippy::disallowed_methods, reason = "the one home of the monotonic clock")]
    pub(crate) fn start() -> Self {
        Self(tokio::time::Instant::now())
    }

    /// How long ago it began.
    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self::system()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &*self.0 {
            Source::System(_) => "system",
            Source::Fixed { .. } => "fixed",
        };
        write!(f, "Clock({kind}, {})", self.now())
    }
}
