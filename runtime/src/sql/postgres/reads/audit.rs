//! Reads audit rows and dead letters.

use std::time::Duration;

use sqlx::{PgConnection, Row, postgres::PgRow};

use super::super::{
    super::words::{int, rows, source, state, tenant, unknown},
    classify::Failure,
    rows::{collect, envelope, envelope_columns, message, metadata, number, optional_message, small, time, word},
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
pub(in super::super) async fn command(db: &mut PgConnection, run: MessageId) -> Result<Option<CommandRecord>, Failure> {
    let query = sqlx::query(concat!(command_columns!(), "WHERE id = $1")).bind(*run.as_uuid());
    query.fetch_optional(db).await?.as_ref().map(record).transpose()
}

/// Reads audit rows, newest first.
pub(in super::super) async fn commands(
    db: &mut PgConnection,
    wanted: &CommandQuery,
) -> Result<Vec<CommandRecord>, Failure> {
    const SQL: &str = concat!(
        command_columns!(),
        "WHERE ($1::text IS NULL OR tenant = $1) AND ($2::text IS NULL OR name = $2) AND ($3::text IS NULL OR actor = $3)
            AND ($4::text IS NULL OR outcome = $4) AND ($5::bigint IS NULL OR started_at >= $5)
            AND ($6::bigint IS NULL OR started_at < $6)
            AND ($7::uuid IS NULL OR no < (SELECT no FROM bw_command WHERE id = $7)) ORDER BY no DESC LIMIT $8"
    );
    let query = sqlx::query(SQL)
        .bind(wanted.tenant.as_ref().map(|wanted| tenant(wanted.as_ref())))
        .bind(wanted.name.as_deref())
        .bind(wanted.actor.as_deref())
        .bind(wanted.outcome.map(CommandOutcome::as_str))
        .bind(wanted.since.map(|time| time.as_micros()))
        .bind(wanted.until.map(|time| time.as_micros()))
        .bind(wanted.before.map(|run| *run.as_uuid()))
        .bind(rows(wanted.limit));
    collect(&query.fetch_all(db).await?, record)
}

fn record(row: &PgRow) -> Result<CommandRecord, Failure> {
    let outcome: &str = row.try_get(4)?;
    let undo: Option<String> = row.try_get(8)?;
    Ok(CommandRecord {
        id: message(row, 0)?,
        name: row.try_get(1)?,
        metadata: metadata(row, 2)?,
        input: row.try_get(3)?,
        outcome: CommandOutcome::parse(outcome).ok_or_else(|| unknown("outcome", outcome))?,
        error: row.try_get(5)?,
        started_at: time(row, 6)?,
        duration: Duration::from_micros(number(row, 7)?),
        undo: undo.zip(row.try_get(9)?),
        undo_of: optional_message(row, 10)?,
        undone_by: optional_message(row, 11)?,
    })
}

/// Reads dead letters in the order of parking.
pub(in super::super) async fn dead_letters(
    db: &mut PgConnection,
    after: u64,
    limit: usize,
) -> Result<Vec<DeadLetter>, Failure> {
    const SQL: &str = concat!(
        "SELECT no, source, consumer, state, topic, attempts, code, error, parked_at, ",
        envelope_columns!(),
        " FROM bw_dead WHERE no > $1 ORDER BY no LIMIT $2"
    );
    let query = sqlx::query(SQL).bind(int(after)).bind(rows(limit));
    collect(&query.fetch_all(db).await?, letter)
}

fn letter(row: &PgRow) -> Result<DeadLetter, Failure> {
    Ok(DeadLetter {
        no: number(row, 0)?,
        source: source(word(row, 1)?, row.try_get(2)?)?,
        state: state(word(row, 3)?)?,
        message: OutboxMessage { topic: row.try_get(4)?, envelope: envelope(row, 9)? },
        attempts: small(row, 5)?,
        code: row.try_get(6)?,
        error: row.try_get(7)?,
        parked_at: time(row, 8)?,
    })
}
