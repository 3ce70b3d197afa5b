//! Reads the outbox, and counts.

use rusqlite::Connection;

use super::super::{
    classify::Failure,
    rows::{collect, envelope, envelope_columns, int, number, rows},
};
use crate::store::{Counts, OutboxMessage, OutboxRow};

/// Reads outbox rows in their order.
pub(in super::super) fn outbox(db: &Connection, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Failure> {
    const SQL: &str =
        concat!("SELECT seq, topic, ", envelope_columns!(), " FROM bw_outbox WHERE seq > ?1 ORDER BY seq LIMIT ?2");
    let mut statement = db.prepare_cached(SQL)?;
    collect(statement.query((int(after), rows(limit)))?, |row| {
        let message = OutboxMessage { topic: row.get(1)?, envelope: envelope(row, 2)? };
        Ok(OutboxRow { seq: number(row, 0)?, message })
    })
}

/// Counts, in one statement.
pub(in super::super) fn counts(db: &Connection) -> Result<Counts, Failure> {
    let sql =
        "SELECT (SELECT count(*) FROM bw_event), (SELECT count(*) FROM bw_outbox), (SELECT count(*) FROM bw_dead)";
    Ok(db
        .prepare_cached(sql)?
        .query_row([], |row| Ok(Counts { events: number(row, 0)?, outbox: number(row, 1)?, dead: number(row, 2)? }))?)
}
