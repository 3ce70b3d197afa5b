//! A connection: opened when it is needed, thrown away when it is in doubt.

use sqlx::Connection;

use super::{Dialect, Failure};
use crate::error::Error;

/// A connection that is there or not.
pub(in super::super) struct Session<D: Dialect> {
    pub(in super::super) options: D::Options,
    connection: Option<D::Connection>,
    /// Known once the tables are this program's.
    server: Option<D::Server>,
}

impl<D: Dialect> Session<D> {
    pub(in super::super) const fn new(options: D::Options) -> Self {
        Self { options, connection: None, server: None }
    }

    /// Where the database is.
    pub(in super::super) fn place(&self) -> String {
        D::place(&self.options)
    }

    /// The connection; it is opened if there is none.
    pub(in super::super) async fn connection(&mut self) -> Result<&mut D::Connection, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                self.server = None;
                D::open(&self.options).await?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// The connection, to a database that has this program's tables.
    pub(in super::super) async fn ready(&mut self) -> Result<&mut D::Connection, Error> {
        if self.server.is_none() {
            let place = self.place();
            let checked = D::check(self.connection().await?).await;
            self.server = Some(checked.map_err(|failure| self.doubt(failure, &place))?);
        }
        self.connection().await
    }

    /// The error of a failure, after which the connection is closed if it is of no more use.
    pub(in super::super) fn doubt(&mut self, failure: Failure<D::Error>, place: &str) -> Error {
        if failure.breaks() {
            self.discard();
        }
        failure.into_error(place)
    }

    /// The connection is in doubt: it is closed, and the server rolls back what it had begun.
    pub(in super::super) fn discard(&mut self) {
        self.connection = None;
        self.server = None;
    }

    /// Who serves the connection; `None` if nothing was sent that writes.
    pub(in super::super) fn server(&self) -> Option<D::Server> {
        self.server.clone()
    }

    /// Says goodbye to the server.
    pub(in super::super) async fn close(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _gone = connection.close().await; // whatever the server says to that
        }
    }
}
