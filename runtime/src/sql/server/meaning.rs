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

/// What servers answer, whatever number they give it.
pub(in super::super) mod meanings {
    use super::{ErrorKind, Meaning};

    pub(in super::super::super) const FULL: Meaning =
        (ErrorKind::Transient, "db/full", "the server's disk is full and nothing was written; make space");
    pub(in super::super::super) const MEMORY: Meaning =
        (ErrorKind::Transient, "db/memory", "the server had no memory and nothing was written; try again");
    pub(in super::super::super) const CONNECTIONS: Meaning =
        (ErrorKind::Transient, "db/busy", "the server takes no more connections; use fewer, or raise its limit");
    pub(in super::super::super) const IN_THE_WAY: Meaning =
        (ErrorKind::Transient, "db/busy", "other writers were in the way and nothing was written; try again");
    pub(in super::super::super) const CANCELLED: Meaning =
        (ErrorKind::Transient, "db/interrupted", "the statement was cancelled and nothing was written; try again");
    pub(in super::super::super) const OUTDATED: Meaning =
        (ErrorKind::Transient, "db/schema_changed", "the tables have changed and nothing was written; try again");
    pub(in super::super::super) const DISK: Meaning =
        (ErrorKind::Transient, "db/io", "the server's disk answered an error and nothing was written");
    pub(in super::super::super) const READ_ONLY: Meaning = (
        ErrorKind::Transient,
        "db/read_only",
        "the server only reads, as a stand-by does; connect to the one that writes",
    );
    pub(in super::super::super) const RIGHTS: Meaning = (
        ErrorKind::Config,
        "db/open",
        "the server lets this user not in, or not do this; look at the URL and its rights",
    );
    pub(in super::super::super) const TOO_BIG: Meaning =
        (ErrorKind::Invalid, "db/too_big", "a value is larger than the server stores; store a reference to it");
    pub(in super::super::super) const DAMAGED: Meaning =
        (ErrorKind::Corrupt, "db/corrupt", "the server says that its data are damaged; restore a backup");
}

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
