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

/// Another state is stored than the entity was loaded in.
pub(super) fn state_conflict<E: Entity>(id: &E::Id) -> Error {
    let message = "the row is in another state than it was; load it again and decide again";
    Error::new(ErrorKind::Conflict, "repository/state_conflict", message)
        .with("entity", E::TABLE.entity())
        .with("id", id)
}

/// A value that the column cannot hold.
pub(super) fn value(table: &Table, column: &ColumnDef, reason: &str) -> Error {
    Error::new(ErrorKind::Invalid, "repository/value", "the column cannot hold the value; nothing was sent")
        .with("entity", table.entity())
        .with("column", column.name())
        .with("reason", reason)
}

/// A version was expected of an entity that has none.
pub(super) fn no_version(table: &Table) -> Error {
    let message = "the entity has no version that could be expected: `Expect::Any`, or a field with `#[version]`";
    invalid("repository/no_version", message).with("entity", table.entity())
}

pub(super) fn invalid(code: &'static str, message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Invalid, code, message)
}
