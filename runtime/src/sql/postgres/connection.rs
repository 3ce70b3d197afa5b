//! How a connection to PostgreSQL is made, and who serves it.

use std::time::Duration;

use sqlx::{Connection, PgConnection, Row};

use super::{
    super::server::{Dialect, Session as AnySession, unreachable},
    classify::{Failure, PgError},
    migrate,
    options::PostgresOptions,
};
use crate::error::Error;

/// A connection that is there or not.
pub(super) type Session = AnySession<Postgres>;

/// PostgreSQL.
pub(super) enum Postgres {}

/// The server process of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) pid: i32,
    /// When it was started, in microseconds; a number comes again.
    pub(super) since: i64,
}

impl Dialect for Postgres {
    type Connection = PgConnection;
    type Options = PostgresOptions;
    type Server = Server;
    type Error = PgError;

    fn place(options: &PostgresOptions) -> String {
        options.place()
    }

    fn patience(options: &PostgresOptions) -> Duration {
        options.patience
    }

    async fn open(options: &PostgresOptions) -> Result<PgConnection, Error> {
        let place = options.place();
        let connected = tokio::time::timeout(options.patience, PgConnection::connect_with(&options.connect)).await;
        connected.map_err(|_| unreachable(&place))?.map_err(|error| Failure::from(error).into_error(&place))
    }

    async fn check(connection: &mut PgConnection) -> Result<Server, Failure> {
        migrate::check(connection).await
    }

    /// What is not told, for want of rights, is no sign that it does not.
    async fn works(connection: &mut PgConnection, server: &Server) -> Result<bool, Failure> {
        let sql = "SELECT state IS NULL OR state NOT LIKE 'idle%' FROM pg_stat_activity
            WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2";
        let row = sqlx::query(sql).bind(server.pid).bind(server.since).fetch_optional(connection).await?;
        Ok(row.map_or(Ok(false), |row| row.try_get(0))?)
    }
}
