//! What a database may say against a row, whatever its words for it.

use crate::{
    entity::Table,
    error::{Error, ErrorKind},
    plan::refusal::FOREIGN_KEY,
};

/// Why a statement of an entity was refused.
#[derive(Debug, Clone, Copy)]
pub(in crate::sql) enum Refused {
    /// The table is not there.
    NoTable,
    /// The table has other columns, or columns of other types.
    OtherColumns,
    /// A row that is referred to is not there, or one is still referred to.
    ForeignKey,
    /// A check of the table.
    Check,
    /// A value is missing.
    NotNull,
}

impl Refused {
    const fn meaning(self) -> (ErrorKind, &'static str, &'static str) {
        match self {
            Self::NoTable => (
                ErrorKind::Config,
                "db/not_migrated",
                "the table of the entity is not there; make it with `Db::migrate`",
            ),
            Self::OtherColumns => (
                ErrorKind::Config,
                "db/schema",
                "the table lacks a column of the entity; add it in a further step of the migrations",
            ),
            Self::ForeignKey => (ErrorKind::Invalid, "repository/foreign_key", FOREIGN_KEY),
            Self::Check => (ErrorKind::Invalid, "repository/check", "a check of the table refuses the row"),
            Self::NotNull => (ErrorKind::Invalid, "repository/check", "the table wants a value where the row has none"),
        }
    }
}

/// The error for the caller.
pub(in crate::sql) fn refused(table: &Table, why: Refused) -> Error {
    let (kind, code, message) = why.meaning();
    Error::new(kind, code, message).with("entity", table.entity()).with("table", table.name())
}
