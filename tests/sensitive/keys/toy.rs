//! Keys in memory of which a test knows each call.

use std::sync::Arc;

use bailiwick::{
    Error, TenantId, Timestamp,
    sensitive::{KeyEntry, KeyStore, MemoryKeys, StoredKey, Subject, WrappedKey},
};

/// A call of a store of keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Call {
    Get,
    /// Of so many.
    GetMany(usize),
    Insert,
    Other,
}

type Watch = dyn Fn(Call) -> Result<(), Error> + Send + Sync;

/// Keys in memory. After each call somebody is told, and may lose its answer.
#[derive(Clone)]
pub struct ToyKeys {
    keys: MemoryKeys,
    told: Arc<Watch>,
    /// What is inserted is not there.
    pub loses: bool,
}

impl ToyKeys {
    pub fn new(told: impl Fn(Call) -> Result<(), Error> + Send + Sync + 'static) -> Self {
        Self { keys: MemoryKeys::new(), told: Arc::new(told), loses: false }
    }
}

impl KeyStore for ToyKeys {
    async fn get(&self, subject: Subject) -> Result<Option<KeyEntry>, Error> {
        (self.told)(Call::Get)?;
        self.keys.get(subject).await
    }

    async fn get_many(&self, subjects: Vec<Subject>) -> Result<Vec<(Subject, KeyEntry)>, Error> {
        (self.told)(Call::GetMany(subjects.len()))?;
        self.keys.get_many(subjects).await
    }

    async fn insert(&self, subject: Subject, key: WrappedKey) -> Result<bool, Error> {
        let done = if self.loses { true } else { self.keys.insert(subject, key).await? };
        (self.told)(Call::Insert).map(|()| done)
    }

    async fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Result<bool, Error> {
        let done = self.keys.replace(subject, old, new).await?;
        (self.told)(Call::Other).map(|()| done)
    }

    async fn forget(&self, subject: Subject, at: Timestamp) -> Result<(), Error> {
        self.keys.forget(subject, at).await?;
        (self.told)(Call::Other)
    }

    async fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, StoredKey)>, Error> {
        (self.told)(Call::Other)?;
        self.keys.page(tenant, after, limit).await
    }
}
