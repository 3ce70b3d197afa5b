//! Inbox marks, snapshots and checkpoints.

use sqlx::{PgConnection, Row};

use super::super::{super::words::int, classify::Failure};
use crate::{
    id::Uuid,
    store::{CheckpointMove, Commit, InboxMark, Snapshot, refusal},
};

/// Marks messages as handled. Where another transaction is marking the same one, this waits for what becomes of it.
pub(super) async fn inbox(db: &mut PgConnection, marks: &[InboxMark]) -> Result<(), Failure> {
    if marks.is_empty() {
        return Ok(());
    }
    let sql = "INSERT INTO bw_inbox (consumer, message, at) SELECT * FROM unnest($1::text[], $2::uuid[], $3::int8[])
        ON CONFLICT DO NOTHING RETURNING consumer, message";
    let consumers: Vec<&str> = marks.iter().map(|mark| mark.consumer.as_str()).collect();
    let messages: Vec<Uuid> = marks.iter().map(|mark| *mark.message.as_uuid()).collect();
    let times: Vec<i64> = marks.iter().map(|mark| mark.at.as_micros()).collect();
    let made = sqlx::query(sql).bind(consumers).bind(messages).bind(times).fetch_all(db).await?;
    let mut new = std::collections::HashSet::new();
    for row in &made {
        new.insert((row.try_get::<&str, _>(0)?, row.try_get::<Uuid, _>(1)?));
    }
    for mark in marks {
        if !new.remove(&(mark.consumer.as_str(), *mark.message.as_uuid())) {
            return Err(refusal::duplicate_mark(mark).into());
        }
    }
    Ok(())
}

/// Stores states of aggregates, unless a newer one of the same schema is there.
pub(super) async fn snapshots(db: &mut PgConnection, tenant: &str, snapshots: &[Snapshot]) -> Result<(), Failure> {
    for snapshot in snapshots {
        let sql = "INSERT INTO bw_snapshot AS s (tenant, category, stream, version, schema, state)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (stream, category, tenant) DO UPDATE
            SET version = excluded.version, schema = excluded.schema, state = excluded.state
            WHERE excluded.version >= s.version OR excluded.schema <> s.schema";
        let stream = &snapshot.stream;
        let query = sqlx::query(sql).bind(tenant).bind(stream.category()).bind(stream.id());
        let query = query.bind(int(snapshot.version.get())).bind(int(snapshot.schema)).bind(&snapshot.state);
        query.execute(&mut *db).await?;
    }
    Ok(())
}

/// Locks checkpoints before the live generation of a read model is looked up. A swap moves the checkpoint: it comes
/// before all of this commit, or after it.
pub(super) async fn lock_checkpoints(db: &mut PgConnection, commit: &Commit) -> Result<(), Failure> {
    if commit.checkpoints.is_empty() || commit.models.is_empty() || commit.generation.is_some() {
        return Ok(());
    }
    let sql = "SELECT FROM bw_checkpoint WHERE name = ANY($1) ORDER BY name FOR NO KEY UPDATE";
    let names: Vec<&str> = commit.checkpoints.iter().map(|moved| moved.name.as_str()).collect();
    sqlx::query(sql).bind(names).fetch_all(db).await?;
    Ok(())
}

/// Moves checkpoints.
pub(super) async fn checkpoints(db: &mut PgConnection, moves: &[CheckpointMove]) -> Result<(), Failure> {
    for moved in moves {
        let to = int(moved.to.get());
        let query = match moved.from {
            None => {
                let sql = "INSERT INTO bw_checkpoint (name, position) VALUES ($1, $2) ON CONFLICT DO NOTHING";
                sqlx::query(sql).bind(&moved.name).bind(to)
            }
            Some(from) => {
                let sql = "UPDATE bw_checkpoint SET position = $2 WHERE name = $1 AND position = $3";
                sqlx::query(sql).bind(&moved.name).bind(to).bind(int(from.get()))
            }
        };
        if query.execute(&mut *db).await?.rows_affected() == 0 {
            return Err(refusal::checkpoint_moved(moved).into());
        }
    }
    Ok(())
}
