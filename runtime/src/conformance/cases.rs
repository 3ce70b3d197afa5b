//! What is remembered of each case: a few bytes.

use std::{
    collections::HashMap,
    hash::{BuildHasher, BuildHasherDefault, Hash, Hasher, RandomState},
};

/// An event has no time.
pub(super) const UNTIMED: i64 = i64::MIN;

/// All cases of a log. An id is kept as 96 bits of hash, so that its length costs nothing: among a hundred million cases the
/// chance that two are taken for one is below 1 in 10^13.
#[derive(Debug)]
pub(super) struct Cases {
    keys: [RandomState; 2],
    open: HashMap<Key, Case, BuildHasherDefault<Taken>>,
    /// Cases that have ended: place and number of events. One that does not fit stays among the open ones.
    ended: HashMap<Key, (u16, u16), BuildHasherDefault<Taken>>,
}

/// A case: where it is, after how many events, and the time of the last one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Case {
    pub(super) place: u32,
    pub(super) position: u32,
    last: [u32; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key([u32; 3]);

impl Case {
    pub(super) fn new(place: u32) -> Self {
        Self { place, position: 0, last: [0; 2] }
    }

    pub(super) fn last(&self) -> i64 {
        (i64::from(self.last[0]) << 32 | i64::from(self.last[1])) ^ UNTIMED
    }

    /// The words hold the time so that zero is [`UNTIMED`].
    pub(super) fn set_last(&mut self, micros: i64) {
        let bits = (micros ^ UNTIMED).to_be_bytes();
        let [a, b, c, d, e, f, g, h] = bits;
        self.last = [u32::from_be_bytes([a, b, c, d]), u32::from_be_bytes([e, f, g, h])];
    }
}

impl Cases {
    pub(super) fn new() -> Self {
        Self { keys: [RandomState::new(), RandomState::new()], open: HashMap::default(), ended: HashMap::default() }
    }

    pub(super) fn key(&self, id: &str) -> Key {
        let [first, second] = &self.keys;
        let [a, b, c, d, e, f, g, h] = first.hash_one(id).to_ne_bytes();
        let [i, j, k, l, ..] = second.hash_one(id).to_ne_bytes();
        Key([u32::from_ne_bytes([a, b, c, d]), u32::from_ne_bytes([e, f, g, h]), u32::from_ne_bytes([i, j, k, l])])
    }

    /// What is known of a case, if it is not new.
    pub(super) fn get(&self, key: Key) -> Option<Case> {
        let ended = || {
            let (place, position) = self.ended.get(&key)?;
            Some(Case { position: (*position).into(), ..Case::new((*place).into()) })
        };
        self.open.get(&key).copied().or_else(ended)
    }

    /// Keeps a case, in as few bytes as its end allows.
    pub(super) fn put(&mut self, key: Key, case: Case, ended: bool) {
        match (u16::try_from(case.place), u16::try_from(case.position)) {
            (Ok(place), Ok(position)) if ended => {
                self.open.remove(&key);
                self.ended.insert(key, (place, position));
            }
            _ => {
                self.ended.remove(&key);
                self.open.insert(key, case);
            }
        }
    }

    /// Forgets a case, and answers what was known.
    pub(super) fn remove(&mut self, key: Key) -> Option<Case> {
        let case = self.get(key);
        self.open.remove(&key);
        self.ended.remove(&key);
        case
    }

    /// The cases that may still go on.
    pub(super) fn open(&self) -> impl Iterator<Item = &Case> {
        self.open.values()
    }
}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.0[0]) << 32 | u64::from(self.0[1]));
    }
}

/// Takes a key for its own hash, which it is.
#[derive(Debug, Default)]
pub(super) struct Taken(u64);

impl Hasher for Taken {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}
