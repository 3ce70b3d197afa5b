//! Reads read models, inbox marks, checkpoints and leases.

use std::collections::HashSet;

use sqlx::{MySqlConnection, Row};

use super::super::{
    super::words::{generation, rows, tenant},
    classify::Failure,
    rows::{collect, id, message, number, text},
    shapes::{lists, padded, repeat},
};
use crate::{
    id::MessageId,
    store::{ModelKey, ModelRow, Scan},
    version::Position,
};

/// Reads one row.
pub(in super::super) async fn model(db: &mut MySqlConnection, key: &ModelKey) -> Result<Option<ModelRow>, Failure> {
    let sql = "SELECT revision, value FROM bw_read_model WHERE tenant = ? AND `key` = ? AND model = ?
        AND generation = coalesce((SELECT CASE WHEN owner = ? THEN ? ELSE live END FROM bw_model WHERE model = ?), 0)";
    let query = sqlx::query(sql).bind(tenant(key.tenant.as_ref()).as_bytes()).bind(key.key.as_bytes());
    let (owner, no) = generation(key.generation.as_ref());
    let query = query.bind(key.model.as_bytes()).bind(owner.map(str::as_bytes)).bind(no).bind(key.model.as_bytes());
    let found = query.fetch_all(db).await?;
    found.first().map(|row| Ok(ModelRow { revision: number(row, 0)?, value: row.try_get(1)? })).transpose()
}

/// Reads rows in the byte order of their keys.
pub(in super::super) async fn scan(db: &mut MySqlConnection, scan: &Scan) -> Result<Vec<(String, ModelRow)>, Failure> {
    let after = "SELECT `key`, revision, value FROM bw_read_model
        WHERE model = ? AND generation = coalesce((SELECT live FROM bw_model WHERE model = ?), 0)
            AND tenant = ? AND `key` > ? ORDER BY `key` LIMIT ?";
    let first = "SELECT `key`, revision, value FROM bw_read_model
        WHERE model = ? AND generation = coalesce((SELECT live FROM bw_model WHERE model = ?), 0)
            AND tenant = ? AND `key` >= ? ORDER BY `key` LIMIT ?";
    let query = sqlx::query(if scan.after.is_some() { after } else { first });
    let query = query.bind(scan.model.as_bytes()).bind(scan.model.as_bytes());
    let query = query.bind(tenant(scan.tenant.as_ref()).as_bytes());
    let query = query.bind(scan.after.as_deref().unwrap_or_default().as_bytes()).bind(rows(scan.limit));
    collect(&query.fetch_all(db).await?, |row| {
        Ok((text(row, 0)?, ModelRow { revision: number(row, 1)?, value: row.try_get(2)? }))
    })
}

/// Says which messages a consumer has marked.
pub(in super::super) async fn marked(
    db: &mut MySqlConnection,
    consumer: &str,
    messages: &[MessageId],
) -> Result<Vec<bool>, Failure> {
    let mut marked = HashSet::new();
    for (places, asked) in lists(messages) {
        let query = repeat("SELECT message FROM bw_inbox WHERE consumer = ? AND message IN (", "?", places, ")");
        let query = query.bind(consumer.as_bytes());
        let query = padded(asked, places).fold(query, |query, asked| query.bind(id(asked)));
        for row in &query.fetch_all(&mut *db).await? {
            marked.insert(message(row, 0)?);
        }
    }
    Ok(messages.iter().map(|message| marked.contains(message)).collect())
}

/// Where a checkpoint stands.
pub(in super::super) async fn checkpoint(db: &mut MySqlConnection, name: &str) -> Result<Option<Position>, Failure> {
    let sql = "SELECT position FROM bw_checkpoint WHERE name = ?";
    let found = sqlx::query(sql).bind(name.as_bytes()).fetch_all(db).await?;
    found.first().map(|row| Ok(Position::new(number(row, 0)?))).transpose()
}

/// The position of the newest event.
pub(in super::super) async fn head(db: &mut MySqlConnection) -> Result<Position, Failure> {
    let found = sqlx::query("SELECT position FROM bw_turn").fetch_all(db).await?;
    let row = found.first().ok_or(sqlx::Error::RowNotFound)?;
    Ok(Position::new(number(row, 0)?))
}

/// Who holds a lease.
pub(in super::super) async fn holder(db: &mut MySqlConnection, resource: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT holder FROM bw_lease WHERE resource = ? AND holder IS NOT NULL
        AND expires > CAST(UNIX_TIMESTAMP(NOW(6)) * 1000000 AS SIGNED)";
    let found = sqlx::query(sql).bind(resource.as_bytes()).fetch_all(db).await?;
    found.first().map(|row| text(row, 0)).transpose()
}
