//! Opens the store of an application. A database whose feature is off answers which one to add.

#[cfg(not(all(feature = "mysql", feature = "postgres", feature = "sqlite")))]
mod absent;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "sqlite")]
mod sqlite;

#[cfg(not(feature = "mysql"))]
pub(super) use absent::open as mysql;
#[cfg(not(feature = "postgres"))]
pub(super) use absent::open as postgres;
#[cfg(not(feature = "sqlite"))]
pub(super) use absent::open as sqlite;
#[cfg(feature = "mysql")]
pub(super) use mysql::open as mysql;
#[cfg(feature = "postgres")]
pub(super) use postgres::open as postgres;
#[cfg(feature = "sqlite")]
pub(super) use sqlite::open as sqlite;
