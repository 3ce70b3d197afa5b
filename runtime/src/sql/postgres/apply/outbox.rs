//! Outbox rows.

use sqlx::PgConnection;

use super::{
    super::{super::words::int, classify::Failure},
    columns::Columns,
};
use crate::store::OutboxMessage;

/// Adds rows, in order.
pub(super) async fn add(db: &mut PgConnection, messages: &[OutboxMessage]) -> Result<(), Failure> {
    if messages.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO bw_outbox (topic, message, name, schema, kind, time, key, metadata, payload)
        SELECT topic, message, name, schema, kind, time, key, metadata, payload
        FROM unnest($1::text[], $2::uuid[], $3::text[], $4::int8[], $5::int2[], $6::int8[], $7::text[], $8::text[],
                $9::bytea[])
            WITH ORDINALITY AS m (topic, message, name, schema, kind, time, key, metadata, payload, no)
        ORDER BY m.no";
    let mut columns = Columns::default();
    messages.iter().try_for_each(|message| columns.push(&message.envelope))?;
    let topics: Vec<&str> = messages.iter().map(|message| message.topic.as_str()).collect();
    columns.bind(sqlx::query(sql).bind(topics)).execute(db).await?;
    Ok(())
}

/// Deletes rows.
pub(super) async fn forget(db: &mut PgConnection, published: &[u64]) -> Result<(), Failure> {
    if published.is_empty() {
        return Ok(());
    }
    let numbers: Vec<i64> = published.iter().map(|seq| int(*seq)).collect();
    sqlx::query("DELETE FROM bw_outbox WHERE seq = ANY ($1)").bind(numbers).execute(db).await?;
    Ok(())
}
