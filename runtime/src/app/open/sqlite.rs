//! Opening a SQLite file, with the feature `sqlite`.

use std::path::Path;

use crate::{error::Error, sql::SqliteStore, store::AnyStore};

/// Opens, and creates if need be, the file.
pub(super) fn sqlite(path: &Path) -> Result<AnyStore, Error> {
    SqliteStore::open(path).map(AnyStore::new)
}
