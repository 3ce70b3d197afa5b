//! Reads the outbox, and counts.

use sqlx::MySqlConnection;

use super::super::{
    super::words::{int, rows},
    classify::Failure,
    rows::{collect, envelope, envelope_columns, number, text},
};
use crate::store::{Counts, OutboxMessage, OutboxRow};

/// Reads outbox rows in their order.
pub(in super::super) async fn outbox(
    db: &mut MySqlConnection,
    after: u64,
    limit: usize,
) -> Result<Vec<OutboxRow>, Failure> {
    const SQL: &str =
        concat!("SELECT seq, topic, ", envelope_columns!(), " FROM bw_outbox WHERE seq > ? ORDER BY seq LIMIT ?");
    let found = sqlx::query(SQL).bind(int(after)).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| {
        let message = OutboxMessage { topic: text(row, 1)?, envelope: envelope(row, 2)? };
        Ok(OutboxRow { seq: number(row, 0)?, message })
    })
}

/// Counts, in one statement. Positions have no holes and events stay: the last position is their number.
pub(in super::super) async fn counts(db: &mut MySqlConnection) -> Result<Counts, Failure> {
    let sql = "SELECT position, (SELECT count(*) FROM bw_outbox), (SELECT count(*) FROM bw_dead) FROM bw_turn";
    let found = sqlx::query(sql).fetch_all(db).await?;
    let row = found.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Counts { events: number(row, 0)?, outbox: number(row, 1)?, dead: number(row, 2)? })
}
