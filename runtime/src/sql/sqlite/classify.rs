//! What an error of SQLite means to the caller.

use std::path::Path;

use rusqlite::{ErrorCode, ffi::SQLITE_CONSTRAINT_FOREIGNKEY};

use crate::{
    error::{Error, ErrorKind},
    plan::refusal::FOREIGN_KEY,
};

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The work itself was refused; the database is well.
    Own(Error),
    /// The database answered an error.
    Sql(rusqlite::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            None | Some(ErrorCode::TooBig | ErrorCode::ConstraintViolation | ErrorCode::TypeMismatch) => {
                Self::Own(describe(error))
            }
            Some(_) => Self::Sql(error),
        }
    }
}

impl Failure {
    /// Of a statement of the user: what is wrong with it alone says nothing of the database.
    pub(super) fn of_statement(error: rusqlite::Error) -> Self {
        match error.sqlite_error_code() {
            Some(ErrorCode::Unknown) => Self::Own(describe(error)),
            _ => error.into(),
        }
    }

    /// The error for the caller.
    pub(super) fn into_error(self, path: &Path) -> Error {
        match self {
            Self::Own(error) => error,
            Self::Sql(error) => classify(path, error),
        }
    }
}

/// The error for the caller, with the name of the file.
pub(super) fn classify(path: &Path, error: rusqlite::Error) -> Error {
    if error.to_string().contains("no such table: bw_") {
        return not_migrated(path).caused_by(error);
    }
    let missing = |parent: &Path| !parent.as_os_str().is_empty() && !parent.is_dir();
    if meaning(&error) == OPEN && path.parent().is_some_and(missing) {
        let message = "the directory of the database does not exist; create it, or correct the path";
        return Error::new(ErrorKind::Config, "db/open", message).caused_by(error).with("file", path.display());
    }
    describe(error).with("file", path.display())
}

fn describe(error: rusqlite::Error) -> Error {
    let (kind, code, message) = meaning(&error);
    Error::new(kind, code, message).caused_by(error)
}

fn meaning(error: &rusqlite::Error) -> Meaning {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) if failure.extended_code == SQLITE_CONSTRAINT_FOREIGNKEY => DANGLING,
        rusqlite::Error::SqliteFailure(failure, _) => meaning_of_code(failure.code),
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..)
        | rusqlite::Error::Utf8Error(..) => {
            (ErrorKind::Corrupt, "db/corrupt", "a stored row cannot be read; compare it with a backup")
        }
        _ => STATEMENT,
    }
}

type Meaning = (ErrorKind, &'static str, &'static str);

const STATEMENT: Meaning = (
    ErrorKind::Internal,
    "db/statement",
    "a statement failed; see its cause, and whether something else changed the schema",
);
const DANGLING: Meaning = (ErrorKind::Invalid, "repository/foreign_key", FOREIGN_KEY);
const BUSY: Meaning = (
    ErrorKind::Transient,
    "db/busy",
    "another process holds the lock of the database; try again, or raise lock_timeout",
);
const FULL: Meaning =
    (ErrorKind::Transient, "db/full", "the disk is full and nothing was written; make space and try again");
const IO: Meaning = (
    ErrorKind::Transient,
    "db/io",
    "the disk answered an error and nothing was written; try again, and look at the disk",
);
const MEMORY: Meaning =
    (ErrorKind::Transient, "db/memory", "SQLite had no memory and nothing was written; try again with less at once");
const INTERRUPTED: Meaning =
    (ErrorKind::Transient, "db/interrupted", "the statement was interrupted and nothing was written; try again");
const OPEN: Meaning = (
    ErrorKind::Config,
    "db/open",
    "the database cannot be opened for reading and writing; look at its path and permissions",
);
const CORRUPT: Meaning =
    (ErrorKind::Corrupt, "db/corrupt", "the file is no sound SQLite database; restore it from a backup");
const TOO_BIG: Meaning =
    (ErrorKind::Invalid, "db/too_big", "a value is larger than SQLite can store; store a reference to it");

const fn meaning_of_code(code: ErrorCode) -> Meaning {
    match code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::FileLockingProtocolFailed => BUSY,
        ErrorCode::DiskFull => FULL,
        ErrorCode::SystemIoFailure => IO,
        ErrorCode::OutOfMemory => MEMORY,
        ErrorCode::OperationInterrupted | ErrorCode::OperationAborted => INTERRUPTED,
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => OPEN,
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => CORRUPT,
        ErrorCode::TooBig => TOO_BIG,
        _ => STATEMENT,
    }
}

/// The tables are not there, or older than the program.
pub(super) fn not_migrated(path: &Path) -> Error {
    let message = "the database has not the tables of this program yet; call `.migrate()` before using the store";
    Error::new(ErrorKind::Config, "sql/not_migrated", message).with("file", path.display())
}

/// Whether waiting helps.
pub(super) fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}

/// The store was closed.
pub(super) fn closed(path: &Path) -> Error {
    Error::new(ErrorKind::Transient, "store/closed", "the store was closed; nothing was read or written")
        .with("file", path.display())
}

/// A COMMIT whose outcome nobody knows.
pub(super) fn commit_unknown(path: &Path) -> Error {
    let message = "it is not known whether the commit happened; repeat it only under the same message ids";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("file", path.display())
}

/// Our own thread panicked before anything was committed.
pub(super) fn panicked(path: &Path) -> Error {
    let message = "the store panicked and nothing was written; this is a defect of Bailiwick, please report it";
    Error::new(ErrorKind::Internal, "store/panicked", message).with("file", path.display())
}

/// More work is waiting than the store takes.
pub(super) fn overloaded(path: &Path) -> Error {
    let message = "too many calls are waiting for the database and nothing was written; try again with fewer at once";
    Error::new(ErrorKind::Transient, "db/busy", message).with("file", path.display())
}

/// A unit of work keeps the database from those who wait.
pub(super) fn busy(path: &Path) -> Error {
    let message = "a unit of work has held the database for longer than lock_timeout, and nothing was written; end units of \
                   work early, write through the unit that is open, or try again";
    Error::new(ErrorKind::Transient, "db/busy", message).with("file", path.display())
}
