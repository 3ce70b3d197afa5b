//! What a table refuses, as errors: every database says the same.

use crate::{
    entity::{ColumnDef, Role, Table},
    error::{Error, ErrorKind},
    plan::primary,
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

/// A row with this key is there. A key of tenant and id, which foreign keys refer to, says no more than the id.
pub(crate) fn duplicate(table: &Table, places: &[usize]) -> Error {
    let referred: Vec<usize> = table.place(Role::Tenant).into_iter().chain(table.place(Role::Id)).collect();
    let primary = primary(table);
    let places = if places == referred { &primary } else { places };
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

/// A row that refers to none, or that another one refers to.
pub(crate) const FOREIGN_KEY: &str = "a row that is referred to is not there, or a row is still referred to";

/// See [`FOREIGN_KEY`].
pub(crate) fn foreign_key(table: &Table) -> Error {
    let error = Error::new(ErrorKind::Invalid, "repository/foreign_key", FOREIGN_KEY);
    error.with("entity", table.entity()).with("table", table.name())
}

/// A sum that its type cannot hold.
pub(crate) fn overflow(column: &ColumnDef) -> Error {
    let message = "the sum is beyond the numbers of its type; sum up fewer rows at once";
    Error::new(ErrorKind::Invalid, "repository/overflow", message).with("column", column.name())
}
