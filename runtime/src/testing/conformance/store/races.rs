//! Many at once, and commits whose callers went away.
//!
//! The writers are tasks: run the suite on a multi-thread runtime, so that they really meet.

use std::{collections::BTreeSet, future::Future, time::Duration};

use futures_util::{FutureExt, poll};
use tokio::{
    task::{JoinSet, yield_now},
    time::sleep,
};

use crate::{
    error::Error,
    store::{AnyStore, Append, Commit, Committed, InboxMark, Load, ModelKey},
    testing::conformance::{
        case::{Failure, Outcome, check, same},
        samples::{ALL, NOON, append, count, event, id, message, number, put, stream},
    },
    version::{Expected, Position, Version},
};

/// Runs all at once and waits for all.
async fn together<T, F>(works: impl IntoIterator<Item = F>) -> Result<Vec<T>, Failure>
where
    T: Send + 'static,
    F: Future<Output = Result<T, Failure>> + Send + 'static,
{
    let mut tasks: JoinSet<Result<T, Failure>> = works.into_iter().collect();
    let mut answers = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.map_err(|error| Failure::from(format!("a writer ended early: {error}")))??);
    }
    Ok(answers)
}

/// Commits, again if the store was busy: such an answer says that nothing was written.
async fn persist(store: &AnyStore, mut commit: impl FnMut() -> Commit) -> Result<Committed, Error> {
    loop {
        match store.commit(commit()).await {
            Err(error) if error.is_transient() && error.code() != "store/closed" => yield_now().await,
            answer => return answer,
        }
    }
}

pub(super) async fn each_version_has_exactly_one_winner(store: AnyStore) -> Outcome {
    for round in 0..8 {
        let writers = (0..16).map(|writer| {
            let store = store.clone();
            async move {
                let stream = stream("a")?;
                let expected = Expected::at(Version::new(round));
                match persist(&store, || append(&stream, expected, vec![event(writer)])).await {
                    Ok(_) => Ok(1),
                    Err(error) if error.code() == "store/conflict" => Ok(0),
                    Err(error) => Err(error.into()),
                }
            }
        });
        let winners: u64 = together(writers).await?.iter().sum();
        same(&format!("the winners of version {}", round + 1), &winners, &1)?;
    }
    Ok(())
}

/// Whoever believed the stream at a version wrote the next one.
fn follows(believed: Version, committed: &Committed) -> Outcome {
    let version = committed.appends.first().map(|(version, _)| *version);
    same("the version of a writer's event", &version, &Some(believed.plus(1)))
}

pub(super) async fn appenders_that_load_again_leave_no_gap(store: AnyStore) -> Outcome {
    const WRITERS: u64 = 64;
    let writers = (1..=WRITERS).map(|writer| {
        let store = store.clone();
        async move {
            let stream = stream("a")?;
            loop {
                let at = Version::new(store.load(Load::all(None, stream.clone())).await?.events.len() as u64);
                yield_now().await;
                match persist(&store, || append(&stream, Expected::at(at), vec![event(writer)])).await {
                    Ok(committed) => return follows(at, &committed),
                    Err(error) if error.is_conflict() => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
    });
    together(writers).await?;
    let events = store.load(Load::all(None, stream("a")?)).await?.events;
    let versions: Vec<u64> = events.iter().map(|event| event.version.get()).collect();
    same("the versions", &versions, &(1..=WRITERS).collect())?;
    let numbers: BTreeSet<u64> = events.iter().map(|event| number(&event.envelope)).collect();
    same("the writers", &numbers, &(1..=WRITERS).collect())
}

pub(super) async fn a_message_has_exactly_one_handler(store: AnyStore) -> Outcome {
    let message = id();
    let handlers = (0..16).map(|_| {
        let store = store.clone();
        async move {
            let mark = InboxMark { consumer: "reader".into(), message, at: NOON };
            let handle = || Commit { inbox: vec![mark.clone()], models: vec![count("effect")], ..Commit::default() };
            match persist(&store, handle).await {
                Ok(_) => Ok(1),
                Err(error) if error.code() == "inbox/duplicate" => Ok(0),
                Err(error) => Err(error.into()),
            }
        }
    });
    let winners: u64 = together(handlers).await?.iter().sum();
    same("the handlers that won", &winners, &1)
}

pub(super) async fn updates_of_one_row_lose_nothing(store: AnyStore) -> Outcome {
    let writers = (0..100).map(|_| {
        let store = store.clone();
        async move {
            yield_now().await;
            let update = || Commit { models: vec![count("a")], ..Commit::default() };
            persist(&store, update).await.map_err(Failure::from)
        }
    });
    together(writers).await?;
    let key = ModelKey { tenant: None, model: "conformance", key: "a".into(), generation: None };
    same("the count", &store.model(key).await?.map(|row| row.value), &Some(b"100".to_vec()))
}

/// Events for three streams and one outbox message, as one commit.
fn three_and_one(writer: u64) -> Result<Commit, Failure> {
    let to = |part: u64| -> Result<Append, Failure> {
        let stream = stream(format!("{writer}-{part}"))?;
        Ok(Append { stream, expected: Expected::Any, events: vec![event(writer)] })
    };
    let appends = vec![to(1)?, to(2)?, to(3)?];
    Ok(Commit { appends, outbox: vec![message(None, writer)], ..Commit::default() })
}

/// Lets eight writers commit fifty times each while `reader` reads.
async fn while_writing(store: &AnyStore, reader: impl Future<Output = Outcome> + Send + 'static) -> Outcome {
    let writers = (0..8).map(|writer| {
        let store = store.clone();
        let write = async move {
            for _ in 0..50 {
                let next = || three_and_one(writer).unwrap_or_default();
                persist(&store, next).await?;
                yield_now().await;
            }
            Ok(())
        };
        write.boxed()
    });
    together(writers.chain([reader.boxed()])).await.map(drop)
}

pub(super) async fn a_reader_of_the_global_order_misses_no_event(store: AnyStore) -> Outcome {
    const EVENTS: usize = 8 * 50 * 3;
    let source = store.clone();
    let reader = async move {
        let (mut found, mut after) = (Vec::new(), Position::START);
        while found.len() < EVENTS {
            let part = source.read(after, 7).await?;
            after = part.last().map_or(after, |event| event.position);
            found.extend(part.into_iter().map(|event| event.position));
            let total = source.counts().await?.events as usize;
            let caught_up = total == EVENTS && source.read(after, 1).await?.is_empty();
            check(!caught_up || found.len() == EVENTS, format!("the reader saw {} of {EVENTS} events", found.len()))?;
            yield_now().await;
        }
        let all: Vec<Position> = source.read(Position::START, ALL).await?.iter().map(|event| event.position).collect();
        same("what the reader saw", &found, &all)
    };
    while_writing(&store, reader).await
}

pub(super) async fn a_reader_sees_a_commit_wholly_or_not_at_all(store: AnyStore) -> Outcome {
    const EVENTS: u64 = 8 * 50 * 3;
    let source = store.clone();
    let reader = async move {
        loop {
            let counts = source.counts().await?;
            same("the outbox rows beside the events", &(3 * counts.outbox), &counts.events)?;
            let read = source.read(Position::START, ALL).await?.len();
            same("the events of a commit that is half there", &(read % 3), &0)?;
            if read as u64 == EVENTS {
                return Ok(());
            }
            yield_now().await;
        }
    };
    while_writing(&store, reader).await
}

/// What became of a commit of [`abandoned`]: its event, its row and its outbox message.
async fn remains(store: &AnyStore, polls: u64) -> Result<(bool, bool, bool), Failure> {
    let event = store.load(Load::all(None, stream(polls.to_string())?)).await?.events.len() == 1;
    let key = ModelKey { tenant: None, model: "conformance", key: polls.to_string(), generation: None };
    let row = store.model(key).await?.is_some();
    let sent = store.outbox(0, ALL).await?.iter().any(|row| number(&row.message.envelope) == polls);
    Ok((event, row, sent))
}

/// Begins a commit, polls it so many times and drops it.
async fn abandoned(store: &AnyStore, polls: u64) -> Outcome {
    let commit = Commit {
        models: vec![put(&polls.to_string(), "1")],
        outbox: vec![message(None, polls)],
        ..append(&stream(polls.to_string())?, Expected::NoStream, vec![event(polls)])
    };
    let mut commit = Box::pin(store.commit(commit));
    for _ in 0..polls {
        if poll!(&mut commit).is_ready() {
            break;
        }
        yield_now().await;
    }
    Ok(())
}

pub(super) async fn a_commit_dropped_at_any_poll_is_whole_or_nothing(store: AnyStore) -> Outcome {
    for polls in 0..12 {
        abandoned(&store, polls).await?;
    }
    store.commit(Commit::default()).await?;
    for polls in 0..12 {
        let mut found = remains(&store, polls).await?;
        for _ in 0..40 {
            if found == (true, true, true) || found == (false, false, false) {
                break;
            }
            sleep(Duration::from_millis(25)).await; // it may be under way: then it becomes whole
            found = remains(&store, polls).await?;
        }
        let whole = found.0 == found.1 && found.1 == found.2;
        check(whole, format!("after {polls} polls (event, row, message) are there: {found:?}"))?;
        check(polls > 0 || !found.0, "a commit that was never polled was applied")?;
    }
    Ok(())
}
