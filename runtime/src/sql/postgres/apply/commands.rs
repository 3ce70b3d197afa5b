//! Audit rows of commands.

use sqlx::PgConnection;

use super::{
    super::{super::words::tenant, classify::Failure, rows::optional_message},
    columns::text,
};
use crate::{
    actor::Actor,
    store::{CommandRecord, UndoRecord, refusal},
};

/// Writes audit rows.
pub(super) async fn record(db: &mut PgConnection, records: &[CommandRecord]) -> Result<(), Failure> {
    for record in records {
        let sql = "INSERT INTO bw_command (id, name, metadata, input, outcome, error, started_at, duration,
            undo_command, undo_output, undo_of, undone_by, tenant, actor)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) ON CONFLICT (id) DO NOTHING";
        let query = sqlx::query(sql)
            .bind(*record.id.as_uuid())
            .bind(&record.name)
            .bind(text(record.metadata.stored()?))
            .bind(&record.input)
            .bind(record.outcome.as_str())
            .bind(record.error.as_deref())
            .bind(record.started_at.as_micros())
            .bind(i64::try_from(record.duration.as_micros()).unwrap_or(i64::MAX))
            .bind(record.undo.as_ref().map(|(command, _)| command))
            .bind(record.undo.as_ref().map(|(_, output)| output))
            .bind(record.undo_of.map(|id| *id.as_uuid()))
            .bind(record.undone_by.map(|id| *id.as_uuid()))
            .bind(tenant(record.metadata.tenant.as_ref()))
            .bind(record.metadata.actor.as_ref().map(Actor::id));
        if query.execute(&mut *db).await?.rows_affected() == 0 {
            return Err(refusal::duplicate_event(record.id).into());
        }
    }
    Ok(())
}

/// Marks runs as undone, once.
pub(super) async fn undo(db: &mut PgConnection, records: &[UndoRecord]) -> Result<(), Failure> {
    for record in records {
        let sql = "UPDATE bw_command SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL";
        let query = sqlx::query(sql).bind(*record.run.as_uuid()).bind(*record.by.as_uuid());
        if query.execute(&mut *db).await?.rows_affected() == 0 {
            return Err(refuse(db, record).await?);
        }
    }
    Ok(())
}

async fn refuse(db: &mut PgConnection, undone: &UndoRecord) -> Result<Failure, Failure> {
    let sql = "SELECT undone_by FROM bw_command WHERE id = $1";
    let found = sqlx::query(sql).bind(*undone.run.as_uuid()).fetch_optional(db).await?;
    let by = found.map(|row| optional_message(&row, 0)).transpose()?;
    Ok(by.map_or_else(|| refusal::no_such_run(undone.run), |_| refusal::already_undone(undone.run)).into())
}
