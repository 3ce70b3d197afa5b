//! What is true after a COMMIT that answered an error.

use rusqlite::{Connection, ErrorCode};

use super::super::{
    classify::{classify, commit_unknown},
    connection::Session,
};
use crate::error::Error;

/// The error for everybody in the group. Afterwards the connection is gone.
///
/// An I/O error during COMMIT leaves frames in the log that a crash could still revive. One more commit to the file
/// overwrites them: if that succeeds, nothing of the group was written and never will be; otherwise nobody knows.
pub(in super::super) fn settle(session: &mut Session, error: rusqlite::Error) -> Error {
    let path = session.options.path.clone();
    let certain = matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::DiskFull | ErrorCode::ConstraintViolation
        )
    );
    let failed = certain || session.connection().is_ok_and(|connection| overwrite(connection).is_ok());
    session.discard();
    if failed { classify(&path, error) } else { commit_unknown(&path).caused_by(error) }
}

fn overwrite(connection: &Connection) -> rusqlite::Result<()> {
    if !connection.is_autocommit() {
        connection.execute_batch("ROLLBACK")?;
    }
    connection.execute_batch("BEGIN IMMEDIATE; UPDATE bw_counter SET value = value + 1 WHERE name = 'witness'; COMMIT")
}
