//! Applies commits inside the writer's transaction.
//!
//! Whoever writes has locked the turn, so nothing changes between a look and a write. All that can be looked at is looked
//! at first; a refused commit has usually written nothing. Events and outbox rows are gathered and written at the end.

mod book;
mod commands;
mod dead;
mod generations;
mod leases;
mod marks;
mod models;
mod outbox;

use sqlx::MySqlConnection;

use super::{super::words::tenant, classify::Failure};
pub(super) use book::{Book, Ending};
pub(super) use leases::{release, take};

use crate::{
    error::Error,
    store::{Commit, Committed},
};

/// Applies a commit, or says what is in its way. [`Book::wrote`] says whether something was written before that.
pub(super) async fn commit<'a>(
    db: &mut MySqlConnection,
    book: &mut Book<'a>,
    commit: &'a Commit,
) -> Result<Committed, Failure> {
    let tenant = tenant(commit.tenant.as_ref());
    book.begin();
    leases::check(db, &commit.fences).await?;
    let (grown, changed) = match look(db, book, (tenant, commit)).await {
        Ok(found) => found,
        Err(Failure::Own(error)) => return Err(refuse(db, commit, error).await?),
        Err(failure) => return Err(failure),
    };
    marks::inbox(db, &commit.inbox).await?;
    if !is_plain(commit) {
        book.write();
    }
    generations::own(db, &commit.generations).await?;
    changed.write(db, book, (tenant, commit.generation.as_ref())).await?;
    marks::snapshots(db, tenant, &commit.snapshots).await?;
    commands::record(db, &commit.commands).await?;
    commands::undo(db, &commit.undone).await?;
    marks::checkpoints(db, &commit.checkpoints).await?;
    let swept = generations::turn(db, book.head(), &commit.generations).await?;
    let mut done = Committed { swept, ..Committed::default() };
    dead::change(db, &commit.dead, &mut done.parked).await?;
    outbox::forget(db, &commit.published).await?;
    done.appends = book.enter(tenant, commit, grown);
    Ok(done)
}

/// All that may be in the way of a commit after its fences and its inbox marks: where its streams would stand after it,
/// and what its read models would hold.
async fn look<'a>(
    db: &mut MySqlConnection,
    book: &Book<'a>,
    (tenant, commit): (&'a str, &'a Commit),
) -> Result<(Vec<u64>, models::Changed<'a>), Failure> {
    let grown = book.admit(tenant, &commit.appends)?;
    let part = (tenant, commit.generation.as_ref());
    models::check_seen(db, part, &commit.seen).await?;
    generations::check_owners(db, &commit.generations).await?;
    generations::check_swaps(db, book.head(), commit).await?;
    let changed = models::change(db, book.packet(), (part, &commit.models)).await?;
    Ok((grown, changed))
}

/// The reason that is told: a message that was handled already comes before all others.
async fn refuse(db: &mut MySqlConnection, commit: &Commit, error: Error) -> Result<Failure, Failure> {
    let handled = marks::handled(db, &commit.inbox).await?;
    Ok(handled.unwrap_or(error).into())
}

/// Whether a commit is nothing but events and outbox rows.
pub(super) fn is_plain(commit: &Commit) -> bool {
    let Commit {
        tenant: _,
        generation: _,
        fences,
        inbox,
        appends: _,
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
    others + undone.len() + checkpoints.len() + generations.len() + dead.len() + published.len() == 0
}
