//! Inbox marks, snapshots and checkpoints.

use std::collections::HashSet;

use sqlx::MySqlConnection;

use super::super::{
    super::words::int,
    classify::Failure,
    reads,
    rows::id,
    shapes::{repeat, slices},
};
use crate::{
    error::Error,
    id::MessageId,
    store::{CheckpointMove, InboxMark, Snapshot, refusal},
};

/// Marks messages as handled. If one was, nothing is written: where it takes several statements, it is asked before.
pub(super) async fn inbox(db: &mut MySqlConnection, marks: &[InboxMark]) -> Result<(), Failure> {
    let statements = slices(marks, usize::MAX, |_| 1);
    if statements.len() > 1
        && let Some(error) = handled(db, marks).await?
    {
        return Err(error.into());
    }
    for chunk in statements {
        let mut query = repeat("INSERT INTO bw_inbox (consumer, message, at) VALUES ", "(?,?,?)", chunk.len(), "");
        for mark in chunk {
            query = query.bind(mark.consumer.as_bytes()).bind(id(&mark.message)).bind(mark.at.as_micros());
        }
        match query.execute(&mut *db).await.map_err(Failure::from) {
            Ok(_) => {}
            Err(Failure::Sql(error)) if error.is_duplicate() => {
                let found = handled(db, marks).await?;
                return Err(found.map_or(Failure::Sql(error), Failure::Own));
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// The refusal of the first message that was handled already, or is marked twice.
pub(super) async fn handled(db: &mut MySqlConnection, marks: &[InboxMark]) -> Result<Option<Error>, Failure> {
    let mut seen = HashSet::new();
    let consumers: HashSet<&str> = marks.iter().map(|mark| mark.consumer.as_str()).collect();
    for consumer in consumers {
        let own = || marks.iter().filter(|mark| mark.consumer == consumer);
        let messages: Vec<MessageId> = own().map(|mark| mark.message).collect();
        let marked = reads::marked(db, consumer, &messages).await?;
        if let Some((mark, _)) = own().zip(marked).find(|(mark, marked)| *marked || !seen.insert(mark.message)) {
            return Ok(Some(refusal::duplicate_mark(mark)));
        }
        seen.clear();
    }
    Ok(None)
}

/// Stores states of aggregates, unless a newer one of the same schema is there.
pub(super) async fn snapshots(db: &mut MySqlConnection, tenant: &str, snapshots: &[Snapshot]) -> Result<(), Failure> {
    for snapshot in snapshots {
        let (version, schema) = (int(snapshot.version.get()), int(snapshot.schema));
        let (category, stream) = (snapshot.stream.category().as_bytes(), snapshot.stream.id().as_bytes());
        let update = "UPDATE bw_snapshot SET version = ?, `schema` = ?, state = ?
            WHERE stream = ? AND category = ? AND tenant = ? AND (version <= ? OR `schema` <> ?)";
        let query = sqlx::query(update).bind(version).bind(schema).bind(&snapshot.state);
        let query = query.bind(stream).bind(category).bind(tenant.as_bytes()).bind(version).bind(schema);
        if query.execute(&mut *db).await?.rows_affected() > 0 {
            continue;
        }
        let insert = "INSERT INTO bw_snapshot (tenant, category, stream, version, `schema`, state)
            VALUES (?, ?, ?, ?, ?, ?) ON DUPLICATE KEY UPDATE version = version";
        let query = sqlx::query(insert).bind(tenant.as_bytes()).bind(category).bind(stream);
        query.bind(version).bind(schema).bind(&snapshot.state).execute(&mut *db).await?;
    }
    Ok(())
}

/// Moves checkpoints.
pub(super) async fn checkpoints(db: &mut MySqlConnection, moves: &[CheckpointMove]) -> Result<(), Failure> {
    for moved in moves {
        let (name, to) = (moved.name.as_bytes(), int(moved.to.get()));
        let query = match moved.from {
            None => {
                let sql = "INSERT INTO bw_checkpoint (name, position) VALUES (?, ?)";
                sqlx::query(sql).bind(name).bind(to)
            }
            Some(from) => {
                let sql = "UPDATE bw_checkpoint SET position = ? WHERE name = ? AND position = ?";
                sqlx::query(sql).bind(to).bind(name).bind(int(from.get()))
            }
        };
        let stands = match query.execute(&mut *db).await.map_err(Failure::from) {
            Ok(done) => done.rows_affected() > 0,
            Err(Failure::Sql(error)) if error.is_duplicate() => false,
            Err(failure) => return Err(failure),
        };
        if !stands {
            return Err(refusal::checkpoint_moved(moved).into());
        }
    }
    Ok(())
}
