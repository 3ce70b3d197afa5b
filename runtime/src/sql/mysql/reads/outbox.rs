//! Reads the outbox, and counts. Numbers of the outbox, too, are in the order of the commits.

use sqlx::MySqlConnection;

use super::super::{
    super::words::{int, rows},
    classify::Failure,
    rows::{collect, envelope, envelope_columns, number, text},
};
use crate::store::{Counts, OutboxMessage, OutboxRow};

/// Reads outbox rows in their order; of a torn view, what was certain.
pub(in super::super) async fn outbox(
    db: &mut MySqlConnection,
    after: u64,
    limit: usize,
) -> Result<Vec<OutboxRow>, Failure> {
    let page = rows_after(db, after, limit).await?;
    let Some(certain) = page.last().map(|row| row.seq) else { return Ok(page) };
    if count(db, after, certain).await? <= page.len() as u64 {
        return Ok(page);
    }
    let mut page = rows_after(db, after, limit).await?;
    page.retain(|row| row.seq <= certain);
    Ok(page)
}

async fn rows_after(db: &mut MySqlConnection, after: u64, limit: usize) -> Result<Vec<OutboxRow>, Failure> {
    const SQL: &str =
        concat!("SELECT seq, topic, ", envelope_columns!(), " FROM bw_outbox WHERE seq > ? ORDER BY seq LIMIT ?");
    let found = sqlx::query(SQL).bind(int(after)).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| {
        let message = OutboxMessage { topic: text(row, 1)?, envelope: envelope(row, 2)? };
        Ok(OutboxRow { seq: number(row, 0)?, message })
    })
}

/// How many rows there are now. Their numbers have holes: only so is it seen that one was missing.
async fn count(db: &mut MySqlConnection, after: u64, last: u64) -> Result<u64, Failure> {
    let sql = "SELECT count(*) FROM bw_outbox WHERE seq > ? AND seq <= ?";
    let found = sqlx::query(sql).bind(int(after)).bind(int(last)).fetch_one(db).await?;
    number(&found, 0)
}

/// Counts, in one statement. Positions have no holes and events stay: the last position is their number.
pub(in super::super) async fn counts(db: &mut MySqlConnection) -> Result<Counts, Failure> {
    let sql = "SELECT position, (SELECT count(*) FROM bw_outbox), (SELECT count(*) FROM bw_dead) FROM bw_turn";
    let found = sqlx::query(sql).fetch_all(db).await?;
    let row = found.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Counts { events: number(row, 0)?, outbox: number(row, 1)?, dead: number(row, 2)? })
}
