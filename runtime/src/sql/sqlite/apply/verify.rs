//! All that could refuse a commit, looked at before it writes.

use rusqlite::{Connection, OptionalExtension};

use super::super::classify::Failure;
use super::{commands, events, generations, leases, marks, models};
use crate::store::{Append, Commit};

/// Refuses a commit that cannot be applied.
pub(super) fn all(db: &Connection, tenant: &str, commit: &Commit) -> Result<(), Failure> {
    for fence in &commit.fences {
        leases::check(db, fence)?;
    }
    for mark in &commit.inbox {
        marks::check_inbox(db, mark)?;
    }
    if !alone(commit) {
        heads(db, tenant, &commit.appends)?;
    }
    for seen in &commit.seen {
        models::check_seen(db, (tenant, commit.generation.as_ref()), seen)?;
    }
    generations::check_owners(db, &commit.generations)?;
    for undone in &commit.undone {
        commands::check_undone(db, undone, &commit.commands)?;
    }
    for moved in &commit.checkpoints {
        marks::check_checkpoint(db, moved)?;
    }
    generations::check_swaps(db, &commit.generations)?;
    Ok(())
}

/// Whether the statement that appends is the first to write and the only one to refuse: its own check is enough.
fn alone(commit: &Commit) -> bool {
    let others = commit.inbox.len() + commit.seen.len() + commit.undone.len() + commit.checkpoints.len();
    others + commit.generations.len() == 0 && commit.appends.len() == 1
}

/// Each stream is where its writer believes, also when one commit appends to it several times.
fn heads(db: &Connection, tenant: &str, appends: &[Append]) -> Result<(), Failure> {
    let mut grown: Vec<(&Append, u64)> = Vec::new();
    for append in appends.iter().filter(|append| !append.events.is_empty()) {
        let known = grown.iter().rev().find(|(earlier, _)| earlier.stream == append.stream).map(|(_, head)| *head);
        let head = match known {
            Some(head) => head,
            None => events::head(db, tenant, &append.stream)?,
        };
        events::admit(append, head)?;
        grown.push((append, head + append.events.len() as u64));
    }
    Ok(())
}

/// Whether a statement finds a row.
pub(super) fn exists(db: &Connection, sql: &str, params: impl rusqlite::Params) -> Result<bool, Failure> {
    Ok(db.prepare_cached(sql)?.query_row(params, |_| Ok(())).optional()?.is_some())
}
