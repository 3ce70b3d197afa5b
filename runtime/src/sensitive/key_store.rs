//! The port to where keys are kept.

use std::{
    collections::BTreeMap,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use super::{StoredKey, Subject, WrappedKey};
use crate::{error::Error, tenant::TenantId, timestamp::Timestamp};

/// The entry of a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyEntry {
    /// What is stored.
    pub stored: StoredKey,
    /// The revision of the row, where keys lie in the event store itself: a commit that seals by the key is refused if the
    /// row has changed meanwhile. `None` for keys that lie elsewhere.
    pub revision: Option<u64>,
}

/// Keeps the keys of subjects. The event store does it by itself; keys in a store of their own have backups of their own,
/// so that an old backup of the events does not bring back who was forgotten.
///
/// # Contract
/// What a method answers is durable. For each subject the calls have one order, also between processes:
///
/// - [`insert`](Self::insert) writes only if there is no entry, and says whether it did: of all who insert at once one does.
/// - [`replace`](Self::replace) writes only if the entry is the old key, and says whether it did.
/// - [`forget`](Self::forget) puts [`StoredKey::Forgotten`] there, whether there was a key or not. Nothing takes that away,
///   and the first time stays. What the key was is not kept.
/// - [`get`](Self::get) answers what is there now: an implementation that caches must not answer a key after `forget` has
///   answered, in any process. [`get_many`](Self::get_many) answers for each subject what `get` would.
///
/// An implementation shows that it keeps the contract by passing [`testing::conformance::keys`](crate::testing).
pub trait KeyStore: Send + Sync + 'static {
    /// The entry of a subject, if there is one.
    fn get(&self, subject: Subject) -> impl Future<Output = Result<Option<KeyEntry>, Error>> + Send;

    /// The entries of several subjects, in any order; a subject without an entry is left out. What reads a page of events asks
    /// once for all of them. Without this, one is asked for after the other.
    fn get_many(&self, subjects: Vec<Subject>) -> impl Future<Output = Result<Vec<(Subject, KeyEntry)>, Error>> + Send {
        async move {
            let mut found = Vec::new();
            for subject in subjects {
                found.extend(self.get(subject.clone()).await?.map(|entry| (subject, entry)));
            }
            Ok(found)
        }
    }

    /// Puts the first key there; `false` if there is an entry.
    fn insert(&self, subject: Subject, key: WrappedKey) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Puts another wrapping of the key there; `false` if the entry is not `old`.
    fn replace(
        &self,
        subject: Subject,
        old: WrappedKey,
        new: WrappedKey,
    ) -> impl Future<Output = Result<bool, Error>> + Send;

    /// Destroys the key, for ever.
    fn forget(&self, subject: Subject, at: Timestamp) -> impl Future<Output = Result<(), Error>> + Send;

    /// The entries of a tenant after a subject's name, in the byte order of names, at most `limit`.
    fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> impl Future<Output = Result<Vec<(String, StoredKey)>, Error>> + Send;
}

type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// The twin of [`KeyStore`] that can be kept without naming its type.
trait DynKeyStore: Send + Sync {
    fn get(&self, subject: Subject) -> Answer<'_, Option<KeyEntry>>;
    fn get_many(&self, subjects: Vec<Subject>) -> Answer<'_, Vec<(Subject, KeyEntry)>>;
    fn insert(&self, subject: Subject, key: WrappedKey) -> Answer<'_, bool>;
    fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Answer<'_, bool>;
    fn forget(&self, subject: Subject, at: Timestamp) -> Answer<'_, ()>;
    fn page(&self, of: Option<TenantId>, after: Option<String>, limit: usize) -> Answer<'_, Vec<(String, StoredKey)>>;
}

impl<K: KeyStore> DynKeyStore for K {
    fn get(&self, subject: Subject) -> Answer<'_, Option<KeyEntry>> {
        Box::pin(KeyStore::get(self, subject))
    }

    fn get_many(&self, subjects: Vec<Subject>) -> Answer<'_, Vec<(Subject, KeyEntry)>> {
        Box::pin(KeyStore::get_many(self, subjects))
    }

    fn insert(&self, subject: Subject, key: WrappedKey) -> Answer<'_, bool> {
        Box::pin(KeyStore::insert(self, subject, key))
    }

    fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Answer<'_, bool> {
        Box::pin(KeyStore::replace(self, subject, old, new))
    }

    fn forget(&self, subject: Subject, at: Timestamp) -> Answer<'_, ()> {
        Box::pin(KeyStore::forget(self, subject, at))
    }

    fn page(&self, of: Option<TenantId>, after: Option<String>, limit: usize) -> Answer<'_, Vec<(String, StoredKey)>> {
        Box::pin(KeyStore::page(self, of, after, limit))
    }
}

/// Any [`KeyStore`], behind one type.
pub(crate) struct AnyKeys(Box<dyn DynKeyStore>);

impl AnyKeys {
    pub(crate) fn new(keys: impl KeyStore) -> Self {
        Self(Box::new(keys))
    }
}

impl KeyStore for AnyKeys {
    async fn get(&self, subject: Subject) -> Result<Option<KeyEntry>, Error> {
        self.0.get(subject).await
    }

    async fn get_many(&self, subjects: Vec<Subject>) -> Result<Vec<(Subject, KeyEntry)>, Error> {
        self.0.get_many(subjects).await
    }

    async fn insert(&self, subject: Subject, key: WrappedKey) -> Result<bool, Error> {
        self.0.insert(subject, key).await
    }

    async fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Result<bool, Error> {
        self.0.replace(subject, old, new).await
    }

    async fn forget(&self, subject: Subject, at: Timestamp) -> Result<(), Error> {
        self.0.forget(subject, at).await
    }

    async fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, StoredKey)>, Error> {
        self.0.page(tenant, after, limit).await
    }
}

/// Keys in memory: for tests. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct MemoryKeys(Arc<Mutex<BTreeMap<Subject, StoredKey>>>);

impl MemoryKeys {
    /// None yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn keys(&self) -> MutexGuard<'_, BTreeMap<Subject, StoredKey>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyStore for MemoryKeys {
    async fn get(&self, subject: Subject) -> Result<Option<KeyEntry>, Error> {
        Ok(self.keys().get(&subject).map(|stored| KeyEntry { stored: stored.clone(), revision: None }))
    }

    async fn insert(&self, subject: Subject, key: WrappedKey) -> Result<bool, Error> {
        let mut keys = self.keys();
        let free = !keys.contains_key(&subject);
        if free {
            keys.insert(subject, StoredKey::Wrapped(key));
        }
        Ok(free)
    }

    async fn replace(&self, subject: Subject, old: WrappedKey, new: WrappedKey) -> Result<bool, Error> {
        match self.keys().get_mut(&subject) {
            Some(stored) if *stored == StoredKey::Wrapped(old) => {
                *stored = StoredKey::Wrapped(new);
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    async fn forget(&self, subject: Subject, at: Timestamp) -> Result<(), Error> {
        let mut keys = self.keys();
        if !matches!(keys.get(&subject), Some(StoredKey::Forgotten(_))) {
            keys.insert(subject, StoredKey::Forgotten(at));
        }
        Ok(())
    }

    async fn page(
        &self,
        tenant: Option<TenantId>,
        after: Option<String>,
        limit: usize,
    ) -> Result<Vec<(String, StoredKey)>, Error> {
        let keys = self.keys();
        let own = keys.iter().filter(|(subject, _)| subject.tenant() == tenant.as_ref());
        let own = own.filter(|(subject, _)| after.as_deref().is_none_or(|after| subject.name() > after));
        Ok(own.take(limit).map(|(subject, stored)| (subject.name().to_owned(), stored.clone())).collect())
    }
}
