//! A schema for each side, which goes with it.

use std::sync::atomic::{AtomicU32, Ordering};

use bailiwick::{
    sql::{PostgresOptions, PostgresStore},
    store::AnyStore,
};
use sqlx::{
    AssertSqlSafe, ConnectOptions as _, Connection as _, Executor as _, PgConnection, PgPool, Row as _,
    postgres::{PgConnectOptions, PgPoolOptions},
};

use super::super::{setting::alone, support::Mode};

/// The table of the sides written by hand: the columns and the keys of ours.
const TABLE: &str = "CREATE TABLE event (
    position bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    version bigint NOT NULL, time bigint NOT NULL, message uuid NOT NULL UNIQUE, schema bigint NOT NULL,
    kind smallint NOT NULL, tenant text NOT NULL, category text NOT NULL, stream text NOT NULL, name text NOT NULL,
    key text, metadata text, payload bytea NOT NULL,
    UNIQUE (stream, category, tenant, version))";

/// Where the server is.
pub fn url() -> String {
    std::env::var("BAILIWICK_TEST_POSTGRES_URL").unwrap()
}

/// A schema, dropped with it.
pub struct Schema {
    name: String,
    mode: Mode,
}

impl Schema {
    pub fn new(mode: Mode) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let name = format!("bw_bench_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let schema = Self { name, mode };
        schema.execute(&format!("CREATE SCHEMA {}", schema.name));
        schema
    }

    pub fn options(&self) -> PgConnectOptions {
        let options: PgConnectOptions = url().parse().unwrap();
        options.options(self.settings()).disable_statement_logging()
    }

    /// What each of its connections sets.
    pub fn settings(&self) -> [(&str, &str); 2] {
        let synchronous = if self.mode == Mode::Durable { "on" } else { "off" };
        [("search_path", &self.name), ("synchronous_commit", synchronous)]
    }

    /// A store in it: each has connections of its own, as each process has.
    pub fn store(&self, set: impl FnOnce(PostgresOptions) -> PostgresOptions) -> PostgresStore {
        let options = PostgresStore::options(&url()).unwrap().schema(&self.name).unwrap();
        let options = if self.mode == Mode::Durable { options } else { options.relaxed() };
        set(options).connect().unwrap()
    }

    pub async fn pool(&self, connections: u32) -> PgPool {
        PgPoolOptions::new().max_connections(connections).connect_with(self.options()).await.unwrap()
    }

    pub async fn held(&self) -> PgConnection {
        self.options().connect().await.unwrap()
    }

    pub fn execute(&self, sql: &str) {
        alone().block_on(async {
            let mut connection = self.options().connect().await.unwrap();
            connection.execute(sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))).await.unwrap();
            connection.close().await.unwrap();
        });
    }

    pub fn count(&self, sql: &'static str) -> u64 {
        alone().block_on(async {
            let mut connection = self.options().connect().await.unwrap();
            sqlx::query(sql).fetch_one(&mut connection).await.unwrap().get::<i64, _>(0).unsigned_abs()
        })
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        self.execute(&format!("DROP SCHEMA {} CASCADE", self.name));
    }
}

/// A table of a side written by hand.
pub struct Plain(pub Schema);

impl Plain {
    pub fn new(mode: Mode) -> Self {
        let schema = Schema::new(mode);
        schema.execute(TABLE);
        Self(schema)
    }

    pub fn count(&self) -> u64 {
        self.0.count("SELECT count(*) FROM event")
    }

    pub async fn pool(&self, connections: u32) -> PgPool {
        self.0.pool(connections).await
    }

    pub async fn held(&self) -> PgConnection {
        self.0.held().await
    }
}

/// A store of ours.
pub struct Ours {
    pub schema: Schema,
    pub store: AnyStore,
}

impl Ours {
    pub fn new(mode: Mode) -> Self {
        Self::with(mode, |options| options)
    }

    pub fn with(mode: Mode, set: impl FnOnce(PostgresOptions) -> PostgresOptions) -> Self {
        let schema = Schema::new(mode);
        let store = AnyStore::new(schema.store(set));
        alone().block_on(store.migrate()).unwrap();
        Self { schema, store }
    }

    pub fn count(&self) -> u64 {
        self.schema.count("SELECT count(*) FROM bw_event")
    }

    pub fn snapshots(&self) -> u64 {
        self.schema.count("SELECT count(*) FROM bw_snapshot")
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        let _closed = alone().block_on(self.store.close());
    }
}
