//! Audit rows of commands.

use sqlx::MySqlConnection;

use super::super::{
    super::words::tenant,
    classify::Failure,
    rows::{id, optional_message},
};
use crate::store::{CommandRecord, UndoRecord, refusal};

const RECORD: &str = "INSERT INTO bw_command (id, name, metadata, input, outcome, error, started_at, duration,
        undo_command, undo_output, undo_of, undone_by, tenant, actor)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// Writes audit rows.
pub(super) async fn record(db: &mut MySqlConnection, records: &[CommandRecord]) -> Result<(), Failure> {
    for record in records {
        let query = sqlx::query(RECORD)
            .bind(id(&record.id))
            .bind(record.name.as_bytes())
            .bind(record.metadata.stored()?)
            .bind(record.input.as_bytes())
            .bind(record.outcome.as_str().as_bytes())
            .bind(record.error.as_deref().map(str::as_bytes))
            .bind(record.started_at.as_micros())
            .bind(i64::try_from(record.duration.as_micros()).unwrap_or(i64::MAX))
            .bind(record.undo.as_ref().map(|(command, _)| command.as_bytes()))
            .bind(record.undo.as_ref().map(|(_, output)| output.as_bytes()))
            .bind(record.undo_of.as_ref().map(id))
            .bind(record.undone_by.as_ref().map(id))
            .bind(tenant(record.metadata.tenant.as_ref()).as_bytes())
            .bind(record.metadata.actor.as_ref().map(|actor| actor.id().as_bytes()));
        match query.execute(&mut *db).await.map_err(Failure::from) {
            Ok(_) => {}
            Err(Failure::Sql(error)) if error.violates("bw_command_id") => {
                return Err(refusal::duplicate_event(record.id).into());
            }
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}

/// Marks runs as undone, once.
pub(super) async fn undo(db: &mut MySqlConnection, records: &[UndoRecord]) -> Result<(), Failure> {
    for record in records {
        let sql = "UPDATE bw_command SET undone_by = ? WHERE id = ? AND undone_by IS NULL";
        let query = sqlx::query(sql).bind(id(&record.by)).bind(id(&record.run));
        if query.execute(&mut *db).await?.rows_affected() == 0 {
            return Err(refuse(db, record).await?);
        }
    }
    Ok(())
}

async fn refuse(db: &mut MySqlConnection, undone: &UndoRecord) -> Result<Failure, Failure> {
    let sql = "SELECT undone_by FROM bw_command WHERE id = ?";
    let found = sqlx::query(sql).bind(id(&undone.run)).fetch_all(db).await?;
    let by = found.first().map(|row| optional_message(row, 0)).transpose()?;
    Ok(by.map_or_else(|| refusal::no_such_run(undone.run), |_| refusal::already_undone(undone.run)).into())
}
