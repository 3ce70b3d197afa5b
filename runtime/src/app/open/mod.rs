//! Opens a database by its URL. One whose feature is off answers which one to add.

#[cfg(not(all(feature = "mysql", feature = "postgres", feature = "sqlite")))]
mod absent;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod schema;
#[cfg(feature = "sqlite")]
mod sqlite;

pub(super) use schema::Schema;
use std::path::PathBuf;

#[cfg(not(feature = "mysql"))]
use absent as mysql;
#[cfg(not(feature = "postgres"))]
use absent as postgres;
#[cfg(not(feature = "sqlite"))]
use absent as sqlite;

use crate::{
    error::{Error, ErrorKind},
    repository::Db,
    store::{AnyStore, MemoryStore},
};

/// What a URL may look like.
pub(super) const KNOWN: &str = "`sqlite://path`, `postgres://…`, `mysql://…` or `memory:`";

/// Where a database is.
pub(super) enum Place {
    Memory,
    Sqlite(PathBuf),
    Postgres(String),
    Mysql(String),
}

impl Place {
    /// The place of a URL; nothing if it is none.
    pub(super) fn of(url: &str) -> Option<Self> {
        Some(match url.split_once(':')? {
            ("memory", _) => Self::Memory,
            ("sqlite", path) if !path.contains('?') => Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into()),
            ("postgres" | "postgresql", _) => Self::Postgres(url.into()),
            ("mysql" | "mariadb", _) => Self::Mysql(url.into()),
            _ => return None,
        })
    }

    /// The store there. A file is opened, and created if need be; to a server nothing is sent yet.
    pub(super) fn open(self) -> Result<AnyStore, Error> {
        match self {
            Self::Memory => Ok(AnyStore::new(MemoryStore::new())),
            Self::Sqlite(path) => sqlite::open(path.as_path()),
            Self::Postgres(url) => postgres::open(url.as_str()),
            Self::Mysql(url) => mysql::open(url.as_str()),
        }
    }
}

impl Db {
    /// The database at a URL: `sqlite://path`, without parameters, `postgres://…`, `mysql://…`, `mariadb://…`, or `memory:`. A file
    /// is created if need be; a server's database must be there, and nothing is sent to it yet.
    ///
    /// # Errors
    /// `db/config` for a URL that is none of these, `db/backend_disabled` if the feature of its driver is off, `db/open` for a
    /// file that cannot be opened.
    pub fn connect(url: &str) -> Result<Self, Error> {
        let unknown = || {
            let message = format!("this is no URL of a database: write {KNOWN}");
            Error::new(ErrorKind::Config, "db/config", message)
        };
        let store = Place::of(url).ok_or_else(unknown)?.open()?;
        Self::of(&store).ok_or_else(unknown)
    }
}
