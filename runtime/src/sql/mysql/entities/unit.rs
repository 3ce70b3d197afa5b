//! A transaction of MySQL or MariaDB that carries entities and a commit of the store.

use sqlx::{AssertSqlSafe, Executor as _, MySqlConnection};

use super::super::{
    apply::{self, Book, Ending},
    classify::{Failure, MySqlError},
    connection::{MySql, Session},
    limits,
    writer::{Setback, end, given_up},
};
use crate::{
    clock::Clock,
    error::Error,
    sql::server::{Transactions, unreachable},
    store::{Begin, Commit, Committed, Isolation},
};

impl Transactions for MySql {
    /// Whether it only reads.
    type Trace = bool;

    async fn begin(session: &mut Session, (begin, _): (Begin, Option<&str>)) -> Result<bool, Failure> {
        let (db, watch) = session.watched().await?;
        let (level, mode) = if begin.is_read_only() {
            (begin.isolation.unwrap_or(Isolation::RepeatableRead), "READ ONLY")
        } else {
            (begin.isolation.unwrap_or(Isolation::ReadCommitted), "READ WRITE")
        };
        let level = word(level, begin.is_read_only());
        // What was asked of the connection before has begun a transaction by itself.
        let sql = format!("ROLLBACK; SET TRANSACTION ISOLATION LEVEL {level}; START TRANSACTION {mode}");
        let begun = async { Ok(db.execute(sqlx::raw_sql(AssertSqlSafe(sql))).await?) };
        watch.over(begun).await.map(|_| begin.is_read_only())
    }

    async fn finish(session: &mut Session, read_only: bool, staged: &Commit) -> Result<Committed, Error> {
        let place = session.place();
        let done = if read_only { read(session).await } else { written(session, staged).await };
        done.map_err(|setback| match setback {
            Setback::Unknown(error) => error,
            Setback::Failed(failure) => failure.into_error(&place),
            Setback::Partly => unreachable(&place), // nothing is tried here that can fail half-way
        })
    }

    /// A deadlock undoes everything. After a wait that was too long it depends on a setting what is undone.
    fn ends(error: &MySqlError) -> bool {
        error.is_deadlock() || error.waited()
    }
}

/// A transaction that writes and sees one state of the database must not decide on what others have changed since: where
/// reads take locks, they cannot have.
const fn word(isolation: Isolation, read_only: bool) -> &'static str {
    match isolation {
        Isolation::ReadCommitted => "READ COMMITTED",
        Isolation::RepeatableRead if read_only => "REPEATABLE READ",
        Isolation::RepeatableRead | Isolation::Serializable => "SERIALIZABLE",
    }
}

/// Ends a transaction that has written nothing.
async fn read(session: &mut Session) -> Result<Committed, Setback> {
    let (db, watch) = session.watched().await.map_err(Failure::Own)?;
    match watch.over(async { db.execute("COMMIT").await.map_err(Failure::from) }).await {
        Ok(_) => Ok(Committed::default()),
        Err(failure) => Err(given_up(session, failure.of_a_read().into()).await),
    }
}

async fn written(session: &mut Session, staged: &Commit) -> Result<Committed, Setback> {
    session.ready().await.map_err(Failure::Own)?;
    let packet = session.server().map_or(0, |server| server.packet);
    let (db, watch) = session.watched().await.map_err(Failure::Own)?;
    match watch.over(fill(db, packet, staged)).await {
        Ok((done, ending)) => {
            if let Some(ending) = ending {
                end(session, ending).await?;
            }
            Ok(done)
        }
        Err(failure) => Err(given_up(session, failure.into()).await),
    }
}

/// Does everything but the end. Rows of entities were written, so the transaction leaves its mark in any case.
async fn fill(
    db: &mut MySqlConnection,
    packet: usize,
    staged: &Commit,
) -> Result<(Committed, Option<Ending>), Failure> {
    limits::check(staged, packet)?;
    let mut book = Book::open(db, packet, &[staged]).await?;
    book.learn_ids(db, &[staged]).await?;
    let done = apply::commit(db, &mut book, staged).await?;
    book.write();
    let ending = book.close(db, Clock::system().uuid()).await?;
    Ok((done, ending))
}
