//! What a table refuses, as errors: every database says the same.

use crate::{
    entity::{ColumnDef, Table},
    error::{Error, ErrorKind},
};

/// Another row has the same values in the columns of a key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("another {entity} has the same {key}")]
#[non_exhaustive]
pub struct DuplicateEntity {
    /// The entity.
    pub entity: &'static str,
    /// The columns of the key, never their values.
    pub key: String,
}

/// A row with this key is there.
pub(crate) fn duplicate(table: &Table, places: &[usize]) -> Error {
    let columns: Vec<&str> =
        places.iter().filter_map(|place| table.columns().get(*place)).map(ColumnDef::name).collect();
    duplicate_named(table, &columns.join(", "))
}

/// A row with the key of this name is there.
pub(crate) fn duplicate_named(table: &Table, key: &str) -> Error {
    let duplicate = DuplicateEntity { entity: table.entity(), key: key.to_owned() };
    let error = Error::new(ErrorKind::Conflict, "repository/duplicate", duplicate.to_string());
    error.with("key", &duplicate.key).caused_by(duplicate)
}

/// A row that was changed as often as a version can count.
pub(crate) fn spent(table: &Table) -> Error {
    let message = "the row is at the last version that can be counted";
    Error::new(ErrorKind::Invalid, "repository/value", message).with("entity", table.entity())
}
