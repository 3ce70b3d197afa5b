//! Opening a SQLite file, without the feature `sqlite`.

use std::path::Path;

use crate::{
    error::{Error, ErrorKind},
    store::AnyStore,
};

/// Says what is missing.
pub(super) fn sqlite(path: &Path) -> Result<AnyStore, Error> {
    let message = "this build has no SQLite: add the feature `sqlite` of `bailiwick`";
    Err(Error::new(ErrorKind::Config, "db/backend_disabled", message).with("file", path.display()))
}
