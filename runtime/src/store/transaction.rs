//! What a unit of work has staged so far.

use std::sync::Arc;

use serde::{Serialize, de::DeserializeOwned};

use super::{
    AnyStore, Commit, Generation, ModelChange, ModelKey, ModelSeen, ModelWrite, OutboxMessage, ReadModel,
    read_models::read_row,
};
use crate::{
    codec,
    envelope::Envelope,
    error::{Error, ErrorKind},
    tenant::TenantId,
};

/// A transaction that is being filled: it becomes one [`Commit`].
///
/// Nothing reaches the store before the commit, so dropping a transaction writes nothing.
#[derive(Debug)]
#[must_use = "nothing is written until the transaction is committed"]
pub struct Transaction {
    store: AnyStore,
    commit: Commit,
    /// What the last read was answered, if it was an error.
    refused: Option<Error>,
}

/// A place in a transaction to which it can be rolled back.
#[derive(Debug, Clone, Copy)]
pub struct Mark {
    fences: usize,
    inbox: usize,
    appends: usize,
    seen: usize,
    models: usize,
    snapshots: usize,
    commands: usize,
    undone: usize,
    checkpoints: usize,
    generations: usize,
    dead: usize,
    published: usize,
    outbox: usize,
}

impl Transaction {
    /// An empty transaction of a tenant.
    pub fn new(store: AnyStore, tenant: Option<TenantId>) -> Self {
        Self { store, commit: Commit { tenant, ..Commit::default() }, refused: None }
    }

    /// The same, in a generation of read models that is not the live one.
    pub(crate) fn into_generation(mut self, generation: Option<Generation>) -> Self {
        self.commit.generation = generation;
        self
    }

    /// Whether this is a rebuild: of what is staged, only changes of read models are written. What else a projection does,
    /// it does not do then.
    #[must_use]
    pub fn is_rebuilding(&self) -> bool {
        self.commit.generation.is_some()
    }

    /// The tenant.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantId> {
        self.commit.tenant.as_ref()
    }

    /// Changes a row of a read model with a function that runs inside the writer's transaction. A row that is not there
    /// starts from `Default`. The function may run more than once; it must only depend on the row and what it captured.
    pub fn update<T>(
        &mut self,
        model: ReadModel<T>,
        key: impl Into<String>,
        change: impl Fn(&mut T) + Send + Sync + 'static,
    ) where
        T: Default + Serialize + DeserializeOwned,
    {
        let name = model.name();
        let change = move |current: Option<&[u8]>| {
            let mut row = match current {
                Some(bytes) => read_row(name, bytes)?,
                None => T::default(),
            };
            change(&mut row);
            codec::encode(&row).map(Some)
        };
        self.write(name, key.into(), ModelChange::Update(Arc::new(change)));
    }

    /// Writes a row of a read model, whatever was there.
    ///
    /// # Errors
    /// `message/unencodable` if `Serialize` refuses.
    pub fn put<T: Serialize>(&mut self, model: ReadModel<T>, key: impl Into<String>, row: &T) -> Result<(), Error> {
        let value = codec::encode(row)?;
        self.write(model.name(), key.into(), ModelChange::Put(value));
        Ok(())
    }

    /// Deletes a row of a read model.
    pub fn delete<T>(&mut self, model: ReadModel<T>, key: impl Into<String>) {
        self.write(model.name(), key.into(), ModelChange::Delete);
    }

    /// Reads a row of a read model, with the changes staged here. If another writer changes the row before the commit, the
    /// commit is refused as a conflict: what was decided on a row holds for that row.
    ///
    /// # Errors
    /// `message/undecodable` if the stored row does not fit `T`, and what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn get<T: DeserializeOwned>(&mut self, model: ReadModel<T>, key: &str) -> Result<Option<T>, Error> {
        let read = self.read(model.name(), key).await;
        self.refused = read.as_ref().err().cloned();
        read?.map(|bytes| read_row(model.name(), &bytes)).transpose()
    }

    /// What the last read was answered, if it was an error.
    pub(crate) const fn refused(&self) -> Option<&Error> {
        self.refused.as_ref()
    }

    async fn read(&mut self, name: &'static str, key: &str) -> Result<Option<Vec<u8>>, Error> {
        let full = ModelKey {
            tenant: self.commit.tenant.clone(),
            model: name,
            key: key.into(),
            generation: self.commit.generation.clone(),
        };
        let row = self.store.model(full).await?;
        let revision = row.as_ref().map(|row| row.revision);
        let mut value = row.map(|row| row.value);
        for write in self.commit.models.iter().filter(|write| write.model == name && write.key == key) {
            value = write.change.apply(value.as_deref())?;
        }
        self.see(name, key, revision)?;
        Ok(value)
    }

    fn see(&mut self, model: &'static str, key: &str, revision: Option<u64>) -> Result<(), Error> {
        match self.commit.seen.iter().find(|seen| seen.model == model && seen.key == key) {
            Some(seen) if seen.revision == revision => Ok(()),
            Some(_) => {
                let message = "a row changed between two reads of it; the unit of work must run again";
                Err(Error::new(ErrorKind::Conflict, "store/seen_changed", message)
                    .with("model", model)
                    .with("key", key))
            }
            None => {
                self.commit.seen.push(ModelSeen { model, key: key.into(), revision });
                Ok(())
            }
        }
    }

    /// Puts a message into the outbox. A message has one topic: what goes to another one as well gets an id of its own there.
    pub fn send(&mut self, topic: impl Into<String>, envelope: Envelope) {
        self.commit.outbox.push(OutboxMessage { topic: topic.into(), envelope });
    }

    fn write(&mut self, model: &'static str, key: String, change: ModelChange) {
        self.commit.models.push(ModelWrite { model, key, change });
    }

    /// Everything staged, for the machinery and for tests.
    pub fn staged(&self) -> &Commit {
        &self.commit
    }

    /// Everything staged, to be added to.
    pub fn staged_mut(&mut self) -> &mut Commit {
        &mut self.commit
    }

    /// The store that will get it.
    #[must_use]
    pub fn store(&self) -> &AnyStore {
        &self.store
    }

    /// Remembers how far it is filled.
    #[must_use]
    pub fn mark(&self) -> Mark {
        let commit = &self.commit;
        Mark {
            fences: commit.fences.len(),
            inbox: commit.inbox.len(),
            appends: commit.appends.len(),
            seen: commit.seen.len(),
            models: commit.models.len(),
            snapshots: commit.snapshots.len(),
            commands: commit.commands.len(),
            undone: commit.undone.len(),
            checkpoints: commit.checkpoints.len(),
            generations: commit.generations.len(),
            dead: commit.dead.len(),
            published: commit.published.len(),
            outbox: commit.outbox.len(),
        }
    }

    /// Forgets what was staged after the mark.
    pub fn roll_back_to(&mut self, mark: Mark) {
        let commit = &mut self.commit;
        commit.fences.truncate(mark.fences);
        commit.inbox.truncate(mark.inbox);
        commit.appends.truncate(mark.appends);
        commit.seen.truncate(mark.seen);
        commit.models.truncate(mark.models);
        commit.snapshots.truncate(mark.snapshots);
        commit.commands.truncate(mark.commands);
        commit.undone.truncate(mark.undone);
        commit.checkpoints.truncate(mark.checkpoints);
        commit.generations.truncate(mark.generations);
        commit.dead.truncate(mark.dead);
        commit.published.truncate(mark.published);
        commit.outbox.truncate(mark.outbox);
    }

    /// The commit, for [`Store::commit`](super::Store::commit).
    pub fn into_commit(self) -> Commit {
        self.commit
    }
}
