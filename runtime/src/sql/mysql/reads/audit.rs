//! Reads audit rows and dead letters.

use std::time::Duration;

use sqlx::{MySqlConnection, mysql::MySqlRow};

use super::super::{
    super::words::{int, rows, source, state, tenant, unknown},
    classify::Failure,
    rows::{
        collect, envelope, envelope_columns, id, message, metadata, number, optional_message, optional_text, small,
        text, time, word,
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
pub(in super::super) async fn command(
    db: &mut MySqlConnection,
    run: MessageId,
) -> Result<Option<CommandRecord>, Failure> {
    let query = sqlx::query(concat!(command_columns!(), "WHERE id = ?")).bind(id(&run));
    query.fetch_all(db).await?.first().map(record).transpose()
}

/// Reads audit rows, newest first.
pub(in super::super) async fn commands(
    db: &mut MySqlConnection,
    wanted: &CommandQuery,
) -> Result<Vec<CommandRecord>, Failure> {
    const SQL: &str = concat!(
        command_columns!(),
        "WHERE (? IS NULL OR tenant = ?) AND (? IS NULL OR name = ?) AND (? IS NULL OR actor = ?)
            AND (? IS NULL OR outcome = ?) AND (? IS NULL OR started_at >= ?) AND (? IS NULL OR started_at < ?)
            AND (? IS NULL OR no < (SELECT own.no FROM bw_command own WHERE own.id = ?)) ORDER BY no DESC LIMIT ?"
    );
    let texts = [
        wanted.tenant.as_ref().map(|wanted| tenant(wanted.as_ref())),
        wanted.name.as_deref(),
        wanted.actor.as_deref(),
        wanted.outcome.map(CommandOutcome::as_str),
    ];
    let mut query = sqlx::query(SQL);
    for text in texts.map(|text| text.map(str::as_bytes)) {
        query = query.bind(text).bind(text);
    }
    for time in [wanted.since, wanted.until].map(|time| time.map(|time| time.as_micros())) {
        query = query.bind(time).bind(time);
    }
    let before = wanted.before.as_ref().map(id);
    let query = query.bind(before).bind(before).bind(rows(wanted.limit));
    collect(&query.fetch_all(db).await?, record)
}

fn record(row: &MySqlRow) -> Result<CommandRecord, Failure> {
    let outcome = text(row, 4)?;
    Ok(CommandRecord {
        id: message(row, 0)?,
        name: text(row, 1)?,
        metadata: metadata(row, 2)?,
        input: text(row, 3)?,
        outcome: CommandOutcome::parse(&outcome).ok_or_else(|| unknown("outcome", &outcome))?,
        error: optional_text(row, 5)?,
        started_at: time(row, 6)?,
        duration: Duration::from_micros(number(row, 7)?),
        undo: optional_text(row, 8)?.zip(optional_text(row, 9)?),
        undo_of: optional_message(row, 10)?,
        undone_by: optional_message(row, 11)?,
    })
}

/// Reads dead letters in the order of parking.
pub(in super::super) async fn dead_letters(
    db: &mut MySqlConnection,
    after: u64,
    limit: usize,
) -> Result<Vec<DeadLetter>, Failure> {
    const SQL: &str = concat!(
        "SELECT no, source, consumer, state, topic, attempts, code, error, parked_at, ",
        envelope_columns!(),
        " FROM bw_dead WHERE no > ? ORDER BY no LIMIT ?"
    );
    let query = sqlx::query(SQL).bind(int(after)).bind(rows(limit));
    collect(&query.fetch_all(db).await?, letter)
}

fn letter(row: &MySqlRow) -> Result<DeadLetter, Failure> {
    Ok(DeadLetter {
        no: number(row, 0)?,
        source: source(word(row, 1)?, text(row, 2)?)?,
        state: state(word(row, 3)?)?,
        message: OutboxMessage { topic: text(row, 4)?, envelope: envelope(row, 9)? },
        attempts: small(row, 5)?,
        code: text(row, 6)?,
        error: text(row, 7)?,
        parked_at: time(row, 8)?,
    })
}
