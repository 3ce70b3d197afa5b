//! Applies a commit inside the writer's transaction.
//!
//! All that could refuse it is looked at first, in the order of the contract, so that a refused commit has usually
//! written nothing. The keys of the tables stay the second line: what they refuse is undone by the group.

mod commands;
mod dead;
mod events;
mod generations;
mod leases;
mod marks;
mod models;
mod outbox;
mod verify;

use rusqlite::Connection;

use super::{classify::Failure, rows::tenant};
use crate::store::{Commit, Committed, ModelChange};
pub(super) use leases::{release, take};

/// Applies a commit, or refuses it.
pub(super) fn commit(db: &Connection, commit: &Commit) -> Result<Committed, Failure> {
    let tenant = tenant(commit.tenant.as_ref());
    verify::all(db, tenant, commit)?;
    let mut done = Committed::default();
    marks::inbox(db, &commit.inbox)?;
    for append in commit.appends.iter().filter(|append| !append.events.is_empty()) {
        done.appends.push(events::append(db, tenant, append)?);
    }
    generations::own(db, &commit.generations)?;
    models::write(db, (tenant, commit.generation.as_ref()), &commit.models)?;
    marks::snapshots(db, tenant, &commit.snapshots)?;
    commands::record(db, &commit.commands)?;
    commands::undo(db, &commit.undone)?;
    marks::checkpoints(db, &commit.checkpoints)?;
    done.swept = generations::turn(db, &commit.generations)?;
    dead::change(db, &commit.dead, &mut done.parked)?;
    outbox::forget(db, &commit.published)?;
    outbox::add(db, &commit.outbox)?;
    Ok(done)
}

/// About how many bytes a commit writes.
pub(super) fn weight(commit: &Commit) -> usize {
    const ROW: usize = 128;
    let events = commit.appends.iter().flat_map(|append| &append.events);
    let outbox = commit.outbox.iter().map(|message| &message.envelope);
    let payloads: usize = events.chain(outbox).map(|envelope| ROW + envelope.payload.len()).sum();
    let models = commit.models.iter().map(|write| match &write.change {
        ModelChange::Put(value) => ROW + value.len(),
        ModelChange::Delete | ModelChange::Update(_) => ROW,
    });
    let snapshots = commit.snapshots.iter().map(|snapshot| ROW + snapshot.state.len());
    payloads + models.sum::<usize>() + snapshots.sum::<usize>()
}
