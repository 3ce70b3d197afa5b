//! A first look at a graph. It costs a program that compiles little, and nearly all graphs are sound: only where it sees
//! something odd are the checks asked, which take longer and say what is wrong.

use super::names::{plain, same, sources};
use crate::state_machine::{Edge, StateNode};

/// How many states it can look at.
const MOST: usize = 64;
/// How many states a macro can have seen.
const MOST_SEEN: usize = 31;

/// Whether no check can find anything. What is not seen to be sound may still be.
pub(crate) const fn sound(states: &[StateNode], edges: &[Edge]) -> bool {
    let mut glance = Glance::EMPTY;
    if states.len() > MOST || !glance.states(states) {
        return false;
    }
    let mut at = 0;
    while at < edges.len() {
        let first = at == 0 || !same(plain(&edges[at - 1].transition), plain(&edges[at].transition));
        if first {
            glance.taken = 0;
        }
        if !glance.edge(&edges[at]) {
            return false;
        }
        at += 1;
    }
    glance.whole()
}

/// What a macro saw of a graph without `_`, for each state that a transition names: its [`key`] in the upper half, whether
/// it is left in the highest bit of the lower one, and where ways lead from it, itself included, in the others.
///
/// Names are known to be states, or the program does not compile: if there are as many as states, and each state has the
/// key of another one, each is the name of its state.
pub(crate) const fn sound_as_seen(states: &[StateNode], seen: &[u64]) -> bool {
    if states.len() != seen.len() || seen.len() > MOST_SEEN {
        return false;
    }
    let (mut at, mut met, mut reached) = (0, 0, 0);
    while at < states.len() {
        let (state, key, mut place) = (&states[at], key(plain(&states[at].variant)) as u64, at);
        while seen[place] >> 32 != key {
            place = (place + 1) % seen.len();
            if place == at {
                return false;
            }
        }
        if (seen[place] >> MOST_SEEN & 1 == 1) == state.terminal {
            return false;
        }
        met |= 1 << place;
        if state.initial || state.external {
            reached |= seen[place];
        }
        at += 1;
    }
    let all: u64 = (1 << seen.len()) - 1;
    met == all && reached & all == all
}

/// Sets of states are numbers, a bit for each.
struct Glance {
    count: usize,
    keys: [u32; MOST],
    live: u64,
    starts: u64,
    leads: [u64; MOST],
    /// What the method has taken without a guard.
    taken: u64,
    /// The sources by name and the targets, and the sources of those that move.
    heard: u64,
    left: u64,
}

impl Glance {
    const EMPTY: Self =
        Self { count: 0, keys: [0; MOST], live: 0, starts: 0, leads: [0; MOST], taken: 0, heard: 0, left: 0 };

    const fn states(&mut self, states: &[StateNode]) -> bool {
        while self.count < states.len() {
            let (at, state) = (self.count, &states[self.count]);
            let key = key(plain(&state.variant));
            if self.find(key).is_some() {
                return false;
            }
            self.keys[at] = key;
            self.count += 1;
            self.live |= (!state.terminal as u64) << at;
            self.starts |= ((state.initial || state.external) as u64) << at;
        }
        true
    }

    const fn find(&self, key: u32) -> Option<usize> {
        let mut at = 0;
        while at < self.count {
            if self.keys[at] == key {
                return Some(at);
            }
            at += 1;
        }
        None
    }

    const fn edge(&mut self, edge: &Edge) -> bool {
        let (list, mut at, mut named, mut any) = (sources(edge), 0, 0, 0);
        while at < list.len() {
            match (plain(&list[at]).as_bytes(), self.find(key(plain(&list[at])))) {
                (b"_", _) => any = self.live,
                (_, Some(state)) => named |= 1 << state,
                (_, None) => return false,
            }
            at += 1;
        }
        if named & self.taken != 0 || (any != 0 && any & !self.taken == 0) {
            return false;
        }
        if edge.guard.is_none() {
            self.taken |= named | any;
        }
        self.heard |= named;
        match &edge.target {
            None => true,
            Some(target) => {
                self.left |= named;
                named & !self.live == 0 && self.leads_to(named | any, key(plain(target)))
            }
        }
    }

    const fn leads_to(&mut self, mut from: u64, key: u32) -> bool {
        let Some(target) = self.find(key) else { return false };
        self.heard |= 1 << target;
        while from != 0 {
            self.leads[from.trailing_zeros() as usize] |= 1 << target;
            from &= from - 1;
        }
        true
    }

    /// Whether every state is reached, every live one is left, and the names of both are heard.
    const fn whole(&self) -> bool {
        let all = if self.count == MOST { u64::MAX } else { (1 << self.count) - 1 };
        let (mut reached, mut open) = (self.starts, self.starts);
        while open != 0 {
            let state = open.trailing_zeros() as usize;
            let new = self.leads[state] & !reached;
            if self.leads[state] == 0 && self.live >> state & 1 == 1 {
                return false;
            }
            reached |= new;
            open = open & (open - 1) | new;
        }
        reached == all && self.heard == all && self.live & !self.left == 0
    }
}

/// Length, first and last letters: enough where no two states have the same, and looked at in a few steps. The macro counts
/// the same.
pub(super) const fn key(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let length = bytes.len();
    if length == 0 {
        return 0;
    }
    (length as u32) << 24 | (bytes[0] as u32) << 16 | (bytes[length / 2] as u32) << 8 | bytes[length - 1] as u32
}
