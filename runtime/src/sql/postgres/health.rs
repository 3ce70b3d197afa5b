//! How a PostgreSQL server is asked how it does.

use std::time::Duration;

use sqlx::{PgConnection, Row as _};

use super::{apply, classify::Failure, connection::Postgres};
use crate::{sql::server::Probed, store::LeaseRequest};

impl Probed for Postgres {
    async fn write_probe(db: &mut PgConnection) -> Result<(), Failure> {
        apply::take(db, &LeaseRequest::probe()).await.map(drop)
    }

    async fn lag(db: &mut PgConnection) -> Result<Option<Duration>, Failure> {
        // One that has repeated all that it was sent is not behind, however long ago the last transaction was.
        let sql = "SELECT CASE WHEN NOT pg_is_in_recovery() THEN NULL
            WHEN pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() THEN 0
            ELSE coalesce(extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()), 0) END::float8";
        let lag: Option<f64> = sqlx::query(sql).fetch_one(db).await?.try_get(0)?;
        Ok(lag.map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX)))
    }
}
