//! What a repository answers when it cannot do what was asked.

use crate::{
    entity::{ColumnDef, Entity, Table},
    error::{Error, ErrorKind},
    version::Version,
};

/// There is no such row, or it is another tenant's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no {entity} {id}")]
#[non_exhaustive]
pub struct NotFound {
    /// The entity.
    pub entity: &'static str,
    /// Its id.
    pub id: String,
}

/// Somebody else has changed the row.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{entity} {id} is at version {actual}, not at {expected}")]
#[non_exhaustive]
pub struct VersionConflict {
    /// The entity.
    pub entity: &'static str,
    /// Its id.
    pub id: String,
    /// What the writer believed.
    pub expected: Version,
    /// What is there.
    pub actual: Version,
}

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

pub(super) fn not_found<E: Entity>(id: &E::Id) -> Error {
    let missing = NotFound { entity: E::TABLE.entity(), id: id.to_string() };
    Error::new(ErrorKind::NotFound, "repository/not_found", missing.to_string()).caused_by(missing)
}

pub(super) fn none_found<E: Entity>() -> Error {
    let message = format!("no {} was found", E::TABLE.entity());
    Error::new(ErrorKind::NotFound, "repository/not_found", message)
}

pub(super) fn version_conflict<E: Entity>(id: &E::Id, expected: Version, actual: Version) -> Error {
    let conflict = VersionConflict { entity: E::TABLE.entity(), id: id.to_string(), expected, actual };
    let message = format!("{conflict}; load it again and decide again");
    Error::new(ErrorKind::Conflict, "repository/version_conflict", message).caused_by(conflict)
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

/// A value that the column cannot hold.
pub(super) fn value(table: &Table, column: &ColumnDef, reason: &str) -> Error {
    Error::new(ErrorKind::Invalid, "repository/value", "the column cannot hold the value; nothing was sent")
        .with("entity", table.entity())
        .with("column", column.name())
        .with("reason", reason)
}

/// A row that was changed as often as a version can count.
pub(crate) fn spent(table: &Table) -> Error {
    let message = "the row is at the last version that can be counted";
    Error::new(ErrorKind::Invalid, "repository/value", message).with("entity", table.entity())
}

/// A version was expected of an entity that has none.
pub(super) fn no_version(table: &Table) -> Error {
    let message = "the entity has no version that could be expected: `Expect::Any`, or a field with `#[version]`";
    invalid("repository/no_version", message).with("entity", table.entity())
}

pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Invalid, code, message)
}
