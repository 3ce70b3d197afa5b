//! Reads read models, inbox marks and checkpoints.

use rusqlite::{Connection, OptionalExtension};

use super::super::{
    classify::Failure,
    readers::snapshot,
    rows::{collect, id, number, rows, tenant},
};
use crate::{
    id::MessageId,
    store::{ModelKey, ModelRow, Scan},
    version::Position,
};

/// Reads one row.
pub(in super::super) fn model(db: &Connection, key: &ModelKey) -> Result<Option<ModelRow>, Failure> {
    let sql = "SELECT revision, value FROM bw_read_model WHERE tenant = ?1 AND model = ?2 AND key = ?3";
    let params = (tenant(key.tenant.as_ref()), key.model, &key.key);
    let row =
        db.prepare_cached(sql)?.query_row(params, |row| Ok(ModelRow { revision: number(row, 0)?, value: row.get(1)? }));
    Ok(row.optional()?)
}

/// Reads rows in the byte order of their keys.
pub(in super::super) fn scan(db: &Connection, scan: &Scan) -> Result<Vec<(String, ModelRow)>, Failure> {
    let sql = "SELECT key, revision, value FROM bw_read_model
        WHERE tenant = ?1 AND model = ?2 AND key > ?3 ORDER BY key LIMIT ?4";
    let first = "SELECT key, revision, value FROM bw_read_model
        WHERE tenant = ?1 AND model = ?2 AND key >= ?3 ORDER BY key LIMIT ?4";
    let mut statement = db.prepare_cached(if scan.after.is_some() { sql } else { first })?;
    let after = scan.after.as_deref().unwrap_or_default();
    let found = statement.query((tenant(scan.tenant.as_ref()), scan.model, after, rows(scan.limit)))?;
    collect(found, |row| Ok((row.get(0)?, ModelRow { revision: number(row, 1)?, value: row.get(2)? })))
}

/// Says which messages a consumer has marked.
pub(in super::super) fn marked(db: &Connection, consumer: &str, messages: &[MessageId]) -> Result<Vec<bool>, Failure> {
    snapshot(db, |db| {
        let mut statement = db.prepare_cached("SELECT 1 FROM bw_inbox WHERE consumer = ?1 AND message = ?2")?;
        messages.iter().map(|message| Ok(statement.exists((consumer, id(message)))?)).collect()
    })
}

/// Where a checkpoint stands.
pub(in super::super) fn checkpoint(db: &Connection, name: &str) -> Result<Option<Position>, Failure> {
    let sql = "SELECT position FROM bw_checkpoint WHERE name = ?1";
    let position = db.prepare_cached(sql)?.query_row([name], |row| number(row, 0)).optional()?;
    Ok(position.map(Position::new))
}
