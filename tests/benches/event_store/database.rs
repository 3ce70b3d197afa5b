//! Files, connections, and the store: one folder per side, which goes with it.

use std::{cell::Cell, str::FromStr as _, time::Duration};

use bailiwick::{
    sql::{SqliteStore, Synchronous},
    store::AnyStore,
};
use sqlx::{
    ConnectOptions as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

use super::support::Mode;

/// The table of the sides written by hand: the columns and the keys of ours.
const TABLE: &str = "CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL, category TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,
    message BLOB NOT NULL UNIQUE, name TEXT NOT NULL, schema INTEGER NOT NULL, kind INTEGER NOT NULL,
    time INTEGER NOT NULL, key TEXT, metadata TEXT, payload BLOB NOT NULL,
    UNIQUE (tenant, category, stream, version)
) STRICT";

/// A database of a side written by hand.
pub struct Plain {
    folder: TempDir,
    mode: Mode,
    grown: Cell<bool>,
}

impl Plain {
    pub fn new(mode: Mode) -> Self {
        let plain = Self { folder: folder(), mode, grown: Cell::new(false) };
        let connection = plain.direct();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(TABLE).unwrap();
        plain
    }

    /// A connection for preparing and counting.
    pub fn direct(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.folder.path().join("plain.db")).unwrap()
    }

    pub fn count(&self) -> u64 {
        rows(&self.direct(), "SELECT count(*) FROM event")
    }

    fn options(&self) -> SqliteConnectOptions {
        let synchronous = SqliteSynchronous::from_str(self.mode.synchronous()).unwrap();
        SqliteConnectOptions::new()
            .filename(self.folder.path().join("plain.db"))
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(Duration::from_secs(120))
    }

    pub async fn pool(&self, connections: u32) -> SqlitePool {
        let pool = SqlitePoolOptions::new().max_connections(connections).acquire_timeout(Duration::from_secs(120));
        let pool = pool.connect_with(self.options()).await.unwrap();
        self.grow();
        pool
    }

    pub async fn held(&self) -> SqliteConnection {
        let held = self.options().connect().await.unwrap();
        self.grow();
        held
    }

    fn grow(&self) {
        if !self.grown.replace(true) {
            grow(&self.direct());
        }
    }
}

/// Lets the write-ahead log grow to its full length while another connection keeps it: a log that still grows waits longer
/// for the disk than one that is written over, and sides that run more often would have left that behind sooner.
fn grow(connection: &rusqlite::Connection) {
    connection
        .execute_batch("CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(8388608))")
        .unwrap();
}

/// A database of ours.
pub struct Ours {
    folder: TempDir,
    pub store: AnyStore,
}

impl Ours {
    pub async fn new(mode: Mode) -> Self {
        let folder = folder();
        let synchronous = match mode {
            Mode::Relaxed => Synchronous::Normal,
            Mode::Durable => Synchronous::Full,
        };
        let store = SqliteStore::options(folder.path().join("ours.db")).synchronous(synchronous).open().unwrap();
        let store = AnyStore::new(store);
        store.migrate().await.unwrap();
        grow(&rusqlite::Connection::open(folder.path().join("ours.db")).unwrap());
        Self { folder, store }
    }

    pub fn count(&self) -> u64 {
        let connection = rusqlite::Connection::open(self.folder.path().join("ours.db")).unwrap();
        rows(&connection, "SELECT count(*) FROM bw_event")
    }
}

fn rows(connection: &rusqlite::Connection, sql: &str) -> u64 {
    connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs()
}

fn folder() -> TempDir {
    tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap()
}
