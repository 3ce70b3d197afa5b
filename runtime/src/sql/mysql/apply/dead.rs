//! Dead letters.

use sqlx::MySqlConnection;

use super::{
    super::{
        super::words::{int, source_columns, state_number},
        classify::Failure,
    },
    outbox::bind,
};
use crate::store::{DeadLetter, DeadLetterChange};

/// Parks, marks and removes; the numbers of those that were parked are added to `parked`.
pub(super) async fn change(
    db: &mut MySqlConnection,
    changes: &[DeadLetterChange],
    parked: &mut Vec<u64>,
) -> Result<(), Failure> {
    for change in changes {
        match change {
            DeadLetterChange::Park(letter) => parked.push(park(db, letter).await?),
            DeadLetterChange::Mark(no, state) => {
                let query = sqlx::query("UPDATE bw_dead SET state = ? WHERE no = ?").bind(state_number(*state));
                query.bind(int(*no)).execute(&mut *db).await?;
            }
            DeadLetterChange::Remove(no) => {
                sqlx::query("DELETE FROM bw_dead WHERE no = ?").bind(int(*no)).execute(&mut *db).await?;
            }
        }
    }
    Ok(())
}

/// The server answers the number of the row, be it new or there already.
const PARK: &str = "INSERT INTO bw_dead (source, consumer, state, topic, attempts, code, error, parked_at,
        message, name, `schema`, kind, time, `key`, metadata, payload)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON DUPLICATE KEY UPDATE no = LAST_INSERT_ID(no),
        state = VALUES(state), attempts = VALUES(attempts), code = VALUES(code), error = VALUES(error)";

async fn park(db: &mut MySqlConnection, letter: &DeadLetter) -> Result<u64, Failure> {
    let (source, consumer) = source_columns(&letter.source);
    let query = sqlx::query(PARK)
        .bind(source)
        .bind(consumer.as_bytes())
        .bind(state_number(letter.state))
        .bind(letter.message.topic.as_bytes())
        .bind(i64::from(letter.attempts))
        .bind(letter.code.as_bytes())
        .bind(letter.error.as_bytes())
        .bind(letter.parked_at.as_micros());
    let envelope = &letter.message.envelope;
    Ok(bind(query, envelope, envelope.metadata.stored()?).execute(db).await?.last_insert_id())
}
