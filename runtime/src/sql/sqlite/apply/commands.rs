//! Audit rows of commands.

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::super::{
    classify::Failure,
    rows::{JsonText, id, optional_message, tenant},
};
use crate::{
    actor::Actor,
    store::{CommandRecord, UndoRecord, refusal},
};

/// Writes audit rows.
pub(super) fn record(db: &Connection, records: &[CommandRecord]) -> Result<(), Failure> {
    for record in records {
        let sql = "INSERT INTO bw_command (id, name, metadata, input, outcome, error, started_at, duration,
            undo_command, undo_output, undo_of, undone_by, tenant, actor)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)";
        let row = (
            id(&record.id),
            &record.name,
            JsonText::metadata(&record.metadata)?,
            &record.input,
            record.outcome.as_str(),
            record.error.as_deref(),
            record.started_at.as_micros(),
            i64::try_from(record.duration.as_micros()).unwrap_or(i64::MAX),
            record.undo.as_ref().map(|(command, _)| command),
            record.undo.as_ref().map(|(_, output)| output),
            record.undo_of.as_ref().map(id),
            record.undone_by.as_ref().map(id),
            tenant(record.metadata.tenant.as_ref()),
            record.metadata.actor.as_ref().map(Actor::id),
        );
        db.prepare_cached(sql)?.execute(row).map_err(|error| refusal(record, error))?;
    }
    Ok(())
}

fn refusal(record: &CommandRecord, error: rusqlite::Error) -> Failure {
    if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) {
        return refusal::duplicate_event(record.id).caused_by(error).into();
    }
    error.into()
}

/// Refuses to undo what is undone, or was never run.
pub(super) fn check_undone(db: &Connection, undone: &UndoRecord, new: &[CommandRecord]) -> Result<(), Failure> {
    let sql = "SELECT undone_by FROM bw_command WHERE id = ?1";
    let stored = db.prepare_cached(sql)?.query_row([id(&undone.run)], |row| optional_message(row, 0)).optional()?;
    match stored {
        Some(None) => Ok(()),
        Some(Some(_)) => Err(refusal::already_undone(undone.run).into()),
        None if new.iter().any(|record| record.id == undone.run) => Ok(()),
        None => Err(refusal::no_such_run(undone.run).into()),
    }
}

/// Marks runs as undone.
pub(super) fn undo(db: &Connection, records: &[UndoRecord]) -> Result<(), Failure> {
    for record in records {
        let sql = "UPDATE bw_command SET undone_by = ?2 WHERE id = ?1 AND undone_by IS NULL";
        if db.prepare_cached(sql)?.execute((id(&record.run), id(&record.by)))? == 0 {
            return Err(refusal::already_undone(record.run).into());
        }
    }
    Ok(())
}
