//! Applies a commit inside a transaction, in the order of the contract.

mod columns;
mod commands;
mod dead;
mod events;
mod generations;
mod leases;
mod marks;
mod models;
mod outbox;

use sqlx::PgConnection;

use super::{super::words::tenant, classify::Failure};
pub(super) use events::{Appended, Batch, duplicate};
pub(super) use leases::{release, take};

use crate::store::{Commit, Committed};

/// Applies a commit, or says what is in its way; then the transaction is to be rolled back.
pub(super) async fn commit(db: &mut PgConnection, commit: &Commit) -> Result<Committed, Failure> {
    let tenant = tenant(commit.tenant.as_ref());
    leases::check(db, &commit.fences).await?;
    marks::inbox(db, &commit.inbox).await?;
    let mut done = Committed::default();
    for append in commit.appends.iter().filter(|append| !append.events.is_empty()) {
        done.appends.push(events::append(db, tenant, append).await?);
    }
    let part = (tenant, commit.generation.as_ref());
    marks::lock_checkpoints(db, commit).await?;
    generations::hold(db, commit).await?;
    models::check_seen(db, part, (&commit.seen, &commit.models)).await?;
    generations::own(db, &commit.generations).await?;
    models::write(db, part, &commit.models).await?;
    marks::snapshots(db, tenant, &commit.snapshots).await?;
    commands::record(db, &commit.commands).await?;
    commands::undo(db, &commit.undone).await?;
    marks::checkpoints(db, &commit.checkpoints).await?;
    done.swept = generations::turn(db, &commit.generations).await?;
    dead::change(db, &commit.dead, &mut done.parked).await?;
    outbox::forget(db, &commit.published).await?;
    outbox::add(db, &commit.outbox).await?;
    Ok(done)
}
