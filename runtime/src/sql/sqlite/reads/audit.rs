//! Reads audit rows and dead letters.

use std::time::Duration;

use rusqlite::{Connection, Row};

use super::super::{
    super::words::{source, state},
    classify::Failure,
    rows::{
        collect, envelope, envelope_columns, id, int, message, metadata, number, optional_message, rows, tenant, time,
        unknown,
    },
};
use crate::{
    id::MessageId,
    store::{CommandOutcome, CommandQuery, CommandRecord, DeadLetter, OutboxMessage},
};

macro_rules! command_columns {
    () => {
        "SELECT id, name, metadata, input, outcome, error, started_at, duration,
            undo_command, undo_output, undo_of, undone_by FROM bw_command "
    };
}

/// Reads the audit row of one run.
pub(in super::super) fn command(db: &Connection, run: &MessageId) -> Result<Option<CommandRecord>, Failure> {
    let mut statement = db.prepare_cached(concat!(command_columns!(), "WHERE id = ?1"))?;
    Ok(collect(statement.query([id(run)])?, record)?.pop())
}

/// Reads audit rows, newest first.
pub(in super::super) fn commands(db: &Connection, query: &CommandQuery) -> Result<Vec<CommandRecord>, Failure> {
    const SQL: &str = concat!(
        command_columns!(),
        "WHERE (?1 IS NULL OR tenant = ?1) AND (?2 IS NULL OR name = ?2) AND (?3 IS NULL OR actor = ?3)
            AND (?4 IS NULL OR outcome = ?4) AND (?5 IS NULL OR started_at >= ?5) AND (?6 IS NULL OR started_at < ?6)
            AND (?7 IS NULL OR no < (SELECT no FROM bw_command WHERE id = ?7)) ORDER BY no DESC LIMIT ?8"
    );
    let params = (
        query.tenant.as_ref().map(|wanted| tenant(wanted.as_ref())),
        query.name.as_deref(),
        query.actor.as_deref(),
        query.outcome.map(CommandOutcome::as_str),
        query.since.map(|time| time.as_micros()),
        query.until.map(|time| time.as_micros()),
        query.before.as_ref().map(id),
        rows(query.limit),
    );
    collect(db.prepare_cached(SQL)?.query(params)?, record)
}

fn record(row: &Row<'_>) -> Result<CommandRecord, Failure> {
    let outcome: String = row.get(4)?;
    let undo: Option<String> = row.get(8)?;
    Ok(CommandRecord {
        id: message(row, 0)?,
        name: row.get(1)?,
        metadata: metadata(row, 2)?,
        input: row.get(3)?,
        outcome: CommandOutcome::parse(&outcome).ok_or_else(|| unknown("outcome", outcome))?,
        error: row.get(5)?,
        started_at: time(row, 6)?,
        duration: Duration::from_micros(number(row, 7)?),
        undo: undo.zip(row.get(9)?),
        undo_of: optional_message(row, 10)?,
        undone_by: optional_message(row, 11)?,
    })
}

/// Reads dead letters in the order of parking.
pub(in super::super) fn dead_letters(db: &Connection, after: u64, limit: usize) -> Result<Vec<DeadLetter>, Failure> {
    const SQL: &str = concat!(
        "SELECT no, source, consumer, state, topic, attempts, code, error, parked_at, ",
        envelope_columns!(),
        " FROM bw_dead WHERE no > ?1 ORDER BY no LIMIT ?2"
    );
    let mut statement = db.prepare_cached(SQL)?;
    collect(statement.query((int(after), rows(limit)))?, letter)
}

fn letter(row: &Row<'_>) -> Result<DeadLetter, Failure> {
    Ok(DeadLetter {
        no: number(row, 0)?,
        source: source(row.get(1)?, row.get(2)?)?,
        state: state(row.get(3)?)?,
        message: OutboxMessage { topic: row.get(4)?, envelope: envelope(row, 9)? },
        attempts: row.get(5)?,
        code: row.get(6)?,
        error: row.get(7)?,
        parked_at: time(row, 8)?,
    })
}
