//! Inbox marks, snapshots and checkpoints.

use rusqlite::{Connection, OptionalExtension};

use super::super::{
    classify::Failure,
    rows::{id, int, number},
};
use super::verify::exists;
use crate::{
    store::{CheckpointMove, InboxMark, Snapshot, refusal},
    version::Position,
};

/// Refuses a message that was handled.
pub(super) fn check_inbox(db: &Connection, mark: &InboxMark) -> Result<(), Failure> {
    let sql = "SELECT 1 FROM bw_inbox WHERE consumer = ?1 AND message = ?2";
    if exists(db, sql, (&mark.consumer, id(&mark.message)))? {
        Err(refusal::duplicate_mark(mark).into())
    } else {
        Ok(())
    }
}

/// Marks messages as handled.
pub(super) fn inbox(db: &Connection, marks: &[InboxMark]) -> Result<(), Failure> {
    for mark in marks {
        let sql = "INSERT INTO bw_inbox (consumer, message, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING";
        let row = (&mark.consumer, id(&mark.message), mark.at.as_micros());
        if db.prepare_cached(sql)?.execute(row)? == 0 {
            return Err(refusal::duplicate_mark(mark).into());
        }
    }
    Ok(())
}

/// Stores states of aggregates, unless a newer one of the same schema is there.
pub(super) fn snapshots(db: &Connection, tenant: &str, snapshots: &[Snapshot]) -> Result<(), Failure> {
    for snapshot in snapshots {
        let sql = "INSERT INTO bw_snapshot (tenant, category, stream, version, schema, state)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            ON CONFLICT DO UPDATE SET version = excluded.version, schema = excluded.schema, state = excluded.state
            WHERE excluded.version >= bw_snapshot.version OR excluded.schema <> bw_snapshot.schema";
        let (stream, version) = (&snapshot.stream, int(snapshot.version.get()));
        let row = (tenant, stream.category(), stream.id(), version, int(snapshot.schema), &snapshot.state);
        db.prepare_cached(sql)?.execute(row)?;
    }
    Ok(())
}

/// Refuses a reader that another has overtaken.
pub(super) fn check_checkpoint(db: &Connection, moved: &CheckpointMove) -> Result<(), Failure> {
    let sql = "SELECT position FROM bw_checkpoint WHERE name = ?1";
    let stands = db.prepare_cached(sql)?.query_row([&moved.name], |row| number(row, 0)).optional()?;
    if stands == moved.from.map(Position::get) { Ok(()) } else { Err(refusal::checkpoint_moved(moved).into()) }
}

/// Moves checkpoints.
pub(super) fn checkpoints(db: &Connection, moves: &[CheckpointMove]) -> Result<(), Failure> {
    for moved in moves {
        let (name, to) = (&moved.name, int(moved.to.get()));
        let changed = match moved.from {
            None => {
                let sql = "INSERT INTO bw_checkpoint (name, position) VALUES (?1, ?2) ON CONFLICT DO NOTHING";
                db.prepare_cached(sql)?.execute((name, to))?
            }
            Some(from) => {
                let sql = "UPDATE bw_checkpoint SET position = ?2 WHERE name = ?1 AND position = ?3";
                db.prepare_cached(sql)?.execute((name, to, int(from.get())))?
            }
        };
        if changed == 0 {
            return Err(refusal::checkpoint_moved(moved).into());
        }
    }
    Ok(())
}
