//! The states of a machine by number, and sets of them.

use std::borrow::Cow;

use crate::state_machine::{Edge, StateNode};

/// How many states a set can hold.
pub(super) const STATES: usize = 256;

/// A set of states.
#[derive(Debug, Clone, Copy)]
pub(super) struct Set(u128, u128);

impl Set {
    pub(super) const NONE: Self = Self(0, 0);

    pub(super) const fn one(state: usize) -> Self {
        if state < 128 { Self(1 << state, 0) } else { Self(0, 1 << (state - 128)) }
    }

    pub(super) const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0, self.1 | other.1)
    }

    pub(super) const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0, self.1 & !other.1)
    }

    pub(super) const fn is_empty(self) -> bool {
        self.0 | self.1 == 0
    }

    pub(super) const fn has(self, state: usize) -> bool {
        !self.meets(Self::one(state)).is_empty()
    }

    pub(super) const fn meets(self, other: Self) -> Self {
        Self(self.0 & other.0, self.1 & other.1)
    }

    pub(super) const fn first(self) -> usize {
        let place = if self.0 == 0 { 128 + self.1.trailing_zeros() } else { self.0.trailing_zeros() };
        place as usize
    }
}

/// The states by name. Names are compared by their hashes first: 500 transitions over states with long names must not be
/// noticed while a program compiles.
pub(super) struct Names<'a> {
    states: &'a [StateNode],
    hashes: [u64; STATES],
    /// What `_` stands for.
    pub(super) live: Set,
    /// Where a value can start.
    pub(super) starts: Set,
}

impl<'a> Names<'a> {
    /// Nothing if there are too many.
    pub(super) const fn of(states: &'a [StateNode]) -> Option<Self> {
        if states.len() > STATES {
            return None;
        }
        let mut names = Self { states, hashes: [0; STATES], live: Set::NONE, starts: Set::NONE };
        let mut at = 0;
        while at < states.len() {
            let state = &states[at];
            names.hashes[at] = hash(plain(&state.variant).as_bytes());
            if !state.terminal {
                names.live = names.live.and(Set::one(at));
            }
            if state.initial || state.external {
                names.starts = names.starts.and(Set::one(at));
            }
            at += 1;
        }
        Some(names)
    }

    pub(super) const fn count(&self) -> usize {
        self.states.len()
    }

    pub(super) const fn name(&self, state: usize) -> &'a str {
        plain(&self.states[state].variant)
    }

    /// Nothing if no state has the name.
    pub(super) const fn find(&self, name: &str) -> Option<usize> {
        let wanted = hash(name.as_bytes());
        let mut at = 0;
        while at < self.states.len() {
            if self.hashes[at] == wanted && same(self.name(at), name) {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    /// The states that one source names. Nothing if it is unknown.
    pub(super) const fn source(&self, name: &str) -> Option<Set> {
        if same(name, "_") {
            return Some(self.live);
        }
        self.one(name)
    }

    const fn one(&self, name: &str) -> Option<Set> {
        match self.find(name) {
            Some(state) => Some(Set::one(state)),
            None => None,
        }
    }

    /// The state that an edge leads to, if to any, as a set. Nothing if it is unknown.
    pub(super) const fn target(&self, edge: &Edge) -> Option<Set> {
        match &edge.target {
            Some(target) => self.one(plain(target)),
            None => Some(Set::NONE),
        }
    }

    /// Whether every edge names known states only.
    pub(super) const fn know(&self, edges: &[Edge]) -> bool {
        let mut at = 0;
        while at < edges.len() {
            if self.target(&edges[at]).is_none() {
                return false;
            }
            let sources = sources(&edges[at]);
            let mut source = 0;
            while source < sources.len() {
                if self.source(plain(&sources[source])).is_none() {
                    return false;
                }
                source += 1;
            }
            at += 1;
        }
        true
    }
}

/// The sources of an edge, as written.
pub(super) const fn sources(edge: &Edge) -> &[Cow<'static, str>] {
    match &edge.sources {
        Cow::Borrowed(sources) => sources,
        Cow::Owned(sources) => sources.as_slice(),
    }
}

#[allow(clippy::ptr_arg, reason = "a `Cow` is no `str` in a const function")]
pub(super) const fn plain<'a>(cow: &'a Cow<'static, str>) -> &'a str {
    match cow {
        Cow::Borrowed(text) => text,
        Cow::Owned(text) => text.as_str(),
    }
}

pub(super) const fn same(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Eight bytes at a time.
const fn hash(bytes: &[u8]) -> u64 {
    let (mut hash, mut rest) = (bytes.len() as u64, bytes);
    while let Some((chunk, more)) = rest.split_first_chunk::<8>() {
        hash = (hash ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
        rest = more;
    }
    while let Some((byte, more)) = rest.split_first() {
        hash = (hash << 8) ^ (hash >> 56) ^ *byte as u64;
        rest = more;
    }
    hash
}
