//! What an error of PostgreSQL means to the caller.

use sqlx::postgres::PgDatabaseError;

use super::super::server::{self, Meaning, STATEMENT, ServerError, is_cut, not_migrated, of_driver, unreachable};
use crate::error::{Error, ErrorKind};

/// Why a piece of work did not succeed.
pub(super) type Failure = server::Failure<PgError>;

/// An error of the driver.
#[derive(Debug)]
pub(super) struct PgError(sqlx::Error);

impl From<sqlx::Error> for PgError {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl ServerError for PgError {
    fn is_lost(&self) -> bool {
        is_lost(&self.0)
    }

    fn breaks(&self) -> bool {
        match &self.0 {
            error @ sqlx::Error::Database(_) => {
                is_lost(error) || state(error).is_some_and(|state| state.starts_with("25P")) // left in a transaction
            }
            _ => true,
        }
    }

    fn is_race(&self) -> bool {
        matches!(state(&self.0), Some(UNIQUE | SERIALIZATION | DEADLOCK))
    }

    fn classify(self, place: &str) -> Error {
        let Self(error) = self;
        if state(&error) == Some("42P01") {
            return not_migrated(place).caused_by(error);
        }
        let Some((kind, code, message)) = meaning(&error) else { return unreachable(place).caused_by(error) };
        Error::new(kind, code, message).caused_by(error).with("database", place)
    }

    fn into_cause(self) -> sqlx::Error {
        self.0
    }
}

impl PgError {
    /// The constraint that was violated.
    pub(super) fn constraint(&self) -> Option<&str> {
        match &self.0 {
            sqlx::Error::Database(error) => error.constraint(),
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
    let goes = |state: &str| state.starts_with("57P") || state.starts_with("08") || state == "40003";
    is_cut(error) || state(error).is_some_and(goes)
}

/// What an error means; nothing if the server is out of reach.
fn meaning(error: &sqlx::Error) -> Option<Meaning> {
    match error {
        sqlx::Error::Database(_) => meaning_of_state(state(error).unwrap_or_default()),
        error => of_driver(error),
    }
}

fn meaning_of_state(state: &str) -> Option<Meaning> {
    Some(match state {
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
        state if state.starts_with("57P") || state.starts_with("08") || state.starts_with("53") => return None,
        _ => STATEMENT,
    })
}
