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
//! Only this folder contains SQL. No type of the driver is in its public interface: its errors appear as causes.

mod sqlite;

pub use sqlite::{SqliteOptions, SqliteStore, Synchronous};
