//! Opening a PostgreSQL database.

use crate::{error::Error, sql::PostgresStore, store::AnyStore};

/// The store at a URL. Nothing is sent yet.
pub(super) fn open(url: &str) -> Result<AnyStore, Error> {
    PostgresStore::connect(url).map(AnyStore::new)
}
