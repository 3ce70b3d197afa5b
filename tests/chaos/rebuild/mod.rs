//! Rebuilds that are interrupted and killed while events arrive and readers read.

mod child;
pub mod full;
mod interrupted;
mod killed;
mod tally;

use std::path::PathBuf;

use bailiwick::{
    App,
    sql::{MysqlStore, PostgresStore, SqliteStore, Synchronous},
    store::{AnyStore, MemoryStore},
};
use tests::{
    bank::Account,
    servers::{self, Room},
};

use self::tally::{InlineTally, Tally};

/// Where a case keeps its events, in words that another process understands.
#[derive(Debug, Clone)]
pub enum Place {
    Memory,
    Sqlite(PathBuf),
    Postgres(String, String),
    Mysql(String),
}

impl Place {
    pub fn store(&self) -> AnyStore {
        match self {
            Self::Memory => AnyStore::new(MemoryStore::new()),
            Self::Sqlite(path) => {
                AnyStore::new(SqliteStore::options(path).synchronous(Synchronous::Normal).open().unwrap())
            }
            Self::Postgres(url, schema) => {
                AnyStore::new(PostgresStore::options(url).unwrap().schema(schema).unwrap().connect().unwrap())
            }
            Self::Mysql(url) => AnyStore::new(MysqlStore::connect(url).unwrap()),
        }
    }
}

/// A place and what keeps it there.
pub struct Home {
    pub place: Place,
    _kept: (Option<tempfile::TempDir>, Option<Room>),
}

impl Home {
    pub fn memory() -> Self {
        Self { place: Place::Memory, _kept: (None, None) }
    }

    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { place: Place::Sqlite(folder.path().join("a.db")), _kept: (Some(folder), None) }
    }

    pub fn postgres() -> Option<Self> {
        let room = servers::postgres()?.room();
        Some(Self { place: Place::Postgres(room.url(), room.name().to_owned()), _kept: (None, Some(room)) })
    }

    pub fn mysql() -> Option<Self> {
        let room = servers::mysql()?.room();
        Some(Self { place: Place::Mysql(room.url()), _kept: (None, Some(room)) })
    }
}

/// The application of the cases: accounts, and their tally in both modes.
pub async fn app(store: AnyStore) -> App {
    let app = App::builder().any_store(store).aggregate::<Account>().projection(Tally).projection(InlineTally);
    app.build().await.unwrap()
}
