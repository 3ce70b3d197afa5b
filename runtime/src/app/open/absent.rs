//! A database whose feature is off.

use crate::{
    error::{Error, ErrorKind},
    store::AnyStore,
};

/// Says what is missing. A URL may hold a password and is not shown.
pub(super) fn open<A: ?Sized>(_address: &A) -> Result<AnyStore, Error> {
    let message =
        "this build has no driver for the database: add the feature `sqlite`, `postgres` or `mysql` of `bailiwick`";
    Err(Error::new(ErrorKind::Config, "db/backend_disabled", message))
}
