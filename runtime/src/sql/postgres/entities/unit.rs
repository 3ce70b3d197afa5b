//! A transaction of PostgreSQL that carries entities and a commit of the store.

use sqlx::{AssertSqlSafe, Executor as _};

use super::super::{
    apply,
    classify::{Failure, PgError},
    connection::{Postgres, Session},
    writer::{Trace, Witness, doubtful, duplicate},
};
use crate::{
    error::{Error, ErrorKind},
    sql::server::{Transactions, unreachable},
    store::{Begin, Commit, Committed, Isolation},
};

/// The server ends a transaction in which nothing is done for so long.
const IDLE: &str = "SET LOCAL idle_in_transaction_session_timeout = 60000";

impl Transactions for Postgres {
    /// One that only reads leaves none.
    type Trace = Option<Trace>;

    async fn begin(session: &mut Session, (begin, rule): (Begin, Option<&str>)) -> Result<Option<Trace>, Failure> {
        let server = session.server();
        let (db, watch) = session.watched().await?;
        if begin.is_read_only() {
            let level = level(begin.isolation.unwrap_or(Isolation::RepeatableRead));
            let told = rule.map(|rule| format!("; SELECT {rule}")).unwrap_or_default();
            let sql = AssertSqlSafe(format!("BEGIN ISOLATION LEVEL {level} READ ONLY; {IDLE}{told}"));
            return watch.over(async { Ok(db.execute(sqlx::raw_sql(sql)).await.map(|_| None)?) }).await;
        }
        let level = level(begin.isolation.unwrap_or(Isolation::ReadCommitted));
        let sql = format!("BEGIN ISOLATION LEVEL {level} READ WRITE; {IDLE}");
        watch.over(async { Trace::begin(db, (sql, rule), server).await.map(Some) }).await
    }

    async fn finish(session: &mut Session, mut trace: Option<Trace>, staged: &Commit) -> Result<Committed, Error> {
        let (db, watch) = session.watched().await?;
        let done = match watch.over(apply::commit(db, staged)).await {
            Ok(done) => done,
            Err(failure) => return Err(refused(session, staged, failure.of_a_read()).await),
        };
        trace.iter_mut().for_each(|trace| trace.done = done.clone());
        let (db, watch) = session.watched().await?;
        // The server would answer the COMMIT of a transaction that has failed by rolling back; a statement before it says so.
        let commit = async { db.execute(sqlx::raw_sql("SELECT 1; COMMIT")).await.map_err(Failure::of_commit) };
        match watch.over(commit).await {
            Ok(_) => Ok(done),
            Err(Failure::InDoubt(_)) => told(session, (staged, trace)).await,
            Err(failure) => Err(refused(session, staged, failure).await),
        }
    }

    fn ends(_: &PgError) -> bool {
        false // it can be undone to a savepoint
    }
}

const fn level(isolation: Isolation) -> &'static str {
    match isolation {
        Isolation::ReadCommitted => "READ COMMITTED",
        Isolation::RepeatableRead => "REPEATABLE READ",
        Isolation::Serializable => "SERIALIZABLE",
    }
}

/// What became of a transaction whose COMMIT was not answered.
async fn told(session: &mut Session, commit: (&Commit, Option<Trace>)) -> Result<Committed, Error> {
    let place = session.place();
    match doubtful(session, commit).await {
        Witness::Committed(done) => Ok(done),
        Witness::Nothing => Err(unreachable(&place)),
        Witness::Unknown(error) => Err(error),
    }
}

/// Rolls back, and says why nothing was committed.
async fn refused(session: &mut Session, staged: &Commit, failure: Failure) -> Error {
    let place = session.place();
    let (mut twice, mut failed) = (false, false);
    if let Failure::Sql(error) = &failure {
        twice = error.constraint() == Some("bw_event_message");
        failed = error.state() == Some("25P02");
    }
    let undone = match session.watched().await {
        Ok((db, watch)) if !failure.breaks() || failed => {
            watch.over(async { db.execute("ROLLBACK").await.map_err(Failure::from) }).await.is_ok()
        }
        _ => false,
    };
    if !undone {
        session.discard();
    }
    match failure {
        _ if twice => duplicate(session, staged, &place).await,
        failure if failed => aborted().caused_by(failure.into_error(&place)),
        failure => failure.into_error(&place),
    }
}

fn aborted() -> Error {
    let message = "a statement of the transaction had failed: nothing was written";
    Error::new(ErrorKind::Internal, "unit/aborted", message)
}
