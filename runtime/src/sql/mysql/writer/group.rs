//! One transaction and the commits in it.

use sqlx::{AssertSqlSafe, Executor, MySqlConnection};

use super::{
    super::{
        super::server::{Job, ServerError},
        apply::{self, Book, Ending},
        classify::Failure,
        connection::Session,
        limits,
    },
    settle::{self, Witness, settle},
};
use crate::{
    clock::Clock,
    error::Error,
    store::{Commit, Committed},
};

/// How often a group begins again before the reason is its callers'.
const ATTEMPTS: usize = 16;
/// And how often because the connection was lost, perhaps long ago.
const CONNECTIONS: usize = 3;

type Answer = Result<Committed, Error>;

/// Applies the commits and answers everybody.
pub(super) async fn run(session: &mut Session, jobs: Vec<Job>) {
    let commits: Vec<&Commit> = jobs.iter().map(|job| &job.commit).collect();
    let answers = match together(session, &commits).await {
        Ok(answers) => answers,
        Err(Stop::All(error)) => commits.iter().map(|_| Err(error.clone())).collect(),
        Err(Stop::One(error)) if commits.len() == 1 => vec![Err(error)],
        Err(Stop::One(_)) => one_by_one(session, &commits).await,
    };
    jobs.into_iter().zip(answers).for_each(|(job, answer)| job.answer(answer));
}

/// Something failed for a reason that may be one commit's: each meets its own.
async fn one_by_one(session: &mut Session, commits: &[&Commit]) -> Vec<Answer> {
    let mut answers = Vec::with_capacity(commits.len());
    for commit in commits {
        answers.push(match together(session, &[*commit]).await {
            Ok(mut own) => own.pop().unwrap_or_else(|| Ok(Committed::default())),
            Err(Stop::All(error) | Stop::One(error)) => Err(error),
        });
    }
    answers
}

/// Why a group was given up.
enum Stop {
    /// The reason is everybody's.
    All(Error),
    /// The reason may be one commit's.
    One(Error),
}

/// What was learned from an attempt.
#[derive(Default)]
struct Way {
    /// A savepoint around each commit that may fail half-way.
    careful: bool,
    /// Ask which ids are stored.
    ids: bool,
}

/// Why an attempt did not succeed. Nothing was written.
pub(in super::super) enum Setback {
    /// A commit failed half-way.
    Partly,
    Failed(Failure),
    /// What became of the transaction is not known.
    Unknown(Error),
}

impl From<Failure> for Setback {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

async fn together(session: &mut Session, commits: &[&Commit]) -> Result<Vec<Answer>, Stop> {
    let (mut way, mut lost) = (Way::default(), 0);
    let mut attempts = 0;
    loop {
        attempts += 1;
        let failure = match attempt(session, commits, &way).await {
            Ok(answers) => return Ok(answers),
            Err(Setback::Unknown(error)) => return Err(Stop::All(error)),
            Err(Setback::Partly) => {
                way.careful = true;
                continue;
            }
            Err(Setback::Failed(failure)) => failure,
        };
        lost += usize::from(failure.is_lost());
        let again = match &failure {
            Failure::Sql(error) if error.violates("bw_event_message") => !std::mem::replace(&mut way.ids, true),
            failure if failure.is_lost() => lost < CONNECTIONS,
            failure => failure.lost_a_race() && attempts < ATTEMPTS,
        };
        if !again {
            return Err(stop(session, failure));
        }
    }
}

fn stop(session: &mut Session, failure: Failure) -> Stop {
    let place = session.place();
    let one = matches!(&failure, Failure::Sql(error) if !error.is_lost() && !error.waited());
    let error = session.doubt(failure, &place);
    if one { Stop::One(error) } else { Stop::All(error) }
}

async fn attempt(session: &mut Session, commits: &[&Commit], way: &Way) -> Result<Vec<Answer>, Setback> {
    session.ready().await.map_err(Failure::Own)?;
    let packet = session.server().map_or(0, |server| server.packet);
    let (db, watch) = session.watched().await.map_err(Failure::Own)?;
    let (answers, ending) = match watch.over(fill(db, packet, (commits, way))).await {
        Ok(filled) => filled,
        Err(setback) => return Err(given_up(session, setback).await),
    };
    match ending {
        None => roll_back(session).await,
        Some(ending) => end(session, ending).await?,
    }
    Ok(answers)
}

/// Ends a transaction that was not committed.
pub(in super::super) async fn given_up(session: &mut Session, setback: Setback) -> Setback {
    match setback {
        Setback::Failed(failure @ Failure::InDoubt(_)) => {
            cut_off(session).await;
            Setback::Failed(failure.of_a_read())
        }
        Setback::Failed(failure) if failure.breaks() => {
            session.discard();
            Setback::Failed(failure)
        }
        setback => {
            roll_back(session).await;
            setback
        }
    }
}

async fn roll_back(session: &mut Session) {
    let ended = match session.watched().await {
        Ok((db, watch)) => watch.over(async { db.execute("ROLLBACK").await.map_err(Failure::from) }).await,
        Err(error) => Err(error.into()),
    };
    match ended {
        Ok(_) => {}
        Err(Failure::InDoubt(_)) => cut_off(session).await,
        Err(_) => session.discard(),
    }
}

/// Ends a session that fell silent before anything was committed.
async fn cut_off(session: &mut Session) {
    let name = session.server().map_or_else(String::new, |server| server.name);
    session.discard();
    settle::end(session, &name).await;
}

/// Does everything but the end.
async fn fill(
    db: &mut MySqlConnection,
    packet: usize,
    (commits, way): (&[&Commit], &Way),
) -> Result<(Vec<Answer>, Option<Ending>), Setback> {
    let mut book = Book::open(db, packet, commits).await?;
    if way.ids {
        book.learn_ids(db, commits).await?;
    }
    let mut answers = Vec::with_capacity(commits.len());
    for commit in commits {
        let answer = match limits::check(commit, packet) {
            Err(error) => Err(error),
            Ok(()) if way.careful && !apply::is_plain(commit) => guarded(db, &mut book, commit).await?,
            Ok(()) => plain(db, &mut book, commit).await?,
        };
        answers.push(answer);
    }
    let ending = book.close(db, Clock::system().uuid()).await?;
    Ok((answers, ending))
}

async fn plain<'a>(db: &mut MySqlConnection, book: &mut Book<'a>, commit: &'a Commit) -> Result<Answer, Setback> {
    match apply::commit(db, book, commit).await {
        Ok(done) => Ok(Ok(done)),
        Err(Failure::Own(_)) if book.wrote() => Err(Setback::Partly),
        Err(Failure::Own(error)) => Ok(Err(error)),
        Err(failure) => Err(failure.into()),
    }
}

async fn guarded<'a>(db: &mut MySqlConnection, book: &mut Book<'a>, commit: &'a Commit) -> Result<Answer, Setback> {
    db.execute("SAVEPOINT bw_commit").await.map_err(Failure::from)?;
    match apply::commit(db, book, commit).await {
        Ok(done) => Ok(Ok(done)),
        Err(Failure::Own(error)) => {
            db.execute("ROLLBACK TO SAVEPOINT bw_commit").await.map_err(Failure::from)?;
            Ok(Err(error))
        }
        Err(failure) => Err(failure.into()),
    }
}

/// Commits. Where the answer is lost, or is an error, another connection finds out what happened.
pub(in super::super) async fn end(session: &mut Session, ending: Ending) -> Result<(), Setback> {
    let name = session.server().map_or_else(String::new, |server| server.name);
    let place = session.place();
    let (db, watch) = session.watched().await.map_err(Failure::Own)?;
    let statements = sqlx::raw_sql(AssertSqlSafe(ending.statements()));
    let sent = watch.over(async { db.execute(statements).await.map_err(Failure::of_commit) }).await;
    let Err(failure) = sent else { return Ok(()) };
    session.discard();
    match settle(session, &name, &ending).await {
        Witness::Committed => Ok(()),
        Witness::Nothing => match failure {
            Failure::InDoubt(error) => Err(Failure::Sql(error).into()),
            failure => Err(failure.into()),
        },
        Witness::Unknown => Err(Setback::Unknown(failure.into_unknown(&place))),
    }
}
