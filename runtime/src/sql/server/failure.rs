//! Why a piece of work did not succeed, whatever the server.

use std::fmt;

use crate::error::{Error, ErrorKind};

/// An error of the driver, with what it means.
pub(in super::super) trait ServerError: From<sqlx::Error> + fmt::Debug + Send {
    /// The connection is gone, or the server says that it goes.
    fn is_lost(&self) -> bool;

    /// The connection is of no more use. An answer that could not be read leaves it in doubt, too.
    fn breaks(&self) -> bool;

    /// Another transaction was faster, and the same work may succeed at once.
    fn is_race(&self) -> bool;

    /// The server has no room for work: no connection, no memory, no disk.
    fn is_exhausted(&self) -> bool;

    /// A prepared statement is of tables as they were once; nothing was done, and prepared anew it is right.
    fn is_outdated(&self) -> bool;

    /// The error for the caller, with the place of the database.
    fn classify(self, place: &str) -> Error;

    /// The driver's own error.
    fn into_cause(self) -> sqlx::Error;
}

/// Why a piece of work did not succeed.
#[derive(Debug)]
pub(in super::super) enum Failure<E> {
    /// The work itself was refused; the connection is well.
    Own(Error),
    /// The server or the connection answered an error; the transaction is not committed.
    Sql(E),
    /// The answer to COMMIT was lost.
    InDoubt(E),
}

impl<E> From<Error> for Failure<E> {
    fn from(error: Error) -> Self {
        Self::Own(error)
    }
}

impl<E: ServerError> From<sqlx::Error> for Failure<E> {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error.into())
    }
}

impl<E: ServerError> Failure<E> {
    /// The error for the caller.
    pub(in super::super) fn into_error(self, place: &str) -> Error {
        match self {
            Self::Own(error) => error,
            Self::Sql(error) => error.classify(place),
            doubt @ Self::InDoubt(_) => doubt.into_unknown(place),
        }
    }

    /// The error for the caller of a commit that may have happened all the same.
    pub(in super::super) fn into_unknown(self, place: &str) -> Error {
        match self {
            Self::Own(error) => commit_unknown(place).caused_by(error),
            Self::Sql(error) | Self::InDoubt(error) => commit_unknown(place).caused_by(error.into_cause()),
        }
    }

    /// The failure of a statement that commits.
    pub(in super::super) fn of_commit(error: sqlx::Error) -> Self {
        let error = E::from(error);
        if error.is_lost() { Self::InDoubt(error) } else { Self::Sql(error) }
    }

    /// The error of a server from which nothing comes.
    pub(in super::super) fn silence() -> E {
        sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()).into()
    }

    /// The failure of work that may be done twice.
    pub(in super::super) fn of_a_read(self) -> Self {
        match self {
            Self::InDoubt(error) => Self::Sql(error),
            failure => failure,
        }
    }

    /// Whether the same work may succeed at once: it lost a race for a key, a row or a lock.
    pub(in super::super) fn lost_a_race(&self) -> bool {
        matches!(self, Self::Sql(error) if error.is_race())
    }

    /// Whether the connection is of no more use.
    pub(in super::super) fn breaks(&self) -> bool {
        match self {
            Self::Sql(error) => error.breaks(),
            Self::InDoubt(_) => true,
            Self::Own(_) => false,
        }
    }

    /// Whether the tables have changed since the statement was prepared, and nothing was done.
    pub(in super::super) fn is_outdated(&self) -> bool {
        matches!(self, Self::Sql(error) if error.is_outdated())
    }

    /// Whether the server is what is wrong, and not what it was asked.
    pub(super) fn is_of_the_server(&self) -> bool {
        match self {
            Self::Own(_) => false,
            Self::InDoubt(_) => true,
            Self::Sql(error) => error.is_lost() || error.is_exhausted(),
        }
    }

    /// Whether the connection was lost, perhaps long ago.
    pub(in super::super) fn is_lost(&self) -> bool {
        matches!(self, Self::Sql(error) | Self::InDoubt(error) if error.is_lost())
    }
}

/// The tables are not there, or older than the program.
pub(in super::super) fn not_migrated(place: &str) -> Error {
    let message = "the database has not the tables of this program yet; call `.migrate()` before using the store";
    Error::new(ErrorKind::Config, "sql/not_migrated", message).with("database", place)
}

/// The tables are newer than the program.
pub(in super::super) fn schema_ahead(database: i64, program: i64) -> Error {
    let message = "the database was made by a newer version of this program; start that one, or restore a backup";
    Error::new(ErrorKind::Config, "sql/schema_ahead", message).with("database", database).with("program", program)
}

/// A commit whose outcome nobody knows.
pub(in super::super) fn commit_unknown(place: &str) -> Error {
    let message = "it is not known whether the commit happened; repeat it only under the same message ids";
    Error::new(ErrorKind::UnknownOutcome, "db/commit_unknown", message).with("database", place)
}

/// More work is waiting than the store takes.
pub(super) fn overloaded(place: &str) -> Error {
    let message = "too many calls are waiting for the database and nothing was written; try again with fewer at once";
    Error::new(ErrorKind::Transient, "db/busy", message).with("database", place)
}

/// All connections were in use for too long.
pub(super) fn pool_timeout(place: &str) -> Error {
    let message =
        "all connections were in use for too long and nothing was sent; end units of work early, or raise `readers`";
    Error::new(ErrorKind::Transient, "db/pool_timeout", message).with("database", place)
}

pub(super) const UNREACHABLE: &str = "db/unavailable";

/// No connection could be had in time.
pub(in super::super) fn unreachable(place: &str) -> Error {
    let message = "the database does not answer and nothing was written; try again";
    Error::new(ErrorKind::Transient, UNREACHABLE, message).with("database", place)
}

/// A transaction that is not there any more.
pub(super) fn dead(place: &str) -> Error {
    let message = "the transaction has ended by itself, or an answer of it was not waited for; begin another";
    Error::new(ErrorKind::Transient, "unit/dead", message).with("database", place)
}

/// A transaction that has no snapshot.
pub(super) fn unsteady() -> Error {
    let message = "the unit of work sees what others commit meanwhile, so it has no snapshot: begin it with `Isolation::\
                   RepeatableRead`, or read in chunks";
    Error::new(ErrorKind::Invalid, "db/streams", message)
}
