//! What a rebuild knows of itself in the store, so that another process can go on with it.
//!
//! Two checkpoints: `rebuild/NAME` is the number of the generation that is being filled, 0 if none is; and
//! `rebuild/NAME/VERSION/GENERATION` says how far it is filled. The number is the fence of the lease under which it was
//! begun, so none comes twice.

use super::AnyProjection;
use crate::{
    error::Error,
    store::{AnyStore, CheckpointMove, Commit, Fence},
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
pub(super) fn resource(projection: &str) -> String {
    format!("rebuild/{projection}")
}

impl Shadow {
    /// The shadow that a former rebuild of this version has left.
    pub(super) async fn find(
        store: &AnyStore,
        projection: &AnyProjection,
        fence: Fence,
    ) -> Result<Option<Self>, Error> {
        let pointer = store.checkpoint(resource(projection.name())).await?.unwrap_or_default();
        if pointer == Position::START {
            return Ok(None);
        }
        let generation = pointer.get();
        let checkpoint = checkpoint(projection, generation);
        let position = store.checkpoint(checkpoint.clone()).await?;
        Ok(position.map(|position| Self { generation, position, checkpoint, fence }))
    }

    /// Begins a shadow. Nothing may be left of others.
    pub(super) async fn make(store: &AnyStore, projection: &AnyProjection, fence: Fence) -> Result<Self, Error> {
        let (name, generation) = (resource(projection.name()), fence.fence);
        let from = store.checkpoint(name.clone()).await?;
        let checkpoint = checkpoint(projection, generation);
        let position = Position::START;
        let checkpoints = vec![
            CheckpointMove { name, from, to: Position::new(generation) },
            CheckpointMove { name: checkpoint.clone(), from: None, to: position },
        ];
        store.commit(Commit { fences: vec![fence.clone()], checkpoints, ..Commit::default() }).await?;
        Ok(Self { generation, position, checkpoint, fence })
    }

    /// Says that no generation is being filled any more.
    pub(super) fn finished(&self, projection: &str) -> CheckpointMove {
        let from = Some(Position::new(self.generation));
        CheckpointMove { name: resource(projection), from, to: Position::START }
    }
}

fn checkpoint(projection: &AnyProjection, generation: u64) -> String {
    format!("rebuild/{}/{}/{generation}", projection.name(), projection.version())
}
