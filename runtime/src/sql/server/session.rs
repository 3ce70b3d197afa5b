//! A connection: opened when it is needed, thrown away when it is in doubt.

use std::{sync::Arc, time::Duration};

use sqlx::Connection;
use tokio::time::timeout;

use super::{Dialect, Failure, Limits, watch::Watch};
use crate::{clock::Stopwatch, error::Error};

/// A connection that is there or not.
pub(in super::super) struct Session<D: Dialect> {
    pub(in super::super) options: Arc<D::Options>,
    connection: Option<D::Connection>,
    /// Known once the tables are this program's.
    server: Option<D::Server>,
    /// When it was opened.
    opened: Stopwatch,
    next: Next,
    /// The server could not be reached, or had no room for work.
    failed: bool,
    /// Whether anybody may use it, whom the server would let reach the rows of all tenants.
    lenient: bool,
}

/// What is done with a connection before it is used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Next {
    #[default]
    Use,
    /// It has rested: nobody knows whether the server still has it.
    Ask,
    /// It is too old.
    Replace,
}

/// As long the server is given to hear that a connection is closed.
const FAREWELL: Duration = Duration::from_secs(1);

impl<D: Dialect> Session<D> {
    pub(in super::super) fn new(options: D::Options) -> Self {
        Self {
            options: Arc::new(options),
            connection: None,
            server: None,
            opened: Stopwatch::start(),
            next: Next::Use,
            failed: false,
            lenient: false,
        }
    }

    /// It is taken again after a rest.
    pub(super) fn rested(mut self, rest: Duration, limits: Limits) -> Self {
        self.next = match () {
            () if self.connection.is_none() => Next::Use,
            () if self.opened.elapsed() >= limits.lifetime => Next::Replace,
            () if rest >= limits.ask_after => Next::Ask,
            () => Next::Use,
        };
        self
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
                self.opened = Stopwatch::start();
                let opened = D::open(&self.options).await;
                opened.inspect_err(|error| self.failed |= error.is_transient())?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// Whether there is a connection.
    pub(super) const fn is_open(&self) -> bool {
        self.connection.is_some()
    }

    /// The connection, to a database that has this program's tables.
    pub(in super::super) async fn ready(&mut self) -> Result<&mut D::Connection, Error> {
        if self.next != Next::Use {
            self.renew().await;
        }
        if self.server.is_none() {
            let place = self.place();
            let patience = D::patience(&self.options);
            let (options, lenient) = (Arc::clone(&self.options), self.lenient);
            let db = self.connection().await?;
            let checked = timeout(patience, async {
                let server = D::check(db).await?;
                if lenient { Ok(server) } else { D::admit(db, &options).await.map(|()| server) }
            })
            .await;
            let checked = checked.unwrap_or_else(|_| Err(Failure::Sql(Failure::silence())));
            self.server = Some(checked.map_err(|failure| self.doubt(failure, &place))?);
        }
        self.connection().await
    }

    /// Keeps the connection if it is young and the server still has it. Before something is sent that cannot be sent twice, this
    /// tells a connection that was cut while it rested.
    async fn renew(&mut self) {
        let next = std::mem::take(&mut self.next);
        let Some(mut connection) = self.connection.take() else { return };
        if next == Next::Replace {
            self.discard();
            let _gone = timeout(FAREWELL, connection.close()).await; // whatever the server says to that
        } else if matches!(timeout(D::patience(&self.options), connection.ping()).await, Ok(Ok(()))) {
            self.connection = Some(connection);
        } else {
            self.discard();
        }
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
        self.failed |= failure.is_of_the_server();
        failure.into_error(place)
    }

    /// Whether the server could not be reached, or had no room for work, since this was last asked.
    pub(super) fn has_failed(&mut self) -> bool {
        std::mem::take(&mut self.failed)
    }

    /// The connection was lost while it was used, and what it was used for is not known to have happened.
    pub(super) fn lose(&mut self) {
        self.failed = true;
        self.discard();
    }

    /// The connection is in doubt: it is closed, and the server rolls back what it had begun.
    pub(in super::super) fn discard(&mut self) {
        self.connection = None;
        self.server = None;
        self.lenient = false;
    }

    /// It makes tables, and reads nobody's rows. Until it is discarded it is for nothing else.
    pub(super) const fn for_migrations(&mut self) {
        self.lenient = true;
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
