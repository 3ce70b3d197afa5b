//! A shadow goes live, and what it replaces goes.

use super::{AnyProjection, Mode, park::is_parking, shadow::Shadow};
use crate::{
    error::{Error, ErrorKind},
    store::{AnyStore, Commit, Fence, GenerationChange, Swap, SwapGuard},
};

/// How many rows one transaction deletes.
const SWEPT: usize = 1_000;

/// Makes the shadow the live generation; false if it lacks something.
pub(super) async fn swap(store: &AnyStore, projection: &AnyProjection, shadow: &Shadow) -> Result<bool, Error> {
    let checkpoints = vec![shadow.finished(projection)];
    if projection.park_after().is_some() {
        // Who parks an event moves the checkpoint. If it is here before this look, and when the guard looks, nobody did.
        if store.checkpoint(projection.checkpoint()).await?.unwrap_or_default() != shadow.position {
            return Ok(false);
        }
        refuse_parked(store, projection).await?;
    }
    let generations = vec![GenerationChange::Swap(change(projection, shadow))];
    let fences = vec![shadow.fence.clone()];
    match store.commit(Commit { fences, checkpoints, generations, ..Commit::default() }).await {
        Ok(_) => Ok(true),
        Err(error) if error.code() == "store/generation_behind" => Ok(false),
        Err(error) => Err(error),
    }
}

fn change(projection: &AnyProjection, shadow: &Shadow) -> Swap {
    let guard = match projection.mode() {
        Mode::Inline => SwapGuard::Head,
        Mode::Async => SwapGuard::Checkpoint(projection.checkpoint()),
    };
    let (generation, position) = (shadow.generation, shadow.position);
    Swap { owner: projection.owner().to_owned(), generation, position, guard }
}

/// The rebuilt rows would have what a letter still brings.
pub(super) async fn refuse_parked(store: &AnyStore, projection: &AnyProjection) -> Result<(), Error> {
    let name = projection.name();
    if projection.park_after().is_none() || !is_parking(store, name).await? {
        return Ok(());
    }
    let message = "events of this projection are parked; requeue or discard them before a rebuild";
    Err(Error::new(ErrorKind::Conflict, "projection/parked", message).with("projection", name))
}

/// Deletes some of what is not live; says whether that was all.
pub(super) async fn sweep(store: &AnyStore, owner: &str, fence: Fence) -> Result<bool, Error> {
    let generations = vec![GenerationChange::Sweep { owner: owner.to_owned(), limit: SWEPT }];
    let done = store.commit(Commit { fences: vec![fence], generations, ..Commit::default() }).await?;
    Ok(done.swept < SWEPT as u64)
}
