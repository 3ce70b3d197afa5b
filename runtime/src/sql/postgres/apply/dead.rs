//! Dead letters.

use sqlx::PgConnection;

use super::{
    super::{
        super::words::{int, source_columns, state_number},
        classify::Failure,
        rows::number,
    },
    columns::{bind, small},
};
use crate::store::{DeadLetter, DeadLetterChange};

/// Parks, marks and removes; the numbers of those that were parked are added to `parked`.
pub(super) async fn change(
    db: &mut PgConnection,
    changes: &[DeadLetterChange],
    parked: &mut Vec<u64>,
) -> Result<(), Failure> {
    for change in changes {
        match change {
            DeadLetterChange::Park(letter) => parked.push(park(db, letter).await?),
            DeadLetterChange::Mark(no, state) => {
                let query = sqlx::query("UPDATE bw_dead SET state = $2 WHERE no = $1").bind(int(*no));
                query.bind(small(state_number(*state))).execute(&mut *db).await?;
            }
            DeadLetterChange::Remove(no) => {
                sqlx::query("DELETE FROM bw_dead WHERE no = $1").bind(int(*no)).execute(&mut *db).await?;
            }
        }
    }
    Ok(())
}

const PARK: &str = "INSERT INTO bw_dead (source, consumer, state, topic, attempts, code, error, parked_at,
        message, name, schema, kind, time, key, metadata, payload)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
    ON CONFLICT (message, source, consumer) DO UPDATE SET
        state = excluded.state, attempts = excluded.attempts, code = excluded.code, error = excluded.error
    RETURNING no";

async fn park(db: &mut PgConnection, letter: &DeadLetter) -> Result<u64, Failure> {
    let (source, consumer) = source_columns(&letter.source);
    let error = letter.error.replace('\0', "\u{fffd}"); // the one character that PostgreSQL does not store
    let query = sqlx::query(PARK)
        .bind(small(source))
        .bind(consumer)
        .bind(small(state_number(letter.state)))
        .bind(&letter.message.topic)
        .bind(i64::from(letter.attempts))
        .bind(&letter.code)
        .bind(error)
        .bind(letter.parked_at.as_micros());
    number(&bind(query, &letter.message.envelope)?.fetch_one(db).await?, 0)
}
