//! What can be set before a file is opened.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::SqliteStore;
use crate::error::{Error, ErrorKind};

/// What survives a loss of power. A killed process loses nothing either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Synchronous {
    /// Nothing that was acknowledged is lost: each group of commits waits for the disk.
    #[default]
    Full,
    /// The newest commits may be lost, never one in the middle.
    Normal,
}

impl Synchronous {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Full => "FULL",
            Self::Normal => "NORMAL",
        }
    }
}

/// How a [`SqliteStore`] is opened.
///
/// ```
/// # fn main() -> Result<(), bailiwick::Error> {
/// # let folder = tempfile::tempdir().expect("a folder");
/// # let path = folder.path().join("shop.db");
/// use std::time::Duration;
/// use bailiwick::sql::SqliteStore;
/// let store = SqliteStore::options(path).readers(2).lock_timeout(Duration::from_secs(1)).open()?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[must_use = "options open nothing; call `open`"]
pub struct SqliteOptions {
    pub(super) path: PathBuf,
    pub(super) readers: usize,
    pub(super) lock_timeout: Duration,
    pub(super) synchronous: Synchronous,
}

impl SqliteOptions {
    pub(super) fn new(path: impl AsRef<Path>) -> Self {
        Self {
            path: path.as_ref().to_path_buf(),
            readers: 3,
            lock_timeout: Duration::from_secs(5),
            synchronous: Synchronous::Full,
        }
    }

    /// How many threads read, 1 to 64; 3 by default. Each has a connection of its own.
    pub fn readers(mut self, readers: usize) -> Self {
        self.readers = readers.clamp(1, 64);
        self
    }

    /// How long to wait for a lock that another process holds; 5 s by default.
    pub fn lock_timeout(mut self, timeout: Duration) -> Self {
        self.lock_timeout = timeout;
        self
    }

    /// What survives a loss of power; [`Synchronous::Full`] by default.
    pub fn synchronous(mut self, synchronous: Synchronous) -> Self {
        self.synchronous = synchronous;
        self
    }

    /// Opens the file, and creates it if it is not there. Blocks for as long as that takes: up to 30 s where another
    /// process is busy creating it.
    ///
    /// # Errors
    /// `db/open` if the file cannot be opened or written, `db/corrupt` if it is no database, `db/busy` if another process
    /// kept it locked, `db/config` for a database in memory: that is [`MemoryStore`](crate::store::MemoryStore).
    pub fn open(self) -> Result<SqliteStore, Error> {
        let name = self.path.to_string_lossy();
        if name.is_empty() || name.starts_with(":memory:") || name.starts_with("file:") {
            let message = "this is not the path of a file; name a file, or use MemoryStore for a store in memory";
            return Err(Error::new(ErrorKind::Config, "db/config", message).with("path", name));
        }
        SqliteStore::start(self)
    }
}
