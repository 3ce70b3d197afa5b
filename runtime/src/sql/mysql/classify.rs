//! What an error of MySQL or MariaDB means to the caller.

use sqlx::mysql::MySqlDatabaseError;

use super::super::server::{
    self, Meaning, STATEMENT, ServerError, is_cut, meanings, not_migrated, of_driver, unreachable,
};
use crate::error::{Error, ErrorKind};

/// Why a piece of work did not succeed.
pub(super) type Failure = server::Failure<MySqlError>;

/// An error of the driver.
#[derive(Debug)]
pub(super) struct MySqlError(sqlx::Error);

impl From<sqlx::Error> for MySqlError {
    fn from(error: sqlx::Error) -> Self {
        Self(error)
    }
}

impl ServerError for MySqlError {
    fn is_lost(&self) -> bool {
        is_cut(&self.0) || self.number().is_some_and(|number| GOES.contains(&number))
    }

    fn breaks(&self) -> bool {
        self.number().is_none() || self.is_lost()
    }

    fn is_race(&self) -> bool {
        matches!(self.number(), Some(DEADLOCK | CHANGED)) || self.violates("bw_event_version")
    }

    fn is_exhausted(&self) -> bool {
        self.number().is_some_and(|number| EXHAUSTED.contains(&number))
    }

    fn is_outdated(&self) -> bool {
        matches!(self.number(), Some(REPREPARE | NO_STATEMENT))
    }

    fn classify(self, place: &str) -> Error {
        if self.number() == Some(NO_TABLE) {
            return not_migrated(place).caused_by(self.0);
        }
        let found = match self.number() {
            Some(number) => meaning_of(number),
            None => of_driver(&self.0),
        };
        let Some((kind, code, message)) = found else { return unreachable(place).caused_by(self.0) };
        Error::new(kind, code, message).caused_by(self.0).with("database", place)
    }

    fn into_cause(self) -> sqlx::Error {
        self.0
    }
}

impl MySqlError {
    pub(super) fn server(&self) -> Option<&MySqlDatabaseError> {
        match &self.0 {
            sqlx::Error::Database(error) => error.try_downcast_ref(),
            _ => None,
        }
    }

    pub(super) fn number(&self) -> Option<u16> {
        self.server().map(MySqlDatabaseError::number)
    }

    /// Whether a row was refused by a unique key.
    pub(super) fn is_duplicate(&self) -> bool {
        self.number() == Some(DUPLICATE)
    }

    /// Whether this key refused a row. The message ends with its name, in some versions after the table's.
    pub(super) fn violates(&self, key: &str) -> bool {
        let named = |error: &MySqlDatabaseError| error.message().trim_end_matches('\'').ends_with(key);
        self.is_duplicate() && self.server().is_some_and(named)
    }

    /// Whether the transaction was rolled back, because others were in its way.
    pub(super) fn is_deadlock(&self) -> bool {
        matches!(self.number(), Some(DEADLOCK | CHANGED))
    }

    /// Whether another transaction held a lock for too long.
    pub(super) fn waited(&self) -> bool {
        self.number() == Some(LOCK_WAIT)
    }
}

const DUPLICATE: u16 = 1062;
const NO_TABLE: u16 = 1146;
const LOCK_WAIT: u16 = 1205;
/// A row is locked, and nobody wanted to wait.
const LOCKED: u16 = 3572;
const DEADLOCK: u16 = 1213;
/// The tables have changed too often while a statement was prepared, or the server has forgotten it.
const REPREPARE: u16 = 1615;
const NO_STATEMENT: u16 = 1243;
/// A row has changed since it was last read.
const CHANGED: u16 = 1020;
/// The server shuts down, has ended the session, or cannot hear it.
const GOES: &[u16] = &[1053, 1080, 1152, 1158, 1159, 1160, 1161, 1927, 2006, 2013, 3169, 4031];

/// The server has no disk, no memory or no connection left.
const EXHAUSTED: &[u16] = &[1021, 1037, 1038, 1040, 1041, 1203, 1226];

/// Numbers and what they mean.
const MEANINGS: &[(&[u16], Meaning)] = &[
    (&[1021, 1114], meanings::FULL),
    (&[1037, 1038, 1041], meanings::MEMORY),
    (&[1040, 1203, 1226], meanings::CONNECTIONS),
    (&[LOCK_WAIT, LOCKED, DEADLOCK, CHANGED, DUPLICATE], meanings::IN_THE_WAY),
    (&[1317, 1969, 3024], meanings::CANCELLED),
    (&[REPREPARE, NO_STATEMENT], meanings::OUTDATED),
    (&[1030], meanings::DISK),
    (&[1290, 1792, 1836], meanings::READ_ONLY),
    (&[1044, 1045, 1046, 1049, 1130, 1142, 1143, 1227, 1698, 1820], meanings::RIGHTS),
    // Triggers keep the log append-only.
    (
        &[1419],
        (
            ErrorKind::Config,
            "db/open",
            "the server keeps a binary log and lets this user make no triggers: set log_bin_trust_function_creators = 1, \
             or migrate once as a user with SUPER",
        ),
    ),
    (
        &[1665],
        (ErrorKind::Config, "db/config", "the server's binary log takes no rows; set binlog_format to ROW or MIXED"),
    ),
    (&[1153, 1264, 1301, 1406], meanings::TOO_BIG),
    (&[1034, 1194, 1195, 1712, 1817], meanings::DAMAGED),
];

fn meaning_of(number: u16) -> Option<Meaning> {
    let known = MEANINGS.iter().find(|(numbers, _)| numbers.contains(&number)).map(|(_, meaning)| *meaning);
    known.or((!GOES.contains(&number)).then_some(STATEMENT))
}
