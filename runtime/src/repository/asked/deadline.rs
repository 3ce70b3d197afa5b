//! When a scope ends.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
    timestamp::Timestamp,
};

/// The code of what was not answered in time.
pub(crate) const TOO_LATE: &str = "db/statement_timeout";

/// A time by which all must be done, and the clock that tells it.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    at: Timestamp,
    clock: Clock,
}

impl Deadline {
    pub(in crate::repository) const fn new(at: Timestamp, clock: Clock) -> Self {
        Self { at, clock }
    }

    /// How much time is left.
    ///
    /// # Errors
    /// `db/statement_timeout` if there is none.
    pub(crate) fn left(&self) -> Result<Duration, Error> {
        let left = self.at.since(self.clock.now());
        if left.is_zero() { Err(self.passed()) } else { Ok(left) }
    }

    /// Waits for an answer until then. Nothing is asked once it has passed.
    pub(crate) async fn bound<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        timeout(self.left()?, work).await.unwrap_or_else(|_| Err(self.passed()))
    }

    /// The same, of a write that nobody can take back: what was not answered may have happened.
    pub(super) async fn bound_write<T>(&self, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        timeout(self.left()?, work).await.unwrap_or_else(|_| Err(unknown().caused_by(self.passed())))
    }

    fn passed(&self) -> Error {
        let message = "the deadline of the scope has passed; ask for less, or give it more time";
        Error::new(ErrorKind::Transient, TOO_LATE, message).with("deadline", self.at)
    }
}

fn unknown() -> Error {
    let message = "the deadline of the scope passed before a write was answered, and it is not known whether it happened; read \
                   the row before it is written again";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message)
}
