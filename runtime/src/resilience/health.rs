//! How a database does, as a value.

use std::{fmt, time::Duration};

use serde::{Serialize, Serializer};

/// How well something does; the worst comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// As it should.
    Healthy,
    /// It works, and somebody should look.
    Degraded,
    /// It does not work, or could not be asked.
    Unhealthy,
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Healthy => "healthy",
            Self::Degraded => "degraded",
            Self::Unhealthy => "unhealthy",
        })
    }
}

/// What was looked at, and what was found. It names no value of a row and no secret, and may be shown to operators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Check {
    /// What was looked at: `connectivity`, `write`, `migrations`, `replica`, `pool`, `slow_queries`, `breaker`.
    pub name: &'static str,
    /// How it does.
    pub status: Health,
    /// What was found, in one line.
    pub message: String,
    /// How long it took; in text form in seconds.
    #[serde(serialize_with = "seconds")]
    pub duration: Duration,
}

/// What [`Db::health`](crate::repository::Db::health) answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct HealthReport {
    /// The worst of all checks.
    pub status: Health,
    /// In the order in which they were made.
    pub checks: Vec<Check>,
}

impl Check {
    pub(crate) fn new(name: &'static str, status: Health, message: impl Into<String>) -> Self {
        Self { name, status, message: message.into(), duration: Duration::ZERO }
    }

    pub(crate) fn after(self, duration: Duration) -> Self {
        Self { duration, ..self }
    }
}

impl HealthReport {
    pub(crate) fn new(checks: Vec<Check>) -> Self {
        let status = checks.iter().map(|check| check.status).max().unwrap_or(Health::Healthy);
        Self { status, checks }
    }

    /// The check of this name, if it was made.
    #[must_use]
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }
}

/// What [`Db::health_with`](crate::repository::Db::health_with) looks at besides what it always does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[must_use = "give it to `Db::health_with`"]
pub struct HealthOptions {
    pub(crate) write: bool,
    pub(crate) replica: Option<Duration>,
}

impl HealthOptions {
    /// What is always looked at.
    pub const fn new() -> Self {
        Self { write: false, replica: None }
    }

    /// Whether a row can be written: one of the framework's own, always the same.
    pub const fn write(self) -> Self {
        Self { write: true, ..self }
    }

    /// How far a server that repeats the work of another one lags behind it; degraded from this time on. A server that is no
    /// replica does not lag. MySQL and MariaDB tell it only a user who may see it (`REPLICATION CLIENT`, `REPLICA MONITOR`).
    pub const fn replica_lag(self, most: Duration) -> Self {
        Self { replica: Some(most), ..self }
    }
}

/// The connections of a database for entities, as they are now; see [`Db::pool`](crate::repository::Db::pool).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Pool {
    /// As many may be in use at once.
    pub most: usize,
    /// As many are open, or being opened.
    pub size: usize,
    /// As many are open and rest.
    pub idle: usize,
    /// As many are in use.
    pub in_use: usize,
    /// As many calls wait for one.
    pub waiting: usize,
    /// As many calls have had to wait since the start.
    pub waits: u64,
    /// Nineteen of twenty of the last 128 calls waited no longer.
    #[serde(serialize_with = "seconds")]
    pub p95: Duration,
}

fn seconds<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(duration.as_secs_f64())
}
