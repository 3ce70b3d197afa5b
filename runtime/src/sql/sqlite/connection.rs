//! A connection of a thread: opened when it is needed, thrown away when it is in doubt.

use std::{thread, time::Duration};

use rusqlite::{Connection, OpenFlags, config::DbConfig};

use super::{
    classify::{classify, is_busy},
    migrate,
    options::SqliteOptions,
};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
};

/// Statements that a connection keeps prepared.
const STATEMENTS: usize = 128;
/// How long to wait for a lock that SQLite does not wait for by itself.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// How long to leave a lock alone before looking after it again.
const PAUSE: Duration = Duration::from_millis(1);

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Use {
    Write,
    Read,
}

/// The connection of one thread.
pub(super) struct Session {
    pub(super) options: SqliteOptions,
    purpose: Use,
    connection: Option<Connection>,
    ready: bool,
}

impl Session {
    pub(super) fn new(options: SqliteOptions, purpose: Use) -> Self {
        Self { options, purpose, connection: None, ready: false }
    }

    /// The connection; it is opened if there is none.
    pub(super) fn connection(&mut self) -> Result<&mut Connection, Error> {
        let connection = match self.connection.take() {
            Some(connection) => connection,
            None => {
                self.ready = false;
                self.open()?
            }
        };
        Ok(self.connection.insert(connection))
    }

    /// The connection, on a database that has this program's tables.
    pub(super) fn ready(&mut self) -> Result<&mut Connection, Error> {
        if !self.ready {
            let path = self.options.path.clone();
            migrate::check(self.connection()?, &path)?;
            self.ready = true;
        }
        self.connection()
    }

    /// The connection is in doubt: it is closed, which rolls back what it had begun.
    pub(super) fn discard(&mut self) {
        self.connection = None;
        self.ready = false;
    }

    fn open(&self) -> Result<Connection, Error> {
        open(&self.options, self.purpose).map_err(|error| classify(&self.options.path, error)).and_then(|connection| {
            if self.purpose == Use::Write {
                use_wal(&connection, &self.options)?;
            }
            Ok(connection)
        })
    }
}

fn open(options: &SqliteOptions, purpose: Use) -> rusqlite::Result<Connection> {
    let mut flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    if purpose == Use::Write {
        flags |= OpenFlags::SQLITE_OPEN_CREATE;
    }
    let connection = Connection::open_with_flags(&options.path, flags)?;
    connection.busy_timeout(options.lock_timeout)?;
    // A name in quotes that is no column is an error, and not a text that says the same.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "synchronous", options.synchronous.word())?;
    connection.pragma_update(None, "fullfsync", true)?; // where fsync alone leaves data in the disk's cache
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "recursive_triggers", true)?; // REPLACE deletes, and the log lets nothing be deleted
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    match purpose {
        Use::Read => connection.pragma_update(None, "query_only", true)?,
        Use::Write => {
            connection.pragma_update(None, "cache_size", -16_384)?;
            connection.pragma_update(None, "wal_autocheckpoint", 4_000)?;
            connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
        }
    }
    Ok(connection)
}

/// Switches the file to WAL. SQLite does not wait for the locks that this needs, so we do.
fn use_wal(connection: &Connection, options: &SqliteOptions) -> Result<(), Error> {
    let switch = || connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get::<_, String>(0));
    let mode = with_patience(PATIENCE, switch).map_err(|error| classify(&options.path, error))?;
    if mode.eq_ignore_ascii_case("wal") {
        return Ok(());
    }
    let message = "the database cannot use a write-ahead log here; put its file on a local disk";
    Err(Error::new(ErrorKind::Config, "db/open", message)
        .with("file", options.path.display())
        .with("journal_mode", mode))
}

/// Begins to write. SQLite's own waiting looks after the lock less and less often, up to 100 ms apart, so that a process
/// that commits all the time leaves the others no chance; ours looks each millisecond.
pub(super) fn begin(connection: &Connection, options: &SqliteOptions) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::ZERO)?;
    let begun = with_patience(options.lock_timeout, || execute(connection, "BEGIN IMMEDIATE"));
    connection.busy_timeout(options.lock_timeout)?;
    begun
}

/// Executes a statement that is kept prepared.
pub(super) fn execute(connection: &Connection, sql: &str) -> rusqlite::Result<()> {
    connection.prepare_cached(sql)?.execute([]).map(|_| ())
}

/// Repeats what is refused because another process holds a lock.
pub(super) fn with_patience<T>(limit: Duration, mut work: impl FnMut() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let clock = Clock::system();
    let begun = clock.now();
    loop {
        match work() {
            Err(error) if is_busy(&error) && clock.now().since(begun) < limit => thread::sleep(PAUSE),
            answer => return answer,
        }
    }
}
