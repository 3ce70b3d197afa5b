//! The keys of subjects, as rows of a read model: the store's own way to keep them.

use std::{future::ready, sync::Arc};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use super::{AnyStore, Commit, ModelChange, ModelKey, ModelSeen, ModelWrite, Scan};
use crate::{
    codec,
    error::Error,
    sensitive::{KeyEntry, KeyStore, StoredKey, Subject, WrappedKey},
    tenant::TenantId,
    timestamp::Timestamp,
};

/// The read model whose rows are the keys; nobody else may write it.
pub(crate) const KEYS: &str = "bailiwick.keys";

/// So many rows are asked for at once.
const AT_ONCE: usize = 8;

/// The read model of one row, which counts how often a subject was forgotten, of whatever tenant and wherever its key lay.
const FORGOTTEN: &str = "bailiwick.forgotten";
const ALL: &str = "all";

/// Counts that a subject was forgotten, once it is.
pub(crate) async fn count_forgotten(store: &AnyStore) -> Result<(), Error> {
    let change = |current: Option<&[u8]>| {
        let count: u64 = current.map(codec::decode).transpose()?.unwrap_or_default();
        codec::encode(&(count + 1)).map(Some)
    };
    let write = ModelWrite { model: FORGOTTEN, key: ALL.into(), change: ModelChange::Update(Arc::new(change)) };
    store.commit(Commit { models: vec![write], ..Commit::default() }).await.map(drop)
}

/// The row of this revision that counts the forgotten: what is made of values that open is not to go live beyond it.
pub(crate) fn forgotten_at(revision: Option<u64>) -> ModelSeen {
    ModelSeen { model: FORGOTTEN, key: ALL.into(), revision }
}

/// The row that counts the forgotten, as it is now.
pub(crate) async fn forgotten(store: &AnyStore) -> Result<ModelSeen, Error> {
    let row = store.model(ModelKey { tenant: None, model: FORGOTTEN, key: ALL.into(), generation: None }).await?;
    Ok(forgotten_at(row.map(|row| row.revision)))
}

/// Keeps keys in the event store itself, as rows of the read model `bailiwick.keys`. A commit that seals by a key holds that
/// key's row, so it is refused if the subject is forgotten meanwhile. A backup of the store has the keys, too. Forget with
/// [`App::forget`](crate::App::forget): it tells the rebuilds that are under way, too.
#[derive(Debug, Clone)]
pub struct StoreKeys(AnyStore);

impl StoreKeys {
    /// The keys in this store.
    #[must_use]
    pub fn new(store: AnyStore) -> Self {
        Self(store)
    }

    async fn row(&self, subject: &Subject) -> Result<Option<KeyEntry>, Error> {
        let (tenant, key) = (subject.tenant().cloned(), subject.name().into());
        let row = self.0.model(ModelKey { tenant, model: KEYS, key, generation: None }).await?;
        row.map(|row| Ok(KeyEntry { stored: read(&row.value)?, revision: Some(row.revision) })).transpose()
    }

    /// Writes the row if it is still as it was seen.
    async fn write(&self, subject: Subject, revision: Option<u64>, stored: &StoredKey) -> Result<bool, Error> {
        let key = subject.name().to_owned();
        let seen = ModelSeen { model: KEYS, key: key.clone(), revision };
        let write = ModelWrite { model: KEYS, key, change: ModelChange::Put(codec::encode(stored)?) };
        let tenant = subject.tenant().cloned();
        let commit = Commit { tenant, seen: vec![seen], models: vec![write], ..Commit::default() };
        match self.0.commit(commit).await {
            Ok(_) => Ok(true),
            Err(error) if error.code() == "store/seen_changed" => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl KeyStore for StoreKeys {
    async fn get(&self, subject: Subject) -> Result<Option<KeyEntry>, Error> {
        self.row(&subject).await
    }

    async fn get_many(&self, subjects: Vec<Subject>) -> Result<Vec<(Subject, KeyEntry)>, Error> {
        let look = |subject: Subject| async move {
            let entry = self.row(&subject).await?;
            Ok(entry.map(|entry| (subject, entry)))
        };
        let found = stream::iter(subjects).map(look).buffer_unordered(AT_ONCE);
        found.try_filter_map(|found| ready(Ok(found))).try_collect().await
    }

    async fn insert(&self, subject: Subject, key: WrappedKey) -> Result<bool, Error> {
        self.write(subject, None, &StoredKey::Wrapped(key)).await
    }

    async fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Result<bool, Error> {
        match self.row(&subject).await? {
            Some(KeyEntry { stored: StoredKey::Wrapped(found), revision }) if found == old => {
                self.write(subject, revision, &StoredKey::Wrapped(new)).await
            }
            _ => Ok(false),
        }
    }

    async fn forget(&self, subject: Subject, at: Timestamp) -> Result<(), Error> {
        let change = move |current: Option<&[u8]>| match current.map(read).transpose()? {
            Some(first @ StoredKey::Forgotten(_)) => codec::encode(&first).map(Some),
            _ => codec::encode(&StoredKey::Forgotten(at)).map(Some),
        };
        let change = ModelChange::Update(Arc::new(change));
        let write = ModelWrite { model: KEYS, key: subject.name().into(), change };
        let tenant = subject.tenant().cloned();
        self.0.commit(Commit { tenant, models: vec![write], ..Commit::default() }).await.map(drop)
    }

    async fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, StoredKey)>, Error> {
        let rows = self.0.scan(Scan { tenant, model: KEYS, after, limit }).await?;
        rows.into_iter().map(|(name, row)| Ok((name, read(&row.value)?))).collect()
    }
}

fn read(row: &[u8]) -> Result<StoredKey, Error> {
    codec::decode(row).map_err(|error| error.with("model", KEYS))
}
