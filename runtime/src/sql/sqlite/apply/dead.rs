//! Dead letters.

use rusqlite::Connection;

use super::super::{
    super::words::{source_columns, state_number},
    classify::Failure,
    rows::{JsonText, id, int, kind_number, number},
};
use crate::store::{DeadLetter, DeadLetterChange};

/// Parks, marks and removes; the numbers of those that were parked are added to `parked`.
pub(super) fn change(db: &Connection, changes: &[DeadLetterChange], parked: &mut Vec<u64>) -> Result<(), Failure> {
    for change in changes {
        match change {
            DeadLetterChange::Park(letter) => parked.push(park(db, letter)?),
            DeadLetterChange::Mark(no, state) => {
                let sql = "UPDATE bw_dead SET state = ?2 WHERE no = ?1";
                db.prepare_cached(sql)?.execute((int(*no), state_number(*state)))?;
            }
            DeadLetterChange::Remove(no) => {
                db.prepare_cached("DELETE FROM bw_dead WHERE no = ?1")?.execute([int(*no)])?;
            }
        }
    }
    Ok(())
}

const PARK: &str = "INSERT INTO bw_dead (source, consumer, state, topic, attempts, code, error, parked_at,
        message, name, schema, kind, time, key, metadata, payload)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)
    ON CONFLICT (source, consumer, message) DO UPDATE SET
        state = excluded.state, attempts = excluded.attempts, code = excluded.code, error = excluded.error
    RETURNING no";

fn park(db: &Connection, letter: &DeadLetter) -> Result<u64, Failure> {
    let (source, consumer) = source_columns(&letter.source);
    let envelope = &letter.message.envelope;
    let row = (
        source,
        consumer,
        state_number(letter.state),
        &letter.message.topic,
        letter.attempts,
        &letter.code,
        &letter.error,
        letter.parked_at.as_micros(),
        id(&envelope.id),
        &*envelope.name,
        envelope.version,
        kind_number(envelope.kind),
        envelope.time.as_micros(),
        envelope.key.as_deref(),
        JsonText::metadata(&envelope.metadata)?,
        &*envelope.payload,
    );
    Ok(db.prepare_cached(PARK)?.query_row(row, |row| number(row, 0))?)
}
