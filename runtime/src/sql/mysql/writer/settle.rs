//! What is true after an answer was lost.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor, MySqlConnection, Row};

use super::super::{apply::Ending, classify::Failure, connection::Session, rows::id};

/// How long the database is asked, and the pause between two questions.
const LONGEST: Duration = Duration::from_secs(10);
const PAUSE: Duration = Duration::from_millis(20);

/// What the database says became of a transaction.
pub(super) enum Witness {
    Committed,
    /// Nothing was written, and nothing will be.
    Nothing,
    Unknown,
}

/// The answer to a question, if there is one in time.
macro_rules! asked {
    ($session:ident, $question:expr) => {{
        let answer = tokio::time::timeout(LONGEST, async {
            loop {
                match $question.await {
                    Ok(Some(answer)) => return answer,
                    Ok(None) => {}
                    Err(_) => $session.discard(),
                }
                tokio::time::sleep(PAUSE).await;
            }
        });
        let answer = answer.await.ok();
        if answer.is_none() {
            $session.discard();
        }
        answer
    }};
}

/// Asks on a new connection. The old session is ended first; and whoever gets the turn knows that no other transaction,
/// and so not the one in question, is still under way.
pub(super) async fn settle(session: &mut Session, name: &str, ending: &Ending) -> Witness {
    asked!(session, ask(session, name, ending)).unwrap_or(Witness::Unknown)
}

/// Ends a session that fell silent, so that nobody waits for its turn.
pub(super) async fn end(session: &mut Session, name: &str) {
    let _or_the_server_does_so_later = asked!(session, is_gone(session, name));
}

async fn is_gone(session: &mut Session, name: &str) -> Result<Option<()>, Failure> {
    Ok((!goes_on(session.ready().await?, name).await?).then_some(()))
}

async fn ask(session: &mut Session, name: &str, ending: &Ending) -> Result<Option<Witness>, Failure> {
    let db = session.ready().await?;
    if goes_on(db, name).await? {
        return Ok(None);
    }
    let witness = compare(db, ending).await?;
    db.execute("ROLLBACK").await?;
    Ok(Some(witness))
}

/// Whether a session is still there, which then is ended.
async fn goes_on(db: &mut MySqlConnection, name: &str) -> Result<bool, Failure> {
    let sql = "SELECT CAST(IS_USED_LOCK(?) AS SIGNED)";
    let found = sqlx::query(sql).bind(name).fetch_all(&mut *db).await?;
    let holder: Option<i64> = found.first().map(|row| row.try_get(0)).transpose()?.flatten();
    if let Some(holder) = holder {
        let _ended_meanwhile = db.execute(sqlx::raw_sql(AssertSqlSafe(format!("KILL {holder}")))).await;
    }
    Ok(holder.is_some())
}

async fn compare(db: &mut MySqlConnection, ending: &Ending) -> Result<Witness, Failure> {
    let sql = "SELECT mark FROM bw_turn WHERE no = 1 FOR UPDATE";
    let found = sqlx::query(sql).fetch_all(&mut *db).await?;
    let mark: Option<Vec<u8>> = found.first().map(|row| row.try_get(0)).transpose()?;
    if mark.as_deref() == Some(ending.mark.as_bytes()) {
        return Ok(Witness::Committed);
    }
    if mark.as_ref() == Some(&ending.before) {
        return Ok(Witness::Nothing);
    }
    // Others have had their turn since: an event tells, if there was one.
    let Some(event) = &ending.event else { return Ok(Witness::Unknown) };
    let sql = "SELECT 1 FROM bw_event WHERE message = ?";
    let stored = sqlx::query(sql).bind(id(event)).fetch_all(&mut *db).await?;
    Ok(if stored.is_empty() { Witness::Nothing } else { Witness::Committed })
}
