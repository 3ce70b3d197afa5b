//! What a case for stores of keys gets, and how it speaks with it.

use std::{fmt, sync::Arc};

use crate::{
    sensitive::{AnyKeys, KeyStore, StoredKey, Subject, WrappedKey},
    tenant::TenantId,
    testing::conformance::case::{Failure, Outcome, same},
};

/// A store of keys that nobody has used, as two processes have it.
#[derive(Clone)]
pub struct KeysSubject {
    pub(super) keys: Arc<AnyKeys>,
    /// As another process has it.
    pub(super) elsewhere: Arc<AnyKeys>,
}

impl KeysSubject {
    /// A store of keys. Each handle opens it as a process of its own does; where a handle keeps nothing to itself, a clone
    /// will do.
    #[must_use]
    pub fn new(keys: impl KeyStore, elsewhere: impl KeyStore) -> Self {
        Self { keys: Arc::new(AnyKeys::new(keys)), elsewhere: Arc::new(AnyKeys::new(elsewhere)) }
    }

    /// One of the two, in turn.
    pub(super) fn of(&self, number: u64) -> &AnyKeys {
        if number.is_multiple_of(2) { &self.keys } else { &self.elsewhere }
    }

    pub(super) async fn stored(&self, of: &Subject) -> Result<Option<StoredKey>, Failure> {
        Ok(self.keys.get(of.clone()).await?.map(|entry| entry.stored))
    }

    /// Fails unless this is what is stored of a subject.
    pub(super) async fn has(&self, what: &str, of: &Subject, expected: Option<StoredKey>) -> Outcome {
        same(what, &self.stored(of).await?, &expected)
    }

    pub(super) async fn insert(&self, of: &Subject, number: u64) -> Result<bool, Failure> {
        Ok(self.keys.insert(of.clone(), key(number)).await?)
    }

    pub(super) async fn replace(&self, of: &Subject, old: u64, new: u64) -> Result<bool, Failure> {
        Ok(self.keys.replace(of.clone(), key(old), key(new)).await?)
    }
}

impl fmt::Debug for KeysSubject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("KeysSubject")
    }
}

pub(super) fn subject(name: &str) -> Result<Subject, Failure> {
    of(None, name)
}

pub(super) fn of(tenant: Option<TenantId>, name: &str) -> Result<Subject, Failure> {
    Ok(Subject::new(tenant, name)?)
}

pub(super) fn key(number: u64) -> WrappedKey {
    WrappedKey { id: format!("{number:016x}"), master: "2026".into(), data: "A+/=".repeat(24) }
}

pub(super) fn wrapped(number: u64) -> Option<StoredKey> {
    Some(StoredKey::Wrapped(key(number)))
}
