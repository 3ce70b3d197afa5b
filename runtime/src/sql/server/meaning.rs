//! What errors of the driver mean, whatever the server.

use crate::error::ErrorKind;

/// Kind, code and text of an error.
pub(in super::super) type Meaning = (ErrorKind, &'static str, &'static str);

/// A statement that should not have failed.
pub(in super::super) const STATEMENT: Meaning = (
    ErrorKind::Internal,
    "db/statement",
    "a statement failed; see its cause, and whether something else changed the tables",
);

/// Whether the connection is gone.
pub(in super::super) const fn is_cut(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed)
}

/// What an error means that the server did not answer; nothing if it is out of reach.
pub(in super::super) const fn of_driver(error: &sqlx::Error) -> Option<Meaning> {
    match error {
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            Some((ErrorKind::Corrupt, "db/corrupt", "a stored row cannot be read; compare it with a backup"))
        }
        sqlx::Error::Configuration(_) => {
            Some((ErrorKind::Config, "db/config", "the database cannot be reached as configured"))
        }
        error if is_cut(error) => None,
        _ => Some(STATEMENT),
    }
}
