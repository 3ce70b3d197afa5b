//! Flaws of commits.

use std::{
    collections::HashSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    time::Duration,
};

use bailiwick::{
    Clock, Envelope, Error, ErrorKind, Expected, Position, Store, Version,
    envelope::{Metadata, StreamId},
    store::{Commit, Committed, DeadLetterChange, Load, ModelChange, ModelKey, OutboxMessage},
    version::ConcurrencyConflict,
};
use tokio::{task::yield_now, time::sleep};

use super::{flaws::Flaw, generations, store::Toy};

/// The stream as a flawed store knows it.
pub fn stream(flaw: Flaw, stream: &StreamId) -> StreamId {
    let id = match flaw {
        Flaw::FoldsCase => stream.id().to_lowercase(),
        Flaw::TrimsIds => stream.id().trim().to_owned(),
        _ => return stream.clone(),
    };
    StreamId::new(stream.category().to_owned(), id).unwrap()
}

fn error(code: &'static str) -> Error {
    Error::new(ErrorKind::Conflict, code, "the toy says so")
}

pub async fn commit(toy: &Toy, mut commit: Commit) -> Result<Committed, Error> {
    remember(toy, &commit);
    bend_events(toy, &mut commit).await?;
    bend_models(toy, &mut commit).await?;
    bend_rest(toy, &mut commit).await?;
    generations::bend(toy, &mut commit).await?;
    let lengths: Vec<u64> = commit.appends.iter().map(|append| append.events.len() as u64).collect();
    let answer = match toy.flaw {
        Flaw::WritesPartsBeforeItChecks => in_parts(toy, commit).await,
        Flaw::HalfVisible | Flaw::HalfOnCancel => in_halves(toy, commit).await,
        Flaw::PositionsBeforeCommit => seen_late(toy, commit).await,
        _ => toy.inner().commit(commit).await,
    };
    bend_answer(toy.flaw, answer, &lengths)
}

fn bend_answer(flaw: Flaw, answer: Result<Committed, Error>, lengths: &[u64]) -> Result<Committed, Error> {
    match answer {
        Err(error_) if flaw == Flaw::ConflictWithoutCause && error_.is_conflict() => Err(error("store/conflict")),
        Err(error_) if flaw == Flaw::DuplicateWithoutField && error_.code() == "inbox/duplicate" => {
            Err(error("inbox/duplicate"))
        }
        Ok(mut committed) if flaw == Flaw::AnswersFirstPosition => {
            let lengths = lengths.iter().filter(|length| **length > 0);
            for ((_, position), length) in committed.appends.iter_mut().zip(lengths) {
                *position = Position::new(position.get() + 1 - length);
            }
            Ok(committed)
        }
        answer => answer,
    }
}

fn remember(toy: &Toy, commit: &Commit) {
    let mut aside = toy.aside.lock().unwrap();
    for snapshot in &commit.snapshots {
        let key = (commit.tenant.clone(), snapshot.stream.clone());
        aside.snapshots.insert(key, snapshot.clone());
    }
}

async fn version(toy: &Toy, commit: &Commit, stream: &StreamId) -> Result<Version, Error> {
    let events = toy.inner().load(Load::all(commit.tenant.clone(), stream.clone())).await?.events;
    Ok(Version::new(events.len() as u64))
}

async fn bend_events(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    if toy.flaw == Flaw::RefusesEmptyCommits && commit.is_empty() {
        return Err(error("store/empty"));
    }
    let mut met = HashSet::new();
    for at in 0..commit.appends.len() {
        let actual = version(toy, commit, &commit.appends[at].stream).await?;
        let append = &mut commit.appends[at];
        let lower = matches!(append.expected, Expected::Version(version) if version < actual);
        let second = !met.insert(append.stream.clone());
        append.stream = stream(toy.flaw, &append.stream);
        append.expected = match (toy.flaw, append.expected) {
            (Flaw::IgnoresExpected, _) => Expected::Any,
            (Flaw::NoStreamAdmitsAll, Expected::NoStream) => Expected::Any,
            (Flaw::AnyMeansNoStream, Expected::Any) => Expected::NoStream,
            (Flaw::VersionMayBeLower, _) if lower => Expected::Any,
            (Flaw::SecondAppendUnchecked, _) if second => Expected::Any,
            (Flaw::ReadsThenWrites, expected) if !expected.admits(actual) => {
                return Err(ConcurrencyConflict::new(append.stream.to_string(), expected, actual).into());
            }
            (Flaw::ReadsThenWrites, _) => Expected::Any,
            (Flaw::ChecksAppendsWithoutEvents, expected) if !expected.admits(actual) => {
                return Err(error("store/conflict"));
            }
            (_, expected) => expected,
        };
        if toy.flaw == Flaw::AppendsOutOfOrder {
            append.events.reverse();
        }
        append.events.iter_mut().for_each(|event| bend_event(toy.flaw, event));
    }
    if toy.flaw == Flaw::ReadsThenWrites {
        sleep(Duration::from_millis(1)).await;
    }
    Ok(())
}

fn bend_event(flaw: Flaw, event: &mut Envelope) {
    match flaw {
        Flaw::AcceptsKnownIds => event.id = Clock::system().message_id(),
        Flaw::LosesMetadata => event.metadata = Metadata::default(),
        Flaw::CutsPayloads => event.payload = event.payload.iter().take(65_536).copied().collect(),
        _ => {}
    }
}

async fn bend_models(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    match toy.flaw {
        Flaw::DropsDeletes => commit.models.retain(|write| !matches!(write.change, ModelChange::Delete)),
        Flaw::ReordersChanges => commit.models.reverse(),
        Flaw::IgnoresSeen => commit.seen.clear(),
        Flaw::RevisionsBeginAnew => {
            for seen in &mut commit.seen {
                let (tenant, generation) = (commit.tenant.clone(), commit.generation.clone());
                let key = ModelKey { tenant, model: seen.model, key: seen.key.clone(), generation };
                let actual = toy.inner().model(key).await?.map(|row| row.revision);
                seen.revision = seen.revision.and(actual);
            }
        }
        Flaw::SeesOwnWrites => {
            let own = commit.seen.iter().any(|seen| commit.models.iter().any(|write| write.key == seen.key));
            return if own { Err(error("store/seen_changed")) } else { Ok(()) };
        }
        Flaw::LosesUpdates => {
            for at in 0..commit.models.len() {
                let write = &commit.models[at];
                let (tenant, generation) = (commit.tenant.clone(), commit.generation.clone());
                let key = ModelKey { tenant, model: write.model, key: write.key.clone(), generation };
                let row = toy.inner().model(key).await?.map(|row| row.value);
                if let Some(value) = write.change.apply(row.as_deref())? {
                    commit.models[at].change = ModelChange::Put(value);
                }
            }
            yield_now().await;
        }
        _ => commit.models.iter_mut().for_each(|write| bend_change(toy.flaw, &mut write.change)),
    }
    Ok(())
}

fn bend_change(flaw: Flaw, change: &mut ModelChange) {
    let ModelChange::Update(update) = change else { return };
    let update = Arc::clone(update);
    *change = match flaw {
        Flaw::UpdatesFromNothing => ModelChange::Update(Arc::new(move |_| update(None))),
        Flaw::SwallowsFailedChanges => {
            ModelChange::Update(Arc::new(move |row| update(row).or_else(|_| Ok(row.map(<[u8]>::to_vec)))))
        }
        Flaw::DiesOfPanics => ModelChange::Update(Arc::new(move |row| {
            catch_unwind(AssertUnwindSafe(|| update(row))).unwrap_or_else(|_| Err(error("toy/died")))
        })),
        _ => return,
    };
}

async fn bend_rest(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    match toy.flaw {
        Flaw::LosesSnapshots => commit.snapshots.clear(),
        Flaw::AcceptsDuplicates | Flaw::MarksTooLate => bend_marks(toy, commit).await?,
        Flaw::OneInboxForAll => commit.inbox.iter_mut().for_each(|mark| mark.consumer = "all".into()),
        Flaw::CheckpointsStandStill => commit.checkpoints.clear(),
        Flaw::CheckpointsUnguarded => {
            for checkpoint in &mut commit.checkpoints {
                checkpoint.from = toy.inner().checkpoint(checkpoint.name.clone()).await?;
            }
        }
        Flaw::AuditWithoutUndo => commit.commands.iter_mut().for_each(|record| record.undo = None),
        Flaw::UndoesTwice => {
            let undone = std::mem::take(&mut commit.undone);
            for undo in undone {
                let record = toy.inner().command(undo.run).await?;
                commit.undone.extend(record.is_none_or(|record| record.undone_by.is_none()).then_some(undo));
            }
        }
        Flaw::ForgetsRemoval => commit.published.clear(),
        Flaw::OutboxLosesKeys => commit.outbox.iter_mut().for_each(|message: &mut OutboxMessage| {
            message.envelope.key = None;
        }),
        Flaw::IgnoresFences | Flaw::SameFenceForAll => commit.fences.clear(),
        Flaw::ParksWithoutError | Flaw::ParksTwice | Flaw::DeadNotRemoved | Flaw::DeadForever => {
            bend_dead(toy, commit).await?;
        }
        _ => {}
    }
    Ok(())
}

async fn bend_marks(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    let early = unmarked(toy, commit).await?;
    if toy.flaw == Flaw::MarksTooLate {
        if early.len() < commit.inbox.len() {
            return Ok(()); // the inner store refuses it
        }
        sleep(Duration::from_millis(1)).await;
    }
    commit.inbox = unmarked(toy, commit).await?;
    Ok(())
}

async fn unmarked(toy: &Toy, commit: &Commit) -> Result<Vec<bailiwick::store::InboxMark>, Error> {
    let mut left = Vec::new();
    for mark in &commit.inbox {
        if toy.inner().marked(mark.consumer.clone(), vec![mark.message]).await? == [false] {
            left.push(mark.clone());
        }
    }
    Ok(left)
}

async fn bend_dead(toy: &Toy, commit: &mut Commit) -> Result<(), Error> {
    for change in &mut commit.dead {
        match (toy.flaw, change) {
            (Flaw::ParksWithoutError, DeadLetterChange::Park(letter)) => letter.error.clear(),
            (Flaw::ParksTwice, DeadLetterChange::Park(letter)) => {
                letter.message.envelope.id = Clock::system().message_id()
            }
            (Flaw::DeadForever, DeadLetterChange::Remove(no)) => {
                let letters = toy.inner().dead_letters(*no - 1, 1).await?;
                let ids = letters.into_iter().map(|letter| (letter.source, letter.message.envelope.id));
                toy.aside.lock().unwrap().removed.extend(ids);
            }
            _ => {}
        }
    }
    let removed = toy.aside.lock().unwrap().removed.clone();
    commit.dead.retain(|change| match change {
        DeadLetterChange::Park(letter) => !removed.contains(&(letter.source.clone(), letter.message.envelope.id)),
        DeadLetterChange::Remove(_) => toy.flaw != Flaw::DeadNotRemoved,
        DeadLetterChange::Mark(..) => true,
    });
    Ok(())
}

/// Writes table by table, and says only at the end that one of them was refused.
async fn in_parts(toy: &Toy, commit: Commit) -> Result<Committed, Error> {
    let Commit {
        tenant,
        generation,
        fences,
        inbox,
        appends,
        seen,
        models,
        snapshots,
        commands,
        undone,
        checkpoints,
        ..
    } = commit;
    let (dead, published, outbox, generations) = (commit.dead, commit.published, commit.outbox, commit.generations);
    let of = || Commit { tenant: tenant.clone(), generation: generation.clone(), ..Commit::default() };
    let mut parts = vec![Commit { fences, inbox, seen, ..of() }];
    parts.extend(appends.into_iter().map(|append| Commit { appends: vec![append], ..of() }));
    parts.extend(models.into_iter().map(|write| Commit { models: vec![write], ..of() }));
    parts.extend(checkpoints.into_iter().map(|checkpoint| Commit { checkpoints: vec![checkpoint], ..of() }));
    parts.push(Commit { snapshots, commands, undone, generations, dead, published, outbox, ..of() });
    let (mut committed, mut refusal) = (Committed::default(), None);
    for part in parts {
        match toy.inner().commit(part).await {
            Ok(part) => {
                committed.appends.extend(part.appends);
                committed.parked.extend(part.parked);
                committed.swept += part.swept;
            }
            Err(error) => refusal = refusal.or(Some(error)),
        }
    }
    refusal.map_or(Ok(committed), Err)
}

/// Writes the events, then the rest.
async fn in_halves(toy: &Toy, mut commit: Commit) -> Result<Committed, Error> {
    let rest = Commit {
        tenant: commit.tenant.clone(),
        generation: commit.generation.clone(),
        models: std::mem::take(&mut commit.models),
        outbox: std::mem::take(&mut commit.outbox),
        ..Commit::default()
    };
    let committed = toy.inner().commit(commit).await?;
    yield_now().await;
    toy.inner().commit(rest).await?;
    Ok(committed)
}

/// Gives some events their positions a moment before a reader sees them.
async fn seen_late(toy: &Toy, commit: Commit) -> Result<Committed, Error> {
    let committed = toy.inner().commit(commit).await?;
    let position = committed.position();
    if position.get() % 5 == 0 {
        toy.aside.lock().unwrap().hidden.insert(position);
        sleep(Duration::from_millis(1)).await;
        toy.aside.lock().unwrap().hidden.remove(&position);
    }
    Ok(committed)
}
