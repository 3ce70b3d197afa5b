//! Reads read models, inbox marks, checkpoints and leases.

use rusqlite::{Connection, OptionalExtension};

use super::super::{
    classify::Failure,
    readers::snapshot,
    rows::{collect, generation, id, number, place, rows, tenant, told},
};
use crate::{
    id::MessageId,
    store::{ModelKey, ModelRow, Scan},
    version::Position,
};

/// Reads one row.
pub(in super::super) fn model(db: &Connection, key: &ModelKey) -> Result<Option<ModelRow>, Failure> {
    const SQL: &str = concat!("SELECT ", told!(), ", value FROM bw_read_model WHERE ", place!());
    let (owner, no) = generation(key.generation.as_ref());
    let params = (key.model, no, tenant(key.tenant.as_ref()), &key.key, owner);
    let row =
        db.prepare_cached(SQL)?.query_row(params, |row| Ok(ModelRow { revision: number(row, 0)?, value: row.get(1)? }));
    Ok(row.optional()?)
}

/// Reads rows in the byte order of their keys.
pub(in super::super) fn scan(db: &Connection, scan: &Scan) -> Result<Vec<(String, ModelRow)>, Failure> {
    macro_rules! sql {
        ($after:literal) => {
            concat!(
                "SELECT key, ",
                told!(),
                ", value FROM bw_read_model
                WHERE model = ?1 AND generation = coalesce((SELECT live FROM bw_model WHERE model = ?1), 0)
                AND tenant = ?2 AND key ",
                $after,
                " ?3 ORDER BY key LIMIT ?4"
            )
        };
    }
    let mut statement = db.prepare_cached(if scan.after.is_some() { sql!(">") } else { sql!(">=") })?;
    let after = scan.after.as_deref().unwrap_or_default();
    let found = statement.query((scan.model, tenant(scan.tenant.as_ref()), after, rows(scan.limit)))?;
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

/// The position of the newest event.
pub(in super::super) fn head(db: &Connection) -> Result<Position, Failure> {
    let sql = "SELECT coalesce(max(position), 0) FROM bw_event";
    Ok(Position::new(db.prepare_cached(sql)?.query_row([], |row| number(row, 0))?))
}

/// Who holds a lease.
pub(in super::super) fn holder(db: &Connection, resource: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT holder FROM bw_lease WHERE resource = ?1 AND holder IS NOT NULL AND expires > CAST(unixepoch('subsec') * 1000000 AS INTEGER)";
    Ok(db.prepare_cached(sql)?.query_row([resource], |row| row.get(0)).optional()?)
}
