//! What an error of PostgreSQL means to the caller.

use sqlx::postgres::PgDatabaseError;

use crate::error::{Error, ErrorKind};

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub(super) enum Failure {
    /// The work itself was refused; the connection is well.
    Own(Error),
    /// The server or the connection answered an error; the transaction is not committed.
    Sql(sqlx::Error),
    /// The answer to COMMIT was lost.
    InDoubt(sqlx::Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl Failure {
    /// The error for the caller.
    pub(super) fn into_error(self, place: &str) -> Error {
        match self {
            Self::Own(error) => error,
            Self::Sql(error) => classify(place, error),
            Self::InDoubt(error) => commit_unknown(place).caused_by(error),
        }
    }

    /// The failure of a statement that commits.
    pub(super) fn of_commit(error: sqlx::Error) -> Self {
        if is_lost(&error) { Self::InDoubt(error) } else { Self::Sql(error) }
    }

    /// Whether the same work may succeed at once: it lost a race for a key, a row or a lock.
    pub(super) fn lost_a_race(&self) -> bool {
        match self {
            Self::Sql(error) => matches!(state(error), Some(UNIQUE | SERIALIZATION | DEADLOCK)),
            Self::Own(_) | Self::InDoubt(_) => false,
        }
    }

    /// Whether the connection is of no more use. An answer that could not be read leaves it in doubt, too.
    pub(super) fn breaks(&self) -> bool {
        match self {
            Self::Sql(error @ sqlx::Error::Database(_)) => {
                is_lost(error) || state(error).is_some_and(|state| state.starts_with("25P")) // left in a transaction
            }
            Self::Sql(_) | Self::InDoubt(_) => true,
            Self::Own(_) => false,
        }
    }

    /// Whether the connection was lost, perhaps long ago.
    pub(super) fn is_lost(&self) -> bool {
        matches!(self, Self::Sql(error) | Self::InDoubt(error) if is_lost(error))
    }

    /// The constraint that was violated.
    pub(super) fn constraint(&self) -> Option<&str> {
        match self {
            Self::Sql(sqlx::Error::Database(error)) => error.constraint(),
            _ => None,
        }
    }
}

const UNIQUE: &str = "23505";
const SERIALIZATION: &str = "40001";
const DEADLOCK: &str = "40P01";

fn state(error: &sqlx::Error) -> Option<&str> {
    match error {
        sqlx::Error::Database(error) => error.try_downcast_ref::<PgDatabaseError>().map(PgDatabaseError::code),
        _ => None,
    }
}

/// The connection is gone, or the server says that it goes.
fn is_lost(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::WorkerCrashed => true,
        error => {
            state(error).is_some_and(|state| state.starts_with("57P") || state.starts_with("08") || state == "40003")
        }
    }
}

/// The error for the caller, with the place of the database.
pub(super) fn classify(place: &str, error: sqlx::Error) -> Error {
    if state(&error) == Some("42P01") {
        return not_migrated(place).caused_by(error);
    }
    let (kind, code, message) = meaning(&error);
    Error::new(kind, code, message).caused_by(error).with("database", place)
}

type Meaning = (ErrorKind, &'static str, &'static str);

const UNAVAILABLE: Meaning =
    (ErrorKind::Transient, "db/unavailable", "the database does not answer and nothing was written; try again");

fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(_) => meaning_of_state(state(error).unwrap_or_default()),
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => {
            (ErrorKind::Corrupt, "db/corrupt", "a stored row cannot be read; compare it with a backup")
        }
        sqlx::Error::Configuration(_) => {
            (ErrorKind::Config, "db/config", "the database cannot be reached as configured")
        }
        error if is_lost(error) => UNAVAILABLE,
        _ => STATEMENT,
    }
}

const STATEMENT: Meaning = (
    ErrorKind::Internal,
    "db/statement",
    "a statement failed; see its cause, and whether something else changed the tables",
);

fn meaning_of_state(state: &str) -> Meaning {
    match state {
        "53100" => (ErrorKind::Transient, "db/full", "the server's disk is full and nothing was written; make space"),
        "53200" => (ErrorKind::Transient, "db/memory", "the server had no memory and nothing was written; try again"),
        "53300" => {
            (ErrorKind::Transient, "db/busy", "the server takes no more connections; use fewer, or raise its limit")
        }
        SERIALIZATION | DEADLOCK | UNIQUE | "55P03" => {
            (ErrorKind::Transient, "db/busy", "other writers were in the way and nothing was written; try again")
        }
        "57014" => {
            (ErrorKind::Transient, "db/interrupted", "the statement was cancelled and nothing was written; try again")
        }
        "58030" => (ErrorKind::Transient, "db/io", "the server's disk answered an error and nothing was written"),
        "25006" => (
            ErrorKind::Transient,
            "db/read_only",
            "the server only reads, as a stand-by does; connect to the one that writes",
        ),
        "28000" | "28P01" | "3D000" | "42501" => (
            ErrorKind::Config,
            "db/open",
            "the server lets this user not in, or not do this; look at the URL and its rights",
        ),
        "22021" => {
            (ErrorKind::Invalid, "db/text", "a text holds a character that PostgreSQL does not store, such as NUL")
        }
        "54000" | "54001" | "22001" => {
            (ErrorKind::Invalid, "db/too_big", "a value is larger than PostgreSQL can store; store a reference to it")
        }
        "XX001" | "XX002" => {
            (ErrorKind::Corrupt, "db/corrupt", "the server says that its data are damaged; restore a backup")
        }
        state if state.starts_with("57P") || state.starts_with("08") || state.starts_with("53") => UNAVAILABLE,
        _ => STATEMENT,
    }
}

/// The tables are not there, or older than the program.
pub(super) fn not_migrated(place: &str) -> Error {
    let message = "the database has not the tables of this program yet; call `.migrate()` before using the store";
    Error::new(ErrorKind::Config, "sql/not_migrated", message).with("database", place)
}

/// A commit whose outcome nobody knows.
pub(super) fn commit_unknown(place: &str) -> Error {
    let message = "it is not known whether the commit happened; repeat it only under the same message ids";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("database", place)
}

/// More work is waiting than the store takes.
pub(super) fn overloaded(place: &str) -> Error {
    let message = "too many calls are waiting for the database and nothing was written; try again with fewer at once";
    Error::new(ErrorKind::Transient, "db/busy", message).with("database", place)
}

/// No connection could be had in time.
pub(super) fn unreachable(place: &str) -> Error {
    let (kind, code, message) = UNAVAILABLE;
    Error::new(kind, code, message).with("database", place)
}
