//! Brings the tables up to this program's, one file after the other.

use sqlx::{Executor, MySqlConnection, Row};

use super::{
    super::server::{not_migrated, schema_ahead},
    classify::Failure,
    connection::{Server, Session},
    rows::{number, optional_text},
};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
};

/// The files, in order; the version of each is its place, from 1. A file that was released is never changed.
const STEPS: &[(&str, &str)] = &[("0001_init", include_str!("schema/0001_init.sql"))];

const LATEST: i64 = STEPS.len() as i64;

/// Who migrates holds this lock, one for each database; a server has one space of names for all.
macro_rules! lock_name {
    () => {
        "CONCAT('bw_migrate_', LEFT(SHA2(DATABASE(), 256), 40))"
    };
}

const LOCK: &str = concat!("SELECT CAST(GET_LOCK(", lock_name!(), ", 60) AS SIGNED)");
const UNLOCK: &str = concat!("DO RELEASE_LOCK(", lock_name!(), ")");

/// Applies what is missing. Several processes may do this at once: one works, the others wait. A step that was cut off
/// is done again.
pub(super) async fn migrate(session: &mut Session) -> Result<(), Error> {
    let place = session.place();
    let connection = session.connection().await?;
    let migrated = locked(connection).await;
    let mut failed = connection.execute("ROLLBACK").await.is_err();
    failed |= connection.execute(UNLOCK).await.is_err();
    if failed {
        session.discard(); // and its lock goes with it
    }
    migrated.map_err(|failure| session.doubt(failure, &place))
}

/// Waits until nobody else migrates, and keeps others from it.
pub(super) async fn lock(connection: &mut MySqlConnection) -> Result<(), Failure> {
    let got = sqlx::query(LOCK).fetch_all(connection).await?;
    if got.first().map(|row| row.try_get::<Option<i64>, _>(0)).transpose()?.flatten() == Some(1) {
        return Ok(());
    }
    let message = "another process has been bringing the tables up to date for a minute; try again";
    Err(Error::new(ErrorKind::Transient, "db/busy", message).into())
}

async fn locked(connection: &mut MySqlConnection) -> Result<(), Failure> {
    lock(connection).await?;
    let table = "CREATE TABLE IF NOT EXISTS bw_schema (version BIGINT NOT NULL PRIMARY KEY,
        name VARBINARY(255) NOT NULL, applied_at BIGINT NOT NULL) ENGINE = InnoDB";
    connection.execute(table).await?;
    let done = version(connection).await?;
    ahead(done)?;
    for (number, (name, sql)) in (1..).zip(STEPS).filter(|(number, _)| *number > done) {
        connection.execute(sqlx::raw_sql(*sql)).await?;
        let insert = "INSERT INTO bw_schema (version, name, applied_at) VALUES (?, ?, ?)";
        let row = sqlx::query(insert).bind(number).bind(*name).bind(Clock::system().now().as_micros());
        row.execute(&mut *connection).await?;
        connection.execute("COMMIT").await?;
    }
    Ok(())
}

async fn version(connection: &mut MySqlConnection) -> Result<i64, Failure> {
    let sql = "SELECT coalesce(max(version), 0) FROM bw_schema";
    let found = sqlx::query(sql).fetch_all(connection).await?;
    Ok(found.first().map_or(Ok(0), |row| row.try_get(0))?)
}

/// Refuses a database whose tables are not this program's.
pub(super) async fn check(connection: &mut MySqlConnection) -> Result<Server, Failure> {
    let sql = "SELECT coalesce(max(version), 0), CAST(@@max_allowed_packet AS SIGNED), CAST(@bw_name AS BINARY),
        CAST(CONNECTION_ID() AS SIGNED) FROM bw_schema";
    let found = sqlx::query(sql).fetch_all(connection).await?;
    let row = found.first().ok_or(sqlx::Error::RowNotFound)?;
    let version: i64 = row.try_get(0)?;
    ahead(version)?;
    if version < LATEST {
        return Err(not_migrated("").into());
    }
    let packet = usize::try_from(number(row, 1)?).unwrap_or(usize::MAX);
    Ok(Server { name: optional_text(row, 2)?.unwrap_or_default(), id: row.try_get(3)?, packet })
}

fn ahead(version: i64) -> Result<(), Error> {
    if version <= LATEST { Ok(()) } else { Err(schema_ahead(version, LATEST)) }
}
