//! A connection: opened when it is needed, thrown away when it is in doubt.

use sqlx::{Connection, PgConnection};

use super::{
    classify::{Failure, unreachable},
    migrate,
    options::PostgresOptions,
};
use crate::error::Error;

/// A connection that is there or not.
pub(super) struct Session {
    pub(super) options: PostgresOptions,
    connection: Option<PgConnection>,
    /// Known once the tables are this program's.
    server: Option<Server>,
}

/// The server process of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Server {
    pub(super) pid: i32,
    /// When it was started, in microseconds; a number comes again.
    pub(super) since: i64,
}

impl Session {
    pub(super) const fn new(options: PostgresOptions) -> Self {
        Self { options, connection: None, server: None }
    }

    /// The connection; it is opened if there is none.
    pub(super) async fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                self.server = None;
                open(&self.options).await?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// The connection, to a database that has this program's tables.
    pub(super) async fn ready(&mut self) -> Result<&mut PgConnection, Error> {
        if self.server.is_none() {
            let place = self.options.place();
            let checked = migrate::check(self.connection().await?).await;
            self.server = Some(checked.map_err(|failure| self.doubt(failure, &place))?);
        }
        self.connection().await
    }

    /// The error of a failure, after which the connection is closed if it is of no more use.
    pub(super) fn doubt(&mut self, failure: Failure, place: &str) -> Error {
        if failure.breaks() {
            self.discard();
        }
        failure.into_error(place)
    }

    /// The connection is in doubt: it is closed, and the server rolls back what it had begun.
    pub(super) fn discard(&mut self) {
        self.connection = None;
        self.server = None;
    }

    /// Who serves the connection; `None` if nothing was sent that writes.
    pub(super) const fn server(&self) -> Option<Server> {
        self.server
    }

    /// Says goodbye to the server.
    pub(super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _gone = connection.close().await; // whatever the server says to that
        }
    }
}

async fn open(options: &PostgresOptions) -> Result<PgConnection, Error> {
    let place = options.place();
    let connected = tokio::time::timeout(options.patience, PgConnection::connect_with(&options.connect)).await;
    connected.map_err(|_| unreachable(&place))?.map_err(|error| Failure::Sql(error).into_error(&place))
}
