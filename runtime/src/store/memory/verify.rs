//! Everything that can refuse a commit, in the order of the contract.
//!
//! A check sees the state as the earlier parts of the same commit would leave it: of two appends to one stream the second
//! is held against the version after the first, and a message id given twice is a duplicate within the commit, too.

use std::collections::{HashMap, HashSet};

use super::{
    generations,
    models::{self, Values},
    state::State,
};
use crate::{
    envelope::StreamId,
    error::Error,
    store::{Commit, refusal},
    version::Version,
};

/// Says why a commit is refused, or the new values of its read models.
pub(super) fn verify(state: &State, commit: &Commit) -> Result<Values, Error> {
    fences(state, commit)?;
    inbox(state, commit)?;
    appends(state, commit)?;
    seen(state, commit)?;
    generations::owners(state, commit)?;
    let values = models::values(state, commit)?;
    commands(state, commit)?;
    undone(state, commit)?;
    checkpoints(state, commit)?;
    generations::swaps(state, commit)?;
    Ok(values)
}

fn fences(state: &State, commit: &Commit) -> Result<(), Error> {
    commit.fences.iter().try_for_each(|fence| match state.leases.get(&fence.resource) {
        Some(holding) if holding.fence == fence.fence && holding.holder.is_some() => Ok(()),
        _ => Err(refusal::lease_lost(fence)),
    })
}

fn inbox(state: &State, commit: &Commit) -> Result<(), Error> {
    let mut new = HashSet::new();
    commit.inbox.iter().try_for_each(|mark| {
        let old = state.is_marked(&mark.consumer, mark.message) || !new.insert((&mark.consumer, mark.message));
        if old { Err(refusal::duplicate_mark(mark)) } else { Ok(()) }
    })
}

fn appends(state: &State, commit: &Commit) -> Result<(), Error> {
    let mut versions: HashMap<&StreamId, Version> = HashMap::new();
    let mut new = HashSet::new();
    for append in commit.appends.iter().filter(|append| !append.events.is_empty()) {
        let stream = &append.stream;
        let version = versions.entry(stream).or_insert_with(|| state.version(&commit.tenant, stream));
        if !append.expected.admits(*version) {
            return Err(refusal::conflict(append, *version));
        }
        *version = version.plus(append.events.len() as u64);
        for event in &append.events {
            if state.event_ids.contains_key(&event.id) || !new.insert(event.id) {
                return Err(refusal::duplicate_event(event.id));
            }
        }
    }
    Ok(())
}

fn seen(state: &State, commit: &Commit) -> Result<(), Error> {
    commit.seen.iter().try_for_each(|seen| {
        let revision = state.revision(&state.table(&commit.tenant, seen.model, commit.generation.as_ref()), &seen.key);
        if revision == seen.revision { Ok(()) } else { Err(refusal::row_changed(seen)) }
    })
}

fn commands(state: &State, commit: &Commit) -> Result<(), Error> {
    let mut new = HashSet::new();
    commit.commands.iter().try_for_each(|record| {
        let old = state.command_at.contains_key(&record.id) || !new.insert(record.id);
        if old { Err(refusal::duplicate_event(record.id)) } else { Ok(()) }
    })
}

fn undone(state: &State, commit: &Commit) -> Result<(), Error> {
    let mut new = HashSet::new();
    commit.undone.iter().try_for_each(|undo| {
        let recorded = || commit.commands.iter().find(|record| record.id == undo.run);
        let run = state.command(undo.run).or_else(recorded).ok_or_else(|| refusal::no_such_run(undo.run))?;
        let old = run.undone_by.is_some() || !new.insert(undo.run);
        if old { Err(refusal::already_undone(undo.run)) } else { Ok(()) }
    })
}

fn checkpoints(state: &State, commit: &Commit) -> Result<(), Error> {
    let mut moved = HashMap::new();
    commit.checkpoints.iter().try_for_each(|checkpoint| {
        let stored = || state.checkpoints.get(&checkpoint.name).copied();
        let actual = moved.insert(&checkpoint.name, checkpoint.to).or_else(stored);
        if actual == checkpoint.from { Ok(()) } else { Err(refusal::checkpoint_moved(checkpoint)) }
    })
}
