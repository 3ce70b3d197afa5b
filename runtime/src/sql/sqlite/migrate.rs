//! Brings the tables up to this program's, one file after the other.

use std::path::Path;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::{
    classify::{classify, not_migrated},
    connection::{PATIENCE, Session, with_patience},
};
use crate::{
    clock::Clock,
    error::{Error, ErrorKind},
};

/// The files, in order; the version of each is its place, from 1. A file that was released is never changed.
const STEPS: &[(&str, &str)] = &[("0001_init", include_str!("schema/0001_init.sql"))];

const LATEST: u32 = STEPS.len() as u32;

/// Applies what is missing. Several processes may do this at once: one works, the others wait up to 30 s.
pub(super) fn migrate(session: &mut Session) -> Result<(), Error> {
    let path = session.options.path.clone();
    let connection = session.connection()?;
    loop {
        let version = with_patience(PATIENCE, || step(connection)).map_err(|error| classify(&path, error))?;
        ahead(version, &path)?;
        if version == LATEST {
            return Ok(());
        }
    }
}

/// Applies the next file in a transaction of its own and answers the version after it.
fn step(connection: &mut Connection) -> rusqlite::Result<u32> {
    let done = version(connection)?.unwrap_or(0);
    if done >= LATEST {
        return Ok(done);
    }
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "CREATE TABLE IF NOT EXISTS bw_schema (version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT",
    )?;
    let done = version(&transaction)?.unwrap_or(0);
    let Some((name, sql)) = STEPS.get(done as usize) else { return Ok(done) };
    transaction.execute_batch(sql)?;
    let insert = "INSERT INTO bw_schema (version, name, applied_at) VALUES (?1, ?2, ?3)";
    transaction.execute(insert, (done + 1, name, Clock::system().now().as_micros()))?;
    transaction.commit()?;
    Ok(done + 1)
}

/// The version of the tables; `None` in a database that was never migrated.
fn version(connection: &Connection) -> rusqlite::Result<Option<u32>> {
    let there = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'bw_schema'";
    if connection.query_row(there, [], |_| Ok(())).optional()?.is_none() {
        return Ok(None);
    }
    connection.query_row("SELECT max(version) FROM bw_schema", [], |row| row.get(0))
}

/// Refuses a database whose tables are not this program's.
pub(super) fn check(connection: &Connection, path: &Path) -> Result<(), Error> {
    let version = version(connection).map_err(|error| classify(path, error))?.unwrap_or(0);
    ahead(version, path)?;
    if version < LATEST { Err(not_migrated(path)) } else { Ok(()) }
}

fn ahead(version: u32, path: &Path) -> Result<(), Error> {
    if version <= LATEST {
        return Ok(());
    }
    let message = "the database was made by a newer version of this program; start that one, or restore a backup";
    Err(Error::new(ErrorKind::Config, "sql/schema_ahead", message)
        .with("file", path.display())
        .with("database", version)
        .with("program", LATEST))
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::STEPS;

    const APPEND: &str =
        "INSERT INTO bw_event (tenant, category, stream, version, message, name, schema, kind, time, payload, checksum)
        SELECT '', 'room', ?1, 1, randomblob(16), 'booked', 1, 0, 0, x'7b7d', 0";

    /// What is in doubt is the highest one: without it, its position would be the next again.
    #[test]
    fn no_event_is_deleted_or_moved_so_that_no_position_comes_twice() {
        let database = Connection::open_in_memory().unwrap();
        database.pragma_update(None, "recursive_triggers", true).unwrap(); // as every connection of ours
        STEPS.iter().for_each(|(_, sql)| database.execute_batch(sql).unwrap());
        let append = |stream: &str| {
            database.execute(APPEND, [stream]).unwrap();
            database.last_insert_rowid()
        };
        assert_eq!((append("a"), append("b")), (1, 2));
        let changes = [
            "DELETE FROM bw_event WHERE position = 2",
            "DELETE FROM bw_event",
            "UPDATE bw_event SET position = 0 WHERE position = 2",
            "UPDATE OR REPLACE bw_event SET position = 1 WHERE position = 2",
            "INSERT OR REPLACE INTO bw_event SELECT * FROM bw_event WHERE position = 2",
        ];
        for sql in changes {
            let refused = database.execute_batch(sql).unwrap_err().to_string();
            assert!(refused.contains("append-only"), "{sql}: {refused}");
        }
        database.execute_batch("BEGIN; SAVEPOINT bw_job").unwrap();
        append("c");
        database.execute_batch("ROLLBACK TO bw_job; COMMIT").unwrap();
        assert_eq!(append("c"), 3, "nobody has seen the one that was rolled back");
    }
}
