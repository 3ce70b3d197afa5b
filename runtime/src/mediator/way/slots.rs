//! Where ways are found, and where lost races queue.

use std::{
    any::TypeId,
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

/// Slots are found by the type's own hash.
pub(in crate::mediator) type ByTypeId = BuildHasherDefault<TypeIdHasher>;

/// Takes a `TypeId` for what it is: a hash already.
#[derive(Debug, Default)]
pub(in crate::mediator) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

type Turn = Arc<tokio::sync::Mutex<()>>;
type Key = (TypeId, String);

/// A queue for each target at which commands have met.
#[derive(Debug, Default)]
pub(in crate::mediator) struct KeyedLocks(Mutex<HashMap<Key, Turn>>);

impl KeyedLocks {
    pub(super) fn turn(&self, key: Key) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > 1_024 {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        Arc::clone(turns.entry(key).or_default())
    }
}
