//! A connection: opened when it is needed, thrown away when it is in doubt.

use std::sync::Arc;

use sqlx::Connection;
use tokio::time::timeout;

use super::{Dialect, Failure, watch::Watch};
use crate::error::Error;

/// A connection that is there or not.
pub(in super::super) struct Session<D: Dialect> {
    pub(in super::super) options: Arc<D::Options>,
    connection: Option<D::Connection>,
    /// Known once the tables are this program's.
    server: Option<D::Server>,
}

impl<D: Dialect> Session<D> {
    pub(in super::super) fn new(options: D::Options) -> Self {
        Self { options: Arc::new(options), connection: None, server: None }
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
            let patience = D::patience(&self.options);
            let checked = timeout(patience, D::check(self.connection().await?)).await;
            let checked = checked.unwrap_or_else(|_| Err(Failure::Sql(Failure::silence())));
            self.server = Some(checked.map_err(|failure| self.doubt(failure, &place))?);
        }
        self.connection().await
    }

    /// The same connection, and who watches over work on it.
    pub(in super::super) async fn watched(&mut self) -> Result<(&mut D::Connection, Watch<D>), Error> {
        self.ready().await?;
        let watch = Watch::new(Arc::clone(&self.options), self.server.clone());
        Ok((self.connection().await?, watch))
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
