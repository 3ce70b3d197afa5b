//! Opening a MySQL or MariaDB database.

use crate::{error::Error, sql::MysqlStore, store::AnyStore};

/// The store at a URL. Nothing is sent yet.
pub(super) fn open(url: &str) -> Result<AnyStore, Error> {
    MysqlStore::connect(url).map(AnyStore::new)
}
