//! The SQL adapter of the [`store`](crate::store): one SQLite file, with WAL and group commit.
//!
//! ```no_run
//! # async fn f() -> Result<(), bailiwick::Error> {
//! use bailiwick::{Store, sql::SqliteStore};
//! let store = SqliteStore::open("shop.db")?;
//! store.migrate().await?;
//! # Ok(()) }
//! ```
//!
//! # What survives what
//!
//! | setting | a process is killed | power is lost |
//! |---|---|---|
//! | [`Synchronous::Full`] (default) | nothing acknowledged is lost | nothing |
//! | [`Synchronous::Normal`] | nothing | the newest commits, never one in the middle |
//!
//! The file must lie on a local disk. Several processes may use it at once; they wait for each other up to
//! [`SqliteOptions::lock_timeout`].
//!
//! # Errors
//!
//! Besides those of [the contract](crate::store):
//!
//! | code | kind | meaning |
//! |---|---|---|
//! | `db/busy` | transient | another process held the lock, or too many calls wait |
//! | `db/full`, `db/io`, `db/memory`, `db/interrupted` | transient | nothing was written |
//! | `db/commit_unknown` | unknown outcome | COMMIT answered an error, and so did the attempt to settle it |
//! | `db/open`, `db/config` | config | the path, its permissions, the URL |
//! | `sql/not_migrated` | config | call [`migrate`](crate::Store::migrate) |
//! | `sql/schema_ahead` | config | a newer program made the database |
//! | `db/corrupt` | corrupt | no database, or damaged |
//! | `db/too_big` | invalid | a value beyond SQLite's limit of 1 GB |
//!
//! Only this folder contains SQL. No type of the driver is in its public interface: its errors appear as causes.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;
mod threads;
mod words;

#[cfg(feature = "mysql")]
pub use mysql::{MysqlOptions, MysqlStore};
#[cfg(feature = "postgres")]
pub use postgres::{PostgresOptions, PostgresStore};
#[cfg(feature = "sqlite")]
pub use sqlite::{SqliteOptions, SqliteStore, Synchronous};
