//! What an error of PostgreSQL means to the caller.

use sqlx::postgres::PgDatabaseError;

use super::super::server::{
    self, Meaning, STATEMENT, ServerError, is_cut, meanings, not_migrated, of_driver, unreachable,
};
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

    fn is_exhausted(&self) -> bool {
        self.state().is_some_and(|state| state.starts_with("53"))
    }

    fn is_outdated(&self) -> bool {
        let changed = self.server().is_some_and(|error| error.routine() == Some("RevalidateCachedQuery"));
        changed || self.state() == Some("26000")
    }

    fn classify(self, place: &str) -> Error {
        let outdated = self.is_outdated();
        let Self(error) = self;
        if state(&error) == Some("42P01") {
            return not_migrated(place).caused_by(error);
        }
        let found = if outdated { Some(meanings::OUTDATED) } else { meaning(&error) };
        let Some((kind, code, message)) = found else { return unreachable(place).caused_by(error) };
        Error::new(kind, code, message).caused_by(error).with("database", place)
    }

    fn into_cause(self) -> sqlx::Error {
        self.0
    }
}

impl PgError {
    pub(super) fn server(&self) -> Option<&PgDatabaseError> {
        match &self.0 {
            sqlx::Error::Database(error) => error.try_downcast_ref(),
            _ => None,
        }
    }

    pub(super) fn state(&self) -> Option<&str> {
        state(&self.0)
    }

    /// Whether policies would keep rows from a statement that is to reach all of them or none.
    pub(super) fn is_kept_apart(&self) -> bool {
        let routine = self.server().and_then(PgDatabaseError::routine);
        self.state() == Some("42501") && routine == Some("check_enable_rls")
    }

    /// Whether `lock_timeout` ended the wait for a lock.
    pub(super) fn waited_too_long(&self) -> bool {
        state(&self.0) == Some(LOCKED)
    }

    /// The constraint that was violated.
    pub(super) fn constraint(&self) -> Option<&str> {
        match &self.0 {
            sqlx::Error::Database(error) => error.constraint(),
            _ => None,
        }
    }
}

const LOCKED: &str = "55P03";
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

/// States and what they mean.
const MEANINGS: &[(&[&str], Meaning)] = &[
    (&["53100"], meanings::FULL),
    (&["53200"], meanings::MEMORY),
    (&["53300"], meanings::CONNECTIONS),
    (&[SERIALIZATION, DEADLOCK, UNIQUE, LOCKED], meanings::IN_THE_WAY),
    (&["57014"], meanings::CANCELLED),
    (&["58030"], meanings::DISK),
    (&["25006"], meanings::READ_ONLY),
    (&["28000", "28P01", "3D000", "42501"], meanings::RIGHTS),
    (
        &["22021"],
        (ErrorKind::Invalid, "db/text", "a text holds a character that PostgreSQL does not store, such as NUL"),
    ),
    (&["54000", "54001", "22001"], meanings::TOO_BIG),
    (&["XX001", "XX002"], meanings::DAMAGED),
];

fn meaning_of_state(state: &str) -> Option<Meaning> {
    let known = MEANINGS.iter().find(|(states, _)| states.contains(&state)).map(|(_, meaning)| *meaning);
    let away = state.starts_with("57P") || state.starts_with("08") || state.starts_with("53");
    known.or((!away).then_some(STATEMENT))
}
