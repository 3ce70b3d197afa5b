//! Where the table lies: a file, or a schema of a server.

#[path = "../event_store/sqlite/database.rs"]
#[allow(dead_code, reason = "the tables of events are the event store's")]
pub mod files;
#[path = "../event_store/postgres/database.rs"]
#[allow(dead_code, reason = "the tables of events are the event store's")]
pub mod schemas;

use bailiwick::{
    repository::Db,
    sql::{SqliteStore, Synchronous},
};

use self::{files::File, schemas::Schema};
use super::{
    order::{FILL, ROWS, table},
    setting::alone,
    support::Mode,
};

/// Which database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database with the table.
pub enum Place {
    Sqlite(File, Mode),
    Postgres(Schema),
}

impl Place {
    /// One with the table and its rows.
    pub fn filled(kind: Kind, mode: Mode) -> Self {
        let place = match kind {
            Kind::Sqlite => Self::Sqlite(File::new(mode), mode),
            Kind::Postgres => Self::Postgres(Schema::new(mode)),
        };
        alone().block_on(async {
            let db = place.db();
            db.migrate(table()).await.unwrap();
            db.close().await.unwrap();
        });
        place.fill();
        place
    }

    fn fill(&self) {
        match self {
            Self::Sqlite(file, _) => {
                let numbers = format!(
                    "(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) SELECT i FROM n)"
                );
                let id = "unhex(printf('%016x%016x', i, 7))";
                file.direct().execute_batch(&FILL.replace("NUMBERS", &numbers).replace("ID", id)).unwrap();
            }
            Self::Postgres(schema) => {
                let numbers = format!("generate_series(1::bigint, {ROWS}) i");
                let id = "(lpad(to_hex(i), 16, '0') || lpad(to_hex(7), 16, '0'))::uuid";
                schema.execute(&FILL.replace("NUMBERS", &numbers).replace("ID", id));
                schema.execute("VACUUM ANALYZE orders");
            }
        }
    }

    /// Without the indexes of the table, beside its key: what is measured is how rows are written.
    pub fn without_indexes(self) -> Self {
        for index in ["orders_index_0", "orders_index_1", "orders_index_2"] {
            let sql = format!("DROP INDEX {index}");
            match &self {
                Self::Sqlite(file, _) => file.direct().execute_batch(&sql).unwrap(),
                Self::Postgres(schema) => schema.execute(&sql),
            }
        }
        self
    }

    /// A side has opened it: on SQLite the write-ahead log grows to its length.
    pub fn opened(&self) {
        if let Self::Sqlite(file, _) = self {
            file.grow();
        }
    }

    /// A database of ours, over as many connections as the pools of the others.
    pub fn db(&self) -> Db {
        match self {
            Self::Sqlite(file, mode) => {
                let synchronous = match mode {
                    Mode::Relaxed => Synchronous::Normal,
                    Mode::Durable => Synchronous::Full,
                };
                SqliteStore::options(file.path()).synchronous(synchronous).open().unwrap().into()
            }
            Self::Postgres(schema) => schema.store(|options| options.readers(4)).into(),
        }
    }

    /// The rows of a tenant.
    pub fn count(&self, tenant: &str) -> u64 {
        let sql = format!("SELECT count(*) FROM orders WHERE tenant = '{tenant}'");
        match self {
            Self::Sqlite(file, _) => file.count(&sql),
            Self::Postgres(schema) => schema.count(sql.leak()),
        }
    }

    /// The file.
    pub fn file(&self) -> &File {
        match self {
            Self::Sqlite(file, _) => file,
            Self::Postgres(_) => unreachable!("a side of SQLite on PostgreSQL"),
        }
    }

    /// The schema.
    pub fn schema(&self) -> &Schema {
        match self {
            Self::Sqlite(..) => unreachable!("a side of PostgreSQL on SQLite"),
            Self::Postgres(schema) => schema,
        }
    }
}
