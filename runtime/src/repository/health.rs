//! How a database does.

use std::{future::Future, time::Duration};

use tokio::time::timeout;

use super::Db;
use crate::{
    clock::Stopwatch,
    error::Error,
    resilience::{BreakerState, Check, Health, HealthOptions, HealthReport},
    store::LeaseRequest,
};

/// As long each check may take.
const EACH: Duration = Duration::from_secs(1);
/// From such a wait on, nineteen of twenty calls being faster, there are too few connections.
const LONG_WAIT: Duration = Duration::from_millis(100);
/// Slow statements are of interest for so long.
const LATELY: Duration = Duration::from_secs(60);

impl Db {
    /// How the database does, for probes and operators. The worst of the checks is the answer of all.
    ///
    /// | check | degraded | unhealthy |
    /// |---|---|---|
    /// | `connectivity` | | no answer |
    /// | `migrations` | | the framework's tables are not there, or another program's |
    /// | `row_security` (PostgreSQL, where it is [on](crate::guide::tenants)) | | the user is not kept from the rows of other tenants |
    /// | `pool` (servers) | nineteen of twenty calls waited no longer than a time that is above 100 ms | |
    /// | `slow_queries` | there was one in the last minute | |
    /// | `breaker` (servers) | it probes | it is open |
    ///
    /// Each takes at most 1 s, all together at most 5 s, whatever the server does. A server is asked over a connection that is made
    /// for it, so that it answers also while all others are taken.
    ///
    /// ```
    /// # use bailiwick::{repository::Db, resilience::Health};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime").block_on(async {
    /// let db = Db::memory();
    /// let report = db.health().await;
    /// assert_eq!(report.status, Health::Healthy);
    /// assert_eq!(report.checks[0].name, "connectivity");
    /// # });
    /// ```
    ///
    /// # Cancel safety
    /// Dropping the future ends the connection.
    pub async fn health(&self) -> HealthReport {
        self.health_with(HealthOptions::new()).await
    }

    /// The same, with checks that have to be asked for.
    ///
    /// # Cancel safety
    /// As [`health`](Self::health).
    pub async fn health_with(&self, asked: HealthOptions) -> HealthReport {
        let mut checks = match self.rows().health(asked) {
            Some(checks) => checks.await,
            None => self.own_health(asked).await,
        };
        checks.extend(self.waits());
        checks.push(self.slowness());
        checks.extend(self.breaker().map(|breaker| spared(breaker.state())));
        HealthReport::new(checks)
    }

    /// Where there are no connections, the store's own port is asked.
    async fn own_health(&self, asked: HealthOptions) -> Vec<Check> {
        let mut checks = Vec::new();
        let read = within("connectivity", async { self.store().head().await.map(drop) }).await;
        let (connected, migrated) = match read {
            (Err(error), took) if error.code() == "sql/not_migrated" || error.code() == "sql/schema_ahead" => {
                (Check::new("connectivity", Health::Healthy, "it answers").after(took), Err(error))
            }
            (Err(error), took) => (unhealthy("connectivity", &error).after(took), Err(error)),
            (Ok(()), took) => (Check::new("connectivity", Health::Healthy, "it answers").after(took), Ok(())),
        };
        checks.push(connected);
        if asked.write {
            let (written, took) = within("write", self.write_probe()).await;
            let check = written.map(|()| Check::new("write", Health::Healthy, "a row was written"));
            checks.push(check.unwrap_or_else(|error| unhealthy("write", &error)).after(took));
        }
        let check = migrated.map(|()| Check::new("migrations", Health::Healthy, "the tables are this program's"));
        checks.push(check.unwrap_or_else(|error| unhealthy("migrations", &error)));
        checks
    }

    async fn write_probe(&self) -> Result<(), Error> {
        self.store().lease(LeaseRequest::probe()).await.map(drop)
    }

    fn waits(&self) -> Option<Check> {
        let pool = self.pool()?;
        let status = if pool.p95 > LONG_WAIT { Health::Degraded } else { Health::Healthy };
        let (waited, waiting) = (pool.p95.as_secs_f64() * 1_000.0, pool.waiting);
        let message = format!(
            "{} of {} connections in use, {waiting} calls wait, 95 % waited {waited:.1} ms at most",
            pool.in_use, pool.most
        );
        Some(Check::new("pool", status, message))
    }

    fn slowness(&self) -> Check {
        let slow = self.rows().slow();
        let (lately, limit) = slow.map_or((0, Duration::ZERO), |slow| (slow.within(LATELY), slow.limit()));
        let status = if lately > 0 { Health::Degraded } else { Health::Healthy };
        let message = format!("{lately} statements above {} ms in the last minute", limit.as_millis());
        Check::new("slow_queries", status, message)
    }
}

async fn within(name: &'static str, work: impl Future<Output = Result<(), Error>>) -> (Result<(), Error>, Duration) {
    let since = Stopwatch::start();
    let done = timeout(EACH, work).await.unwrap_or_else(|_| Err(silent(name)));
    (done, since.elapsed())
}

fn silent(name: &'static str) -> Error {
    let message = format!("no answer within {} s", EACH.as_secs());
    Error::new(crate::error::ErrorKind::Transient, "db/busy", message).with("check", name)
}

fn unhealthy(name: &'static str, error: &Error) -> Check {
    Check::new(name, Health::Unhealthy, format!("{error} [{}]", error.code()))
}

fn spared(state: BreakerState) -> Check {
    let status = match state {
        BreakerState::Closed => Health::Healthy,
        BreakerState::HalfOpen => Health::Degraded,
        BreakerState::Open => Health::Unhealthy,
    };
    Check::new("breaker", status, format!("it is {state}"))
}
