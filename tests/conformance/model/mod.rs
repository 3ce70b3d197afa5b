//! Every store against a model of a hundred lines: random histories, shrunk to the shortest that tells them apart.

mod flawed;
mod reference;
mod subject;

use bailiwick::{
    sql::{MysqlStore, PostgresStore, SqliteStore, Synchronous},
    store::{AnyStore, MemoryStore},
};
use proptest::test_runner::Config;
use proptest_state_machine::prop_state_machine;
use tempfile::TempDir;
use tests::servers::{self, Room};

use self::subject::{Place, Subject};

/// The store in memory: it cannot be opened again.
pub struct Memory(MemoryStore);

impl Place for Memory {
    fn new() -> Option<Self> {
        Some(Self(MemoryStore::new()))
    }

    fn open(&self) -> AnyStore {
        AnyStore::new(self.0.clone())
    }

    const REMEMBERS: bool = false;
}

/// A file of SQLite.
pub struct Sqlite(TempDir);

impl Place for Sqlite {
    fn new() -> Option<Self> {
        Some(Self(tempfile::tempdir().unwrap()))
    }

    fn open(&self) -> AnyStore {
        let options = SqliteStore::options(self.0.path().join("model.db")).synchronous(Synchronous::Normal);
        AnyStore::new(options.open().unwrap())
    }
}

/// A schema of PostgreSQL.
pub struct Postgres(Room);

impl Place for Postgres {
    fn new() -> Option<Self> {
        servers::postgres().map(|server| Self(server.room()))
    }

    fn open(&self) -> AnyStore {
        let options = PostgresStore::options(&self.0.url()).unwrap().schema(self.0.name()).unwrap();
        AnyStore::new(options.relaxed().connect().unwrap())
    }
}

/// A database of MySQL or MariaDB.
pub struct Mysql(Room);

impl Place for Mysql {
    fn new() -> Option<Self> {
        servers::mysql().map(|server| Self(server.room()))
    }

    fn open(&self) -> AnyStore {
        AnyStore::new(MysqlStore::connect(&self.0.url()).unwrap())
    }
}

fn cases(cases: u32) -> Config {
    Config { cases, max_shrink_iters: 400, failure_persistence: None, ..Config::default() }
}

prop_state_machine! {
    #![proptest_config(cases(96))]

    #[test]
    fn the_store_in_memory_does_what_the_model_does(sequential 1..40 => Subject<Memory>);

    #[test]
    fn the_store_over_sqlite_does_what_the_model_does(sequential 1..40 => Subject<Sqlite>);
}

prop_state_machine! {
    #![proptest_config(cases(6))]

    #[test]
    fn the_store_over_postgres_does_what_the_model_does(sequential 1..40 => Subject<Postgres>);

    #[test]
    fn the_store_over_mysql_does_what_the_model_does(sequential 1..40 => Subject<Mysql>);
}
