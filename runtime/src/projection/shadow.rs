//! What a rebuild knows of itself in the store, so that another process can go on with it.
//!
//! Three checkpoints: `rebuild/NAME/VERSION` is the number of the generation that is being filled, 0 if none is;
//! `rebuild/NAME/VERSION/filled` says how far it is filled; and `rebuild/NAME/VERSION/opened`, which revision the row that counts
//! the forgotten had when the first sealed value was opened for it, plus one: 0 before that, 1 if there was no row. The number
//! is the fence of the lease under which it was begun. All move in one transaction when a generation is begun, so the others are
//! always of the first.

use tracing::Instrument as _;

use super::{AnyProjection, Rebuild, batch::Batch};
use crate::{
    error::Error,
    store::{AnyStore, CheckpointMove, Commit, Fence, Generation, ModelSeen, forgotten, forgotten_at},
    telemetry,
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
    /// The count of the forgotten, before a key was first asked for.
    pub(super) opened: Option<ModelSeen>,
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
        // One of a version that did not note this may have opened any value.
        let Some(noted) = store.checkpoint(opened(projection)).await? else { return Ok(None) };
        let revision = noted.get().checked_sub(1);
        let opened = revision.map(|revision| forgotten_at((revision > 0).then_some(revision)));
        let (generation, checkpoint) = (pointer.get(), checkpoint(projection));
        Ok(found.map(|position| Self { generation, position, checkpoint, fence, opened }))
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
        let (filled, opened) = (store.checkpoint(checkpoint.clone()).await?, opened(projection));
        let before = store.checkpoint(opened.clone()).await?;
        let checkpoints = vec![
            CheckpointMove { name, from, to: Position::new(generation) },
            CheckpointMove { name: checkpoint.clone(), from: filled, to: position },
            CheckpointMove { name: opened, from: before, to: Position::START },
        ];
        store.commit(Commit { fences: vec![fence.clone()], checkpoints, ..Commit::default() }).await?;
        Ok(Self { generation, position, checkpoint, fence, opened: None })
    }

    /// Where a rebuild reads and writes.
    pub(super) fn rows(&self, projection: &AnyProjection) -> Generation {
        Generation { owner: projection.owner().to_owned(), number: self.generation }
    }

    /// Whether somebody was forgotten since it first opened a value: it may have that one's.
    pub(super) async fn is_outdated(&self, store: &AnyStore) -> Result<bool, Error> {
        match &self.opened {
            Some(seen) => Ok(forgotten(store).await? != *seen),
            None => Ok(false),
        }
    }

    /// Says that no generation is being filled any more.
    pub(super) fn finished(&self, projection: &AnyProjection) -> CheckpointMove {
        let from = Some(Position::new(self.generation));
        CheckpointMove { name: resource(projection), from, to: Position::START }
    }
}

impl Rebuild {
    /// Takes a batch into the shadow.
    pub(super) async fn take(&mut self, shadow: &mut Shadow, (batch, to): (Batch, Position)) -> Result<(), Error> {
        let span = telemetry::rebuild(self.projection.name(), batch.len());
        let Self { store, projection, holding, .. } = self;
        let seen = forgotten(store).await?;
        let projected = batch.project(projection, store, Some(shadow.rows(projection))).instrument(span);
        let projected = holding.during(store, projected).await;
        if let Some(error) = projected.refused {
            return Err(error);
        }
        let mut checkpoints = vec![CheckpointMove { name: shadow.checkpoint.clone(), from: Some(shadow.position), to }];
        let opened = shadow.opened.clone().or(projected.opened.then_some(seen));
        if let (None, Some(seen)) = (&shadow.opened, &opened) {
            let to = Position::new(seen.revision.unwrap_or_default() + 1);
            checkpoints.push(CheckpointMove { name: self::opened(projection), from: Some(Position::START), to });
        }
        let commit = Commit {
            fences: vec![shadow.fence.clone()],
            checkpoints,
            // Everything else that it staged had its effect when the events came first.
            ..only_models(projected.commit)
        };
        store.commit(commit).await?;
        (shadow.position, shadow.opened) = (to, opened);
        Ok(())
    }
}

fn only_models(projected: Commit) -> Commit {
    let Commit { tenant, generation, seen, models, generations, .. } = projected;
    Commit { tenant, generation, seen, models, generations, ..Commit::default() }
}

fn checkpoint(projection: &AnyProjection) -> String {
    format!("rebuild/{}/filled", projection.owner())
}

fn opened(projection: &AnyProjection) -> String {
    format!("rebuild/{}/opened", projection.owner())
}
