//! Reads read models, inbox marks, checkpoints and leases.

use sqlx::{PgConnection, Row};

use super::super::{
    super::words::{generation, rows, tenant},
    classify::Failure,
    rows::{collect, number},
};
use crate::{
    id::{MessageId, Uuid},
    store::{ModelKey, ModelRow, Scan},
    version::Position,
};

/// Reads one row.
pub(in super::super) async fn model(db: &mut PgConnection, key: &ModelKey) -> Result<Option<ModelRow>, Failure> {
    let sql = "SELECT revision, value FROM bw_read_model WHERE tenant = $1 AND model = $2 AND key = $3
        AND generation =
            coalesce((SELECT CASE WHEN owner = $5 THEN $4 ELSE live END FROM bw_model WHERE model = $2), 0)";
    let query = sqlx::query(sql).bind(tenant(key.tenant.as_ref())).bind(key.model).bind(&key.key);
    let (owner, no) = generation(key.generation.as_ref());
    let query = query.bind(no).bind(owner);
    let row = query.fetch_optional(db).await?;
    row.map(|row| Ok(ModelRow { revision: number(&row, 0)?, value: row.try_get(1)? })).transpose()
}

/// Reads rows in the byte order of their keys.
pub(in super::super) async fn scan(db: &mut PgConnection, scan: &Scan) -> Result<Vec<(String, ModelRow)>, Failure> {
    let after = "SELECT key, revision, value FROM bw_read_model
        WHERE tenant = $1 AND model = $2 AND key > $3
            AND generation = coalesce((SELECT live FROM bw_model WHERE model = $2), 0) ORDER BY key LIMIT $4";
    let first = "SELECT key, revision, value FROM bw_read_model
        WHERE tenant = $1 AND model = $2 AND key >= $3
            AND generation = coalesce((SELECT live FROM bw_model WHERE model = $2), 0) ORDER BY key LIMIT $4";
    let query = sqlx::query(if scan.after.is_some() { after } else { first });
    let query = query.bind(tenant(scan.tenant.as_ref())).bind(scan.model);
    let found = query.bind(scan.after.as_deref().unwrap_or_default()).bind(rows(scan.limit)).fetch_all(db).await?;
    collect(&found, |row| Ok((row.try_get(0)?, ModelRow { revision: number(row, 1)?, value: row.try_get(2)? })))
}

/// Says which messages a consumer has marked.
pub(in super::super) async fn marked(
    db: &mut PgConnection,
    consumer: &str,
    messages: &[MessageId],
) -> Result<Vec<bool>, Failure> {
    let sql = "SELECT EXISTS (SELECT FROM bw_inbox i WHERE i.consumer = $1 AND i.message = m.message)
        FROM unnest($2) WITH ORDINALITY AS m (message, no) ORDER BY m.no";
    let messages: Vec<Uuid> = messages.iter().map(|message| *message.as_uuid()).collect();
    let found = sqlx::query(sql).bind(consumer).bind(messages).fetch_all(db).await?;
    collect(&found, |row| Ok(row.try_get(0)?))
}

/// Where a checkpoint stands.
pub(in super::super) async fn checkpoint(db: &mut PgConnection, name: &str) -> Result<Option<Position>, Failure> {
    let sql = "SELECT position FROM bw_checkpoint WHERE name = $1";
    let row = sqlx::query(sql).bind(name).fetch_optional(db).await?;
    row.map(|row| Ok(Position::new(number(&row, 0)?))).transpose()
}

/// The position of the newest event.
pub(in super::super) async fn head(db: &mut PgConnection) -> Result<Position, Failure> {
    let row = sqlx::query("SELECT coalesce(max(position), 0) FROM bw_event").fetch_one(db).await?;
    Ok(Position::new(number(&row, 0)?))
}

/// Who holds a lease.
pub(in super::super) async fn holder(db: &mut PgConnection, resource: &str) -> Result<Option<String>, Failure> {
    let sql = "SELECT holder FROM bw_lease WHERE resource = $1 AND holder IS NOT NULL
        AND expires > (extract(epoch FROM clock_timestamp()) * 1000000)::bigint";
    let row = sqlx::query(sql).bind(resource).fetch_optional(db).await?;
    row.map(|row| Ok(row.try_get(0)?)).transpose()
}
