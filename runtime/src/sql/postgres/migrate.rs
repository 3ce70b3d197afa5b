//! Brings the tables up to this program's, one file after the other.

use sqlx::{Executor, PgConnection, Row};

use super::{
    super::server::{not_migrated, schema_ahead},
    classify::Failure,
    connection::{Server, Session},
};
use crate::{clock::Clock, error::Error};

/// The files, in order; the version of each is its place, from 1. A file that was released is never changed.
const STEPS: &[(&str, &str)] = &[("0001_init", include_str!("schema/0001_init.sql"))];

const LATEST: i64 = STEPS.len() as i64;

/// Who migrates holds this lock: `bailiwik` in ASCII.
pub(super) const LOCK: &str = "SELECT pg_advisory_xact_lock(7089075227613620587)";

/// Applies what is missing, in one transaction. Several processes may do this at once: one works, the others wait.
pub(super) async fn migrate(session: &mut Session) -> Result<(), Error> {
    let (place, schema) = (session.place(), session.options.schema.clone());
    let connection = session.connection().await?;
    let migrated = transact(connection, schema.as_deref()).await;
    if migrated.is_err() {
        let _rolled_back = connection.execute("ROLLBACK").await; // or the connection is gone
    }
    migrated.map_err(|failure| session.doubt(failure, &place))
}

async fn transact(connection: &mut PgConnection, schema: Option<&str>) -> Result<(), Failure> {
    connection.execute("BEGIN").await?;
    connection.execute(LOCK).await?;
    if let Some(schema) = schema {
        // The name has nothing but small letters, digits and `_`.
        let create = sqlx::AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {schema}"));
        connection.execute(sqlx::raw_sql(create)).await?;
    }
    connection
        .execute("CREATE TABLE IF NOT EXISTS bw_schema (version bigint PRIMARY KEY, name text NOT NULL, applied_at bigint NOT NULL)")
        .await?;
    let done = version(connection).await?;
    ahead(done)?;
    for (number, (name, sql)) in (1..).zip(STEPS).filter(|(number, _)| *number > done) {
        connection.execute(sqlx::raw_sql(*sql)).await?;
        let insert = "INSERT INTO bw_schema (version, name, applied_at) VALUES ($1, $2, $3)";
        let row = sqlx::query(insert).bind(number).bind(*name).bind(Clock::system().now().as_micros());
        row.execute(&mut *connection).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(())
}

async fn version(connection: &mut PgConnection) -> Result<i64, Failure> {
    let sql = "SELECT coalesce(max(version), 0) FROM bw_schema";
    Ok(sqlx::query(sql).fetch_one(connection).await?.try_get(0)?)
}

/// Refuses a database whose tables are not this program's.
pub(super) async fn check(connection: &mut PgConnection) -> Result<Server, Failure> {
    let sql = "SELECT coalesce(max(version), 0), pg_backend_pid(), (SELECT (extract(epoch FROM backend_start) * 1000000)::bigint
        FROM pg_stat_activity WHERE pid = pg_backend_pid()),
        (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint FROM bw_schema";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    let version: i64 = row.try_get(0)?;
    ahead(version)?;
    if version < LATEST {
        return Err(not_migrated("").into());
    }
    Ok(Server { pid: row.try_get(1)?, since: row.try_get(2)?, up: row.try_get(3)? })
}

fn ahead(version: i64) -> Result<(), Error> {
    if version <= LATEST { Ok(()) } else { Err(schema_ahead(version, LATEST)) }
}
