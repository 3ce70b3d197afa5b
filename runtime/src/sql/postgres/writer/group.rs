//! The commits that one connection has taken.

use std::collections::HashSet;

use sqlx::{Executor, PgConnection};

use super::{
    super::{
        super::{
            server::{Job, unreachable},
            words::tenant,
        },
        apply::{self, Appended, Batch},
        classify::Failure,
        connection::{Server, Session},
    },
    settle::{Trace, Witness, begin, settle},
};
use crate::{
    envelope::StreamId,
    error::Error,
    store::{Append, Commit, Committed, refusal},
    tenant::TenantId,
};

/// How often a commit that lost a race begins again before the race is its caller's.
const ATTEMPTS: usize = 16;

/// Applies the commits and answers everybody.
pub(super) async fn run(session: &mut Session, jobs: Vec<Job>) {
    let (together, alone) = divide(jobs);
    let alone = match merged(session, together).await {
        Ok(()) => alone,
        Err(mut again) => {
            again.extend(alone);
            again
        }
    };
    for job in alone {
        let answer = one(session, &job.commit).await;
        job.answer(answer);
    }
}

/// Those that can be one statement, and the others. What comes later for a stream that is taken must follow.
fn divide(jobs: Vec<Job>) -> (Vec<Job>, Vec<Job>) {
    let mut taken: HashSet<(Option<TenantId>, StreamId)> = HashSet::new();
    let (mut together, mut alone) = (Vec::new(), Vec::new());
    for job in jobs {
        let mut streams = job.commit.appends.iter().map(|append| (job.commit.tenant.clone(), append.stream.clone()));
        let fits = is_plain(&job.commit) && !streams.clone().any(|stream| taken.contains(&stream));
        streams.by_ref().for_each(|stream| {
            taken.insert(stream);
        });
        if fits { together.push(job) } else { alone.push(job) }
    }
    (together, alone)
}

/// Whether a commit is appends to different streams, and outbox rows.
pub(super) fn is_plain(commit: &Commit) -> bool {
    let Commit {
        tenant: _,
        generation: _,
        fences,
        inbox,
        appends,
        seen,
        models,
        snapshots,
        commands,
        undone,
        checkpoints,
        generations,
        dead,
        published,
        outbox: _,
    } = commit;
    let others = fences.len() + inbox.len() + seen.len() + models.len() + snapshots.len() + commands.len();
    let others = others + undone.len() + checkpoints.len() + generations.len() + dead.len() + published.len();
    let mut streams = HashSet::new();
    others == 0
        && appends.iter().all(|append| !append.events.is_empty() && streams.insert(&append.stream))
        && !appends.is_empty()
}

/// Applies plain commits with one statement. Those of which it has written nothing, without knowing why, are given back; if it
/// fails, these are all.
async fn merged(session: &mut Session, jobs: Vec<Job>) -> Result<(), Vec<Job>> {
    if jobs.len() < 2 {
        return if jobs.is_empty() { Ok(()) } else { Err(jobs) };
    }
    let commits: Vec<&Commit> = jobs.iter().map(|job| &job.commit).collect();
    let outcome = statement(session, &commits).await;
    match outcome {
        Ok(answers) => answer(jobs, answers),
        Err(Failure::InDoubt(_)) => {
            settle_all(session, jobs).await;
            Ok(())
        }
        Err(failure) => {
            let place = session.place();
            let _each_will_meet_its_own = session.doubt(failure, &place);
            Err(jobs)
        }
    }
}

/// Answers those for whom there is an answer, and gives back the others.
fn answer(jobs: Vec<Job>, answers: Vec<Option<Verdict>>) -> Result<(), Vec<Job>> {
    let mut again = Vec::new();
    for (job, answer) in jobs.into_iter().zip(answers) {
        match answer {
            Some(answer) => job.answer(answer),
            None => again.push(job),
        }
    }
    if again.is_empty() { Ok(()) } else { Err(again) }
}

/// Asks for each what became of it. If nobody answers for the first, nobody waits as long again for the others.
async fn settle_all(session: &mut Session, jobs: Vec<Job>) {
    let server = session.server();
    session.discard();
    let mut jobs = jobs.into_iter();
    while let Some(job) = jobs.next() {
        match settle(session, server, (&job.commit, None)).await {
            Witness::Committed(done) => job.answer(Ok(done)),
            Witness::Nothing => {
                let answer = one(session, &job.commit).await;
                job.answer(answer);
            }
            Witness::Unknown(error) => {
                job.answer(Err(error.clone()));
                return jobs.for_each(|job| job.answer(Err(error.clone())));
            }
        }
    }
}

/// Applies one commit. One that lost a race begins again, and meets what the winner left.
async fn one(session: &mut Session, commit: &Commit) -> Result<Committed, Error> {
    let place = session.place();
    let (mut attempts, mut trace) = (1.., None);
    loop {
        let last = attempts.next().is_none_or(|attempt| attempt >= ATTEMPTS);
        let failure = match attempt(session, commit, &mut trace).await {
            Ok(done) => return Ok(done),
            Err(Failure::InDoubt(_)) => match doubtful(session, (commit, trace.take())).await {
                Witness::Committed(done) => return Ok(done),
                Witness::Nothing if !last => continue,
                Witness::Nothing => return Err(unreachable(&place)),
                Witness::Unknown(error) => return Err(error),
            },
            Err(failure) => failure,
        };
        if failure.is_lost() && !last {
            session.discard(); // the server had closed it, or the transaction went with it
            continue;
        }
        if matches!(&failure, Failure::Sql(error) if error.constraint() == Some("bw_event_message")) {
            return Err(duplicate(session, commit, &place).await);
        }
        if last || !failure.lost_a_race() {
            return Err(session.doubt(failure, &place));
        }
    }
}

/// Asks on another connection what became of a commit.
pub(in super::super) async fn doubtful(session: &mut Session, commit: (&Commit, Option<Trace>)) -> Witness {
    let server = session.server();
    session.discard();
    settle(session, server, commit).await
}

pub(in super::super) async fn duplicate(session: &mut Session, commit: &Commit, place: &str) -> Error {
    let found = match session.watched().await {
        Ok((db, watch)) => watch.over(apply::duplicate(db, &commit.appends)).await,
        Err(error) => Err(error.into()),
    };
    found.unwrap_or_else(|failure| session.doubt(failure.of_a_read(), place))
}

pub(super) async fn attempt(
    session: &mut Session,
    commit: &Commit,
    trace: &mut Option<Trace>,
) -> Result<Committed, Failure> {
    if is_plain(commit) {
        let answer = statement(session, &[commit]).await?.pop().flatten();
        return answer.ok_or(sqlx::Error::RowNotFound)?.map_err(Failure::Own);
    }
    session.ready().await?;
    let server = session.server();
    let (db, watch) = session.watched().await?;
    let (done, ended) = watch.over(async { Ok::<_, Failure>(ended(db, (commit, server), trace).await) }).await?;
    if !ended {
        session.discard();
    }
    done
}

/// A transaction that was not committed is rolled back, or else it says that it may go on.
async fn ended(
    db: &mut PgConnection,
    commit: (&Commit, Option<Server>),
    trace: &mut Option<Trace>,
) -> (Result<Committed, Failure>, bool) {
    let done = transaction(db, commit, trace).await;
    let begun = matches!(done, Err(Failure::Own(_) | Failure::Sql(_)));
    let ended = !begun || db.execute("ROLLBACK").await.is_ok();
    (done, ended)
}

async fn transaction(
    db: &mut PgConnection,
    (commit, server): (&Commit, Option<Server>),
    trace: &mut Option<Trace>,
) -> Result<Committed, Failure> {
    *trace = begin(db, commit, server).await?;
    let done = apply::commit(db, commit).await?;
    trace.iter_mut().for_each(|trace| trace.done = done.clone());
    db.execute("COMMIT").await.map_err(Failure::of_commit)?;
    Ok(done)
}

/// One statement for all; an answer for each, unless that is for another statement to find.
async fn statement(session: &mut Session, commits: &[&Commit]) -> Result<Vec<Option<Verdict>>, Failure> {
    let mut batch = Batch::default();
    for (unit, commit) in (0..).zip(commits) {
        for append in &commit.appends {
            batch.append(unit, tenant(commit.tenant.as_ref()), append)?;
        }
        batch.send(unit, &commit.outbox)?;
    }
    let (db, watch) = session.watched().await?;
    let mut appended = watch.over(batch.write(db)).await?.into_iter();
    Ok(commits.iter().map(|commit| verdict(&commit.appends, &mut appended)).collect())
}

type Verdict = Result<Committed, Error>;

fn verdict(appends: &[Append], appended: &mut impl Iterator<Item = Option<Appended>>) -> Option<Verdict> {
    let outcomes: Vec<Option<Appended>> = appended.take(appends.len()).collect();
    let outcomes: Option<Vec<Appended>> = outcomes.into_iter().collect();
    let outcomes: Vec<(&Append, Appended)> = appends.iter().zip(outcomes?).collect();
    let refused = outcomes.iter().find(|(append, outcome)| !append.expected.admits(outcome.head));
    if let Some((append, outcome)) = refused {
        return Some(Err(refusal::conflict(append, outcome.head)));
    }
    let appends = outcomes.into_iter().filter_map(|(_, outcome)| outcome.last).collect();
    Some(Ok(Committed { appends, ..Committed::default() }))
}
