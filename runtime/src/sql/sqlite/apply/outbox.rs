//! Outbox rows.

use rusqlite::Connection;

use super::super::{
    classify::Failure,
    rows::{JsonText, id, int, kind_number},
};
use crate::store::OutboxMessage;

/// Adds rows, in order.
pub(super) fn add(db: &Connection, messages: &[OutboxMessage]) -> Result<(), Failure> {
    for message in messages {
        let sql = "INSERT INTO bw_outbox (topic, message, name, schema, kind, time, key, metadata, payload)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        let envelope = &message.envelope;
        let row = (
            &message.topic,
            id(&envelope.id),
            &*envelope.name,
            envelope.version,
            kind_number(envelope.kind),
            envelope.time.as_micros(),
            envelope.key.as_deref(),
            JsonText::metadata(&envelope.metadata)?,
            &*envelope.payload,
        );
        db.prepare_cached(sql)?.execute(row)?;
    }
    Ok(())
}

/// Deletes rows; a run of neighbours goes with one statement.
pub(super) fn forget(db: &Connection, published: &[u64]) -> Result<(), Failure> {
    let neighbours = |left: &u64, right: &u64| left.checked_add(1) == Some(*right);
    for run in published.chunk_by(neighbours) {
        if let (Some(first), Some(last)) = (run.first(), run.last()) {
            let sql = "DELETE FROM bw_outbox WHERE seq BETWEEN ?1 AND ?2";
            db.prepare_cached(sql)?.execute((int(*first), int(*last)))?;
        }
    }
    Ok(())
}
