//! Files, connections, and the store: one folder per side, which goes with it.

use std::{cell::Cell, path::PathBuf, str::FromStr as _, time::Duration};

use bailiwick::{
    sql::{SqliteStore, Synchronous},
    store::AnyStore,
};
use sqlx::{
    ConnectOptions as _, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tempfile::TempDir;

use super::super::support::{Mode, folder};

/// The table of the sides written by hand: the columns and the keys of ours.
const TABLE: &str = "CREATE TABLE event (
    position INTEGER PRIMARY KEY,
    tenant TEXT NOT NULL, category TEXT NOT NULL, stream TEXT NOT NULL, version INTEGER NOT NULL,
    message BLOB NOT NULL UNIQUE, name TEXT NOT NULL, schema INTEGER NOT NULL, kind INTEGER NOT NULL,
    time INTEGER NOT NULL, key TEXT, metadata TEXT, payload BLOB NOT NULL,
    UNIQUE (tenant, category, stream, version)
) STRICT";

/// A database file in a folder of its own.
pub struct File {
    folder: TempDir,
    mode: Mode,
    grown: Cell<bool>,
}

impl File {
    pub fn new(mode: Mode) -> Self {
        Self { folder: folder(), mode, grown: Cell::new(false) }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("bench.db")
    }

    /// A connection for preparing and counting.
    pub fn direct(&self) -> rusqlite::Connection {
        rusqlite::Connection::open(self.path()).unwrap()
    }

    pub fn count(&self, sql: &str) -> u64 {
        self.direct().query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs()
    }

    fn options(&self) -> SqliteConnectOptions {
        let synchronous = SqliteSynchronous::from_str(self.mode.synchronous()).unwrap();
        SqliteConnectOptions::new()
            .filename(self.path())
            .create_if_missing(true)
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

    /// Lets the write-ahead log grow to its full length while another connection keeps it: a log that still grows waits
    /// longer for the disk than one that is written over, and sides that run more often would have left that behind sooner.
    pub fn grow(&self) {
        if !self.grown.replace(true) {
            let filler = "CREATE TABLE filler (bytes BLOB); INSERT INTO filler VALUES (zeroblob(8388608))";
            self.direct().execute_batch(filler).unwrap();
        }
    }
}

/// A database of a side written by hand.
pub struct Plain(File);

impl Plain {
    pub fn new(mode: Mode) -> Self {
        let file = File::new(mode);
        let connection = file.direct();
        connection.pragma_update(None, "journal_mode", "WAL").unwrap();
        connection.execute_batch(TABLE).unwrap();
        Self(file)
    }

    pub fn direct(&self) -> rusqlite::Connection {
        self.0.direct()
    }

    pub fn count(&self) -> u64 {
        self.0.count("SELECT count(*) FROM event")
    }

    pub async fn pool(&self, connections: u32) -> SqlitePool {
        self.0.pool(connections).await
    }

    pub async fn held(&self) -> SqliteConnection {
        self.0.held().await
    }
}

/// A database of ours.
pub struct Ours {
    file: File,
    pub store: AnyStore,
}

impl Ours {
    pub async fn new(mode: Mode) -> Self {
        let file = File::new(mode);
        let synchronous = match mode {
            Mode::Relaxed => Synchronous::Normal,
            Mode::Durable => Synchronous::Full,
        };
        let store = AnyStore::new(SqliteStore::options(file.path()).synchronous(synchronous).open().unwrap());
        store.migrate().await.unwrap();
        file.grow();
        Self { file, store }
    }

    pub fn count(&self) -> u64 {
        self.file.count("SELECT count(*) FROM bw_event")
    }

    pub fn snapshots(&self) -> u64 {
        self.file.count("SELECT count(*) FROM bw_snapshot")
    }
}
