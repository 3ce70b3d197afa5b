//! Reads the outbox, and counts.

use sqlx::{PgConnection, Row};

use super::super::{
    super::words::{int, rows},
    classify::Failure,
    rows::{collect, envelope, envelope_columns, number},
};
use crate::store::{Counts, OutboxMessage, OutboxRow};

/// Reads outbox rows in their order.
pub(in super::super) async fn outbox(
    db: &mut PgConnection,
    after: u64,
    limit: usize,
) -> Result<Vec<OutboxRow>, Failure> {
    const SQL: &str =
        concat!("SELECT seq, topic, ", envelope_columns!(), " FROM bw_outbox WHERE seq > $1 ORDER BY seq LIMIT $2");
    let found = sqlx::query(SQL).bind(int(after)).bind(rows(limit)).fetch_all(db).await?;
    collect(&found, |row| {
        let message = OutboxMessage { topic: row.try_get(1)?, envelope: envelope(row, 2)? };
        Ok(OutboxRow { seq: number(row, 0)?, message })
    })
}

/// Counts, in one statement.
pub(in super::super) async fn counts(db: &mut PgConnection) -> Result<Counts, Failure> {
    let sql =
        "SELECT (SELECT count(*) FROM bw_event), (SELECT count(*) FROM bw_outbox), (SELECT count(*) FROM bw_dead)";
    let row = sqlx::query(sql).fetch_one(db).await?;
    Ok(Counts { events: number(&row, 0)?, outbox: number(&row, 1)?, dead: number(&row, 2)? })
}
