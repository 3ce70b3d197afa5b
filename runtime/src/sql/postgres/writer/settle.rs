//! What is true after an answer was lost.

use std::time::Duration;

use sqlx::PgConnection;

use super::super::{
    super::server::commit_unknown,
    classify::Failure,
    connection::{Server, Session},
    rows::number,
};
use crate::{
    error::Error,
    store::{Append, Commit, Committed},
    version::{Position, Version},
};

/// How often and after what pause the database is asked: for about five seconds.
const TIMES: u32 = 100;
const PAUSE: Duration = Duration::from_millis(50);

/// What the database says became of a commit.
pub(super) enum Witness {
    Committed(Committed),
    /// Nothing was written, and nothing will be.
    Nothing,
    Unknown(Error),
}

/// Asks on a new connection. The old one's server process must have ended before the question means anything.
pub(super) async fn settle(session: &mut Session, server: Option<Server>, commit: &Commit) -> Witness {
    let place = session.place();
    let Some(server) = server else { return Witness::Unknown(commit_unknown(&place)) };
    for _ in 0..TIMES {
        match ask(session, &server, commit).await {
            Ok(Some(witness)) => return witness,
            Ok(None) => {}
            Err(_) => session.discard(),
        }
        tokio::time::sleep(PAUSE).await;
    }
    Witness::Unknown(commit_unknown(&place))
}

async fn ask(session: &mut Session, server: &Server, commit: &Commit) -> Result<Option<Witness>, Failure> {
    let place = session.place();
    let db = session.ready().await?;
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2";
    let still = sqlx::query(sql).bind(server.pid).bind(server.since).fetch_one(&mut *db).await?;
    if number(&still, 0)? > 0 {
        return Ok(None);
    }
    let unknown = || Witness::Unknown(commit_unknown(&place));
    let appends: Vec<&Append> = commit.appends.iter().filter(|append| !append.events.is_empty()).collect();
    if appends.is_empty() || !commit.dead.is_empty() {
        return Ok(Some(unknown()));
    }
    let mut found = Vec::new();
    for append in appends {
        match last(db, append).await? {
            Some(place) => found.push(place),
            None => return Ok(Some(Witness::Nothing)),
        }
    }
    Ok(Some(Witness::Committed(Committed { appends: found, ..Committed::default() })))
}

/// Where the last event of an append lies; its id is its own.
async fn last(db: &mut PgConnection, append: &Append) -> Result<Option<(Version, Position)>, Failure> {
    let Some(event) = append.events.last() else { return Ok(None) };
    let sql = "SELECT version, position FROM bw_event WHERE message = $1 AND category = $2 AND stream = $3";
    let query = sqlx::query(sql).bind(*event.id.as_uuid()).bind(append.stream.category()).bind(append.stream.id());
    let row = query.fetch_optional(db).await?;
    row.map(|row| Ok((Version::new(number(&row, 0)?), Position::new(number(&row, 1)?)))).transpose()
}
