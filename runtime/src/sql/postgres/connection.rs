//! How a connection to PostgreSQL is made, and who serves it.

use std::time::Duration;

use sqlx::{Connection, PgConnection, Row};

use super::{
    super::server::{Dialect, Limits, Session as AnySession, unreachable},
    classify::{Failure, PgError},
    migrate,
    options::{PostgresOptions, Security},
    tenants,
};
use crate::error::{Error, ErrorKind};

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
    /// When the server itself was started, in microseconds.
    pub(super) up: i64,
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

    fn limits(options: &PostgresOptions) -> Limits {
        options.limits
    }

    async fn open(options: &PostgresOptions) -> Result<PgConnection, Error> {
        let place = options.place();
        let connected = tokio::time::timeout(options.patience, connect(options)).await;
        connected.map_err(|_| unreachable(&place))?.map_err(|failure| failure.into_error(&place))
    }

    async fn check(connection: &mut PgConnection) -> Result<Server, Failure> {
        migrate::check(connection).await
    }

    fn keeps_tenants(options: &PostgresOptions) -> bool {
        options.keeps_tenants()
    }

    async fn admit(connection: &mut PgConnection, options: &PostgresOptions) -> Result<(), Failure> {
        match options.security {
            Security::Off => Ok(()),
            Security::Tenant => tenants::admit(connection, false).await,
            Security::System => tenants::admit(connection, true).await,
        }
    }

    async fn works(connection: &mut PgConnection, server: &Server) -> Result<bool, Failure> {
        let sql = "SELECT state IS NULL OR state NOT LIKE 'idle%' FROM pg_stat_activity
            WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2";
        let row = sqlx::query(sql).bind(server.pid).bind(server.since).fetch_optional(connection).await?;
        Ok(row.map_or(Ok(false), |row| row.try_get(0))?)
    }
}

/// A pooler may drop the settings of a connection, and then all tables would lie elsewhere.
async fn connect(options: &PostgresOptions) -> Result<PgConnection, Failure> {
    let mut connection = PgConnection::connect_with(&options.connect).await?;
    let Some(schema) = &options.schema else { return Ok(connection) };
    let row = sqlx::raw_sql("SHOW search_path").fetch_one(&mut connection).await?;
    let path: String = row.try_get(0)?;
    if path.split(',').next().is_some_and(|first| first.trim_matches([' ', '"']) == schema) {
        return Ok(connection);
    }
    let message = "the server was not told the schema, because a pooler drops the settings of connections; \
                   set it at the user: ALTER ROLE … SET search_path = …";
    Err(Error::new(ErrorKind::Config, "db/config", message).with("schema", schema).with("search_path", path).into())
}
