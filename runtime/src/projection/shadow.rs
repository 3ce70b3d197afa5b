//! What a rebuild knows of itself in the store, so that another process can go on with it.
//!
//! Two checkpoints: `rebuild/NAME/VERSION` is the number of the generation that is being filled, 0 if none is; and
//! `rebuild/NAME/VERSION/filled` says how far it is filled. The number is the fence of the lease under which it was begun,
//! so none comes twice. Both move in one transaction when a generation is begun, so the second is always of the first.

use super::AnyProjection;
use crate::{
    error::Error,
    store::{AnyStore, CheckpointMove, Commit, Fence, Generation},
    version::Position,
};

/// A generation that is being filled.
pub(super) struct Shadow {
    pub(super) generation: u64,
    /// How far it is filled.
    pub(super) position: Position,
    /// The name of the checkpoint that says so.
    pub(super) checkpoint: String,
    pub(super) fence: Fence,
}

/// What a rebuild of this projection leases, and the name of the checkpoint that holds its generation.
pub(super) fn resource(projection: &AnyProjection) -> String {
    format!("rebuild/{}", projection.owner())
}

/// How far an unfinished rebuild is, also one that was interrupted.
pub(super) async fn filled(store: &AnyStore, projection: &AnyProjection) -> Result<Option<Position>, Error> {
    match store.checkpoint(resource(projection)).await? {
        None | Some(Position::START) => Ok(None),
        Some(_) => Ok(Some(store.checkpoint(checkpoint(projection)).await?.unwrap_or_default())),
    }
}

impl Shadow {
    /// The shadow that a former rebuild of this version has left.
    pub(super) async fn find(
        store: &AnyStore,
        projection: &AnyProjection,
        fence: Fence,
    ) -> Result<Option<Self>, Error> {
        let pointer = store.checkpoint(resource(projection)).await?.unwrap_or_default();
        let found = filled(store, projection).await?.filter(|_| pointer != Position::START);
        let (generation, checkpoint) = (pointer.get(), checkpoint(projection));
        Ok(found.map(|position| Self { generation, position, checkpoint, fence }))
    }

    /// Says that nobody goes on with what may be there, before any of it is deleted.
    pub(super) async fn give_up(store: &AnyStore, projection: &AnyProjection, fence: Fence) -> Result<(), Error> {
        let name = resource(projection);
        let from = store.checkpoint(name.clone()).await?;
        if from.unwrap_or_default() == Position::START {
            return Ok(());
        }
        let checkpoints = vec![CheckpointMove { name, from, to: Position::START }];
        store.commit(Commit { fences: vec![fence], checkpoints, ..Commit::default() }).await.map(drop)
    }

    /// Begins a shadow. Nothing may be left of others.
    pub(super) async fn make(store: &AnyStore, projection: &AnyProjection, fence: Fence) -> Result<Self, Error> {
        let (name, generation) = (resource(projection), fence.fence);
        let from = store.checkpoint(name.clone()).await?;
        let (checkpoint, position) = (checkpoint(projection), Position::START);
        let filled = store.checkpoint(checkpoint.clone()).await?;
        let checkpoints = vec![
            CheckpointMove { name, from, to: Position::new(generation) },
            CheckpointMove { name: checkpoint.clone(), from: filled, to: position },
        ];
        store.commit(Commit { fences: vec![fence.clone()], checkpoints, ..Commit::default() }).await?;
        Ok(Self { generation, position, checkpoint, fence })
    }

    /// Where a rebuild reads and writes.
    pub(super) fn rows(&self, projection: &AnyProjection) -> Generation {
        Generation { owner: projection.owner().to_owned(), number: self.generation }
    }

    /// Says that no generation is being filled any more.
    pub(super) fn finished(&self, projection: &AnyProjection) -> CheckpointMove {
        let from = Some(Position::new(self.generation));
        CheckpointMove { name: resource(projection), from, to: Position::START }
    }
}

fn checkpoint(projection: &AnyProjection) -> String {
    format!("rebuild/{}/filled", projection.owner())
}
