//! What is true after an answer was lost.

use std::time::Duration;

use sqlx::{AssertSqlSafe, Executor as _, PgConnection, Row as _};

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

/// How long the database is asked, beside one wait for a connection, and the pause between two questions.
const LONGEST: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(50);

/// What the database says became of a commit.
pub(in super::super) enum Witness {
    Committed(Committed),
    /// Nothing was written, and nothing will be.
    Nothing,
    Unknown(Error),
}

/// A transaction that is known by its number, because no event tells of it.
pub(in super::super) struct Trace {
    xid: String,
    /// The server that gave the number: another one, with another past, may give it again.
    server: Option<Server>,
    /// What it has done if it was committed.
    pub(in super::super) done: Committed,
}

/// Begins a transaction; one whose outcome its events would not tell notes its number, in the same round trip.
pub(super) async fn begin(
    db: &mut PgConnection,
    commit: &Commit,
    server: Option<Server>,
) -> Result<Option<Trace>, Failure> {
    if told_by_events(commit) {
        db.execute("BEGIN").await?;
        return Ok(None);
    }
    Trace::begin(db, ("BEGIN".into(), None), server).await.map(Some)
}

/// Whether the events of a commit tell whether it happened, and all that it answers.
fn told_by_events(commit: &Commit) -> bool {
    commit.dead.is_empty() && commit.appends.iter().any(|append| !append.events.is_empty())
}

impl Trace {
    /// Begins as the statements say, tells the server what it is to keep to, and notes the number of the transaction.
    pub(in super::super) async fn begin(
        db: &mut PgConnection,
        (mut sql, rule): (String, Option<&str>),
        server: Option<Server>,
    ) -> Result<Self, Failure> {
        sql.push_str("; SELECT pg_current_xact_id()::text");
        if let Some(rule) = rule {
            sql.push_str(", ");
            sql.push_str(rule);
        }
        let row = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_one(db).await?;
        Ok(Self { xid: row.try_get(0)?, server, done: Committed::default() })
    }

    /// What became of the transaction; nothing while it goes on.
    async fn ask(&self, db: &mut PgConnection, place: &str) -> Result<Option<Witness>, Failure> {
        let sql = "SELECT pg_xact_status($1::text::xid8),
            (extract(epoch FROM pg_postmaster_start_time()) * 1000000)::bigint";
        let row = sqlx::query(sql).bind(&self.xid).fetch_one(db).await?;
        let (status, up): (Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?);
        let same = self.server.is_some_and(|server| server.up == up);
        Ok(match status.as_deref() {
            Some("in progress") => None,
            Some("committed") if same => Some(Witness::Committed(self.done.clone())),
            Some("aborted") if same => Some(Witness::Nothing),
            _ => Some(Witness::Unknown(commit_unknown(place))),
        })
    }
}

/// Asks on a new connection. The old one's server process must have ended before the question means anything.
pub(super) async fn settle(
    session: &mut Session,
    server: Option<Server>,
    (commit, trace): (&Commit, Option<Trace>),
) -> Witness {
    let place = session.place();
    let Some(server) = server else { return Witness::Unknown(commit_unknown(&place)) };
    let longest = LONGEST.saturating_add(session.options.patience);
    let asked = tokio::time::timeout(longest, async {
        loop {
            match ask(session, &server, (commit, trace.as_ref())).await {
                Ok(Some(witness)) => return witness,
                Ok(None) => {}
                Err(_) => session.discard(),
            }
            tokio::time::sleep(PAUSE).await;
        }
    });
    asked.await.unwrap_or_else(|_| {
        session.discard();
        Witness::Unknown(commit_unknown(&place))
    })
}

async fn ask(
    session: &mut Session,
    server: &Server,
    (commit, trace): (&Commit, Option<&Trace>),
) -> Result<Option<Witness>, Failure> {
    let place = session.place();
    let db = session.ready().await?;
    if !has_ended(db, server).await? {
        return Ok(None);
    }
    if let Some(trace) = trace {
        return trace.ask(db, &place).await;
    }
    if !told_by_events(commit) {
        return Ok(Some(Witness::Nothing)); // it ended before it had a number
    }
    let mut found = Vec::new();
    for append in commit.appends.iter().filter(|append| !append.events.is_empty()) {
        match last(db, append).await? {
            Some(place) => found.push(place),
            None => return Ok(Some(Witness::Nothing)),
        }
    }
    Ok(Some(Witness::Committed(Committed { appends: found, ..Committed::default() })))
}

/// Whether a server process has ended, which it is told to.
async fn has_ended(db: &mut PgConnection, server: &Server) -> Result<bool, Failure> {
    let sql = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE pid = $1 AND (extract(epoch FROM backend_start) * 1000000)::bigint = $2 AND pid <> pg_backend_pid()";
    let still = sqlx::query(sql).bind(server.pid).bind(server.since).fetch_one(db).await?;
    Ok(number(&still, 0)? == 0)
}

/// Waits until server processes whose clients are gone have ended, and what they did can be seen; not for ever.
pub(super) async fn ended(session: &mut Session, servers: &[Server]) {
    let sql =
        "SELECT count(*) FROM pg_stat_activity JOIN unnest($1::int4[], $2::int8[]) AS gone (pid, since) USING (pid)
        WHERE (extract(epoch FROM backend_start) * 1000000)::bigint = since";
    let pids: Vec<i32> = servers.iter().map(|server| server.pid).collect();
    let since: Vec<i64> = servers.iter().map(|server| server.since).collect();
    let gone = async {
        loop {
            let still = async {
                let query = sqlx::query(sql).bind(&pids).bind(&since);
                number(&query.fetch_one(session.ready().await?).await?, 0)
            };
            match still.await {
                Ok(0) => return,
                Ok(_) => {}
                Err(_) => session.discard(),
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    let _or_not = tokio::time::timeout(LONGEST, gone).await; // who waits for it looks again by himself
}

/// Where the last event of an append lies; its id is its own.
async fn last(db: &mut PgConnection, append: &Append) -> Result<Option<(Version, Position)>, Failure> {
    let Some(event) = append.events.last() else { return Ok(None) };
    let sql = "SELECT version, position FROM bw_event WHERE message = $1 AND category = $2 AND stream = $3";
    let query = sqlx::query(sql).bind(*event.id.as_uuid()).bind(append.stream.category()).bind(append.stream.id());
    let row = query.fetch_optional(db).await?;
    row.map(|row| Ok((Version::new(number(&row, 0)?), Position::new(number(&row, 1)?)))).transpose()
}
