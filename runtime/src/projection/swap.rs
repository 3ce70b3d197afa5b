//! A shadow goes live, and what it replaces goes.

use tokio::task::yield_now;

use super::{
    AnyProjection, Mode, Rebuild,
    park::is_parking,
    shadow::{Shadow, resource},
};
use crate::{
    error::{Error, ErrorKind},
    store::{AnyStore, Commit, Fence, GenerationChange, Swap, SwapGuard, Tenure},
    version::Position,
};

/// How many rows one transaction deletes.
const SWEPT: usize = 1_000;

/// What became of a swap.
pub(super) enum Swapped {
    Live,
    /// The shadow lacks something.
    Behind,
    /// The shadow may have what was forgotten since.
    Outdated,
}

/// Makes the shadow the live generation.
pub(super) async fn swap(store: &AnyStore, projection: &AnyProjection, shadow: &Shadow) -> Result<Swapped, Error> {
    let checkpoints = vec![shadow.finished(projection)];
    if projection.park_after().is_some() {
        // Who parks an event moves the checkpoint. If it is here before this look, and when the guard looks, nobody did.
        if store.checkpoint(projection.checkpoint()).await?.unwrap_or_default() != shadow.position {
            return Ok(Swapped::Behind);
        }
        refuse_parked(store, projection).await?;
    }
    let generations = vec![GenerationChange::Swap(change(projection, shadow))];
    let (fences, seen) = (vec![shadow.fence.clone()], shadow.opened.iter().cloned().collect());
    match store.commit(Commit { fences, seen, checkpoints, generations, ..Commit::default() }).await {
        Ok(_) => Ok(Swapped::Live),
        Err(error) if error.code() == "store/generation_behind" => Ok(Swapped::Behind),
        Err(error) if error.code() == "store/seen_changed" && shadow.is_outdated(store).await? => Ok(Swapped::Outdated),
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
async fn sweep(store: &AnyStore, owner: &str, fence: Fence) -> Result<bool, Error> {
    let generations = vec![GenerationChange::Sweep { owner: owner.to_owned(), limit: SWEPT }];
    let done = store.commit(Commit { fences: vec![fence], generations, ..Commit::default() }).await?;
    Ok(done.swept < SWEPT as u64)
}

impl Rebuild {
    async fn sweep_left(&mut self) -> Result<(), Error> {
        if !self.is_over().await? {
            return Ok(());
        }
        match self.holding.hold(&self.store).await? {
            Tenure::New(fence) | Tenure::Same(fence) if self.is_over().await? => self.sweep(fence).await.map(drop),
            _ => Ok(()),
        }
    }

    /// Whether there was a rebuild and none is to be gone on with.
    async fn is_over(&mut self) -> Result<bool, Error> {
        Ok(self.store.checkpoint(resource(&self.projection)).await? == Some(Position::START))
    }

    /// Deletes what is not live, as long as nobody else has had the lease: what is not live may be his shadow then.
    pub(super) async fn sweep(&mut self, mut fence: Fence) -> Result<Fence, Error> {
        while !sweep(&self.store, self.projection.owner(), fence.clone()).await? {
            yield_now().await; // so that who stops this is heard
            fence = match self.holding.hold(&self.store).await? {
                Tenure::Same(fence) => fence,
                Tenure::New(_) | Tenure::Elsewhere => return Err(self.elsewhere()),
            };
        }
        Ok(fence)
    }

    pub(super) fn unswept(&self, error: &Error) {
        let projection = self.projection.name();
        tracing::warn!(code = error.code(), %error, projection, "old rows of a projection are not deleted yet");
    }
}

/// Deletes what a rebuild has left whose process ended after it went live. A shadow that may be gone on with stays.
pub(crate) async fn sweep_left(store: AnyStore, projection: AnyProjection, stop: impl Future<Output = ()> + Send) {
    let mut rebuild = Rebuild::of(store, projection);
    let swept = tokio::select! {
        biased;
        () = stop => Ok(()),
        swept = rebuild.sweep_left() => swept,
    };
    if let Err(error) = swept {
        rebuild.unswept(&error);
    }
    rebuild.holding.release(&rebuild.store).await;
}
