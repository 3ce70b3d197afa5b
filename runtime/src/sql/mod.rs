//! The SQL adapters of the [`store`](crate::store): an SQLite file, a PostgreSQL database, a MySQL or MariaDB database.
//!
//! ```
//! # async fn f() -> Result<(), bailiwick::Error> {
//! # let folder = tempfile::tempdir().expect("a folder");
//! # let path = folder.path().join("shop.db");
//! use bailiwick::{Store, sql::SqliteStore};
//! let store = SqliteStore::open(path)?;
//! store.migrate().await?;
//! # Ok(()) }
//! ```
//!
//! | feature | type | how commits are written |
//! |---|---|---|
//! | `sqlite` (default) | `SqliteStore` | one thread; all that wait share a transaction and a wait for the disk |
//! | `postgres` | `PostgresStore`, PostgreSQL 15 or later | up to eight callers commit themselves; of more, appends that wait share the statements of four connections |
//! | `mysql` | `MysqlStore`, MySQL 8.0, MariaDB 10.6 or later | one connection; all that wait share a transaction |
//!
//! # What survives what
//!
//! | setting | a process is killed | power is lost |
//! |---|---|---|
//! | SQLite, `Synchronous::Full` (default) | nothing acknowledged is lost | nothing |
//! | SQLite, `Synchronous::Normal` | nothing | the newest commits, never one in the middle |
//! | PostgreSQL, `fsync` and `synchronous_commit` on (its defaults) | nothing | nothing |
//! | PostgreSQL, `PostgresOptions::relaxed` | nothing | up to 0.6 s of the newest commits |
//! | MySQL and MariaDB, `innodb_flush_log_at_trx_commit = 1` (the default) | nothing | nothing |
//!
//! An SQLite file must lie on a local disk. Several processes may use one database at once; on SQLite and MySQL
//! commits wait for those of others up to `lock_timeout`.
//!
//! # Errors
//!
//! Besides those of [the contract](crate::store):
//!
//! | code | kind | meaning |
//! |---|---|---|
//! | `db/busy` | transient | others held a lock, too many calls wait, or the server takes no more connections |
//! | `db/pool_timeout`, `db/circuit_open` | transient | no connection came free in time; the server is spared for a while |
//! | `db/unavailable` | transient | the server does not answer, and nothing was written |
//! | `db/full`, `db/io`, `db/memory`, `db/interrupted`, `db/read_only` | transient | nothing was written |
//! | `db/schema_changed` | transient | tables have changed while they were used, twice in a row; nothing was written |
//! | `db/commit_unknown` | unknown outcome | the answer to COMMIT was lost or an error, and so was the attempt to settle it |
//! | `db/open`, `db/config` | config | the path or the URL, permissions, a setting of the server |
//! | `sql/not_migrated` | config | call [`migrate`](crate::Store::migrate) |
//! | `sql/schema_ahead` | config | a newer program made the database |
//! | `db/corrupt` | corrupt | no database, or damaged |
//! | `db/too_big`, `db/text` | invalid | a value that the database cannot store |
//!
//! SQLite and PostgreSQL store values of up to 1 GB. MySQL and MariaDB take as much as the server's `max_allowed_packet`;
//! there a name has at most 255 bytes, the key of a read model's row 1,024, the key of a message 65,535.
//!
//! Only this folder contains SQL. No type of a driver is in its public interface: its errors appear as causes.

mod log;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
mod query;
#[cfg(all(feature = "testing", any(feature = "postgres", feature = "mysql")))]
pub(crate) mod rooms;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod sync;
mod threads;
mod words;

#[cfg(feature = "mysql")]
pub use mysql::{MysqlOptions, MysqlStore};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore, Synchronous};
