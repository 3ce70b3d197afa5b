//! What can be set before a database is connected to.

use std::{fmt, str::FromStr, time::Duration};

use sqlx::{ConnectOptions, mysql::MySqlConnectOptions};

use super::{super::server::Limits, MysqlStore};
use crate::{
    error::{Error, ErrorKind},
    resilience::{Breaker, BreakerOptions},
};

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 512;

/// How a [`MysqlStore`] connects.
///
/// ```no_run
/// # fn main() -> Result<(), bailiwick::Error> {
/// use bailiwick::sql::MysqlStore;
/// let store = MysqlStore::options("mysql://shop@localhost/shop")?.readers(8).connect()?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
#[must_use = "options connect to nothing; call `connect`"]
pub struct MysqlOptions {
    pub(super) connect: MySqlConnectOptions,
    pub(super) readers: usize,
    pub(super) patience: Duration,
    pub(super) limits: Limits,
    pub(super) breaker: Option<Breaker>,
    pub(super) lock_timeout: Duration,
    /// Whether the connection is the one that writes.
    pub(super) writes: bool,
}

impl MysqlOptions {
    pub(super) fn new(url: &str) -> Result<Self, Error> {
        const WRITE: &str = "write mysql://user:password@host/database";
        let scheme = url.split(':').next().unwrap_or_default();
        if !matches!(scheme, "mysql" | "mariadb") {
            let message = format!("this is no URL of a MySQL or MariaDB database; {WRITE}");
            return Err(Error::new(ErrorKind::Config, "db/config", message).with("scheme", scheme));
        }
        let connect = MySqlConnectOptions::from_str(url).map_err(|error| {
            let message = format!("the URL of the database cannot be read; {WRITE}");
            Error::new(ErrorKind::Config, "db/config", message).caused_by(error)
        })?;
        if connect.get_database().is_none_or(str::is_empty) {
            let message = format!("the URL names no database; {WRITE}");
            return Err(Error::new(ErrorKind::Config, "db/config", message));
        }
        let connect = connect.statement_cache_capacity(STATEMENTS).disable_statement_logging();
        // The session's settings are ours, in one statement: see `connection`.
        let connect = connect.pipes_as_concat(false).no_engine_substitution(false).timezone(None).set_names(false);
        let (patience, lock_timeout) = (Duration::from_secs(5), Duration::from_secs(5));
        let limits = Limits::default();
        let mut options = Self { connect, readers: 4, patience, limits, breaker: None, lock_timeout, writes: false };
        options.breaker = Some(Breaker::new(options.place(), BreakerOptions::default()));
        Ok(options)
    }

    /// How many connections read, 1 to 64; 4 by default. They are opened when they are needed.
    pub fn readers(mut self, readers: usize) -> Self {
        self.readers = readers.clamp(1, 64);
        self
    }

    /// How long a call waits for a connection to the server; 5 s by default. Where nothing has come for as long from the
    /// connection that writes, the server is asked on another one: while it works for the commit, the commit waits. If it
    /// does not, or cannot be asked, the connection counts as lost.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.patience = timeout;
        self
    }

    /// How long a commit waits for those of other processes, in whole seconds from 1; 5 s by default. Then it is refused
    /// (`db/busy`) and nothing was written.
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// How long a call waits for a connection that others use; 5 s by default. Then it answers `db/pool_timeout`, and nothing was
    /// sent.
    pub fn acquire_timeout(mut self, timeout: Duration) -> Self {
        self.limits.acquire = timeout;
        self
    }

    /// A connection of callers that nobody used for so long is asked for a sign of life before it is used, because the server, or
    /// what lies between, may have ended it; 30 s by default. So a write that cannot be sent twice is not sent into the void.
    pub fn ask_after(mut self, idle: Duration) -> Self {
        self.limits.ask_after = idle;
        self
    }

    /// A connection of callers that nobody used for so long is closed, when one is next asked for; 10 min by default.
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.limits.idle = idle;
        self
    }

    /// A connection of callers that is so old is replaced before it is used again; 30 min by default.
    pub fn max_lifetime(mut self, age: Duration) -> Self {
        self.limits.lifetime = age;
        self
    }

    /// The breaker of the connections of entities, or none. By default there is one, with the
    /// [default options](crate::resilience::BreakerOptions): what counts as a failure is that the server cannot be reached, has no
    /// room for work, or that no connection came free in time, and never what it says of a statement.
    pub fn breaker(mut self, breaker: impl Into<Option<Breaker>>) -> Self {
        self.breaker = breaker.into();
        self
    }

    /// Makes the store. Nothing is sent before its first call, so that a program can start before its database.
    ///
    /// # Errors
    /// `db/thread` if the thread that writes cannot be started.
    pub fn connect(self) -> Result<MysqlStore, Error> {
        MysqlStore::start(self)
    }

    /// Where the database is, without secrets.
    pub(super) fn place(&self) -> String {
        let database = self.connect.get_database().unwrap_or_default();
        format!("{}:{}/{database}", self.connect.get_host(), self.connect.get_port())
    }
}

impl fmt::Debug for MysqlOptions {
    /// Shows no password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MysqlOptions")
            .field("place", &self.place())
            .field("readers", &self.readers)
            .field("lock_timeout", &self.lock_timeout)
            .finish_non_exhaustive()
    }
}
