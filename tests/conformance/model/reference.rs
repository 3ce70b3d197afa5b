//! What a store is, in its simplest form: streams, one order, snapshots, marks and checkpoints.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest_state_machine::ReferenceStateMachine;

/// Whose stream, and which.
pub type Key = (Option<&'static str>, &'static str);

/// The number that an event carries as its id and as its payload.
pub type Number = u64;

/// What a writer says of a stream's version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Belief {
    Any,
    New,
    /// The right version, or one so many above it.
    Above(u64),
}

/// Events for a stream.
#[derive(Debug, Clone)]
pub struct Write {
    pub key: Key,
    pub belief: Belief,
    pub events: u64,
    /// One of its events bears an id that the log has.
    pub again: bool,
}

/// What is done to a store.
#[derive(Debug, Clone)]
pub enum Step {
    /// Appends to one or two streams of a tenant in one commit.
    Append(Vec<Write>),
    /// Writers at once who believe the same of one stream.
    Race(Key, u64),
    /// A snapshot of a version at or below the head.
    Snapshot(Key, u64),
    /// Marks a message, and moves a checkpoint in the same commit.
    Mark(Number, u64),
    /// Closes the store and opens it again.
    Reopen,
}

/// An event that is known, or one of several of which one was appended.
pub type Stored = BTreeSet<Number>;

/// The model. What a step led to is in `last`.
#[derive(Debug, Clone, Default)]
pub struct Model {
    pub streams: BTreeMap<Key, Vec<Stored>>,
    /// Whose event it is and its version in its stream, in the global order.
    pub log: Vec<(Key, u64)>,
    pub snapshots: BTreeMap<Key, u64>,
    pub marked: BTreeSet<Number>,
    pub checkpoint: Option<u64>,
    /// The number of the next event.
    pub next: Number,
    /// Why the last step was refused: of several reasons a store tells one.
    pub last: Vec<&'static str>,
}

impl Model {
    /// How many events a stream has.
    pub fn head(&self, key: Key) -> u64 {
        self.streams.get(&key).map_or(0, |events| events.len() as u64)
    }

    fn fits(&self, write: &Write) -> bool {
        match write.belief {
            Belief::Any => true,
            Belief::New => self.head(write.key) == 0,
            Belief::Above(more) => more == 0,
        }
    }

    fn push(&mut self, key: Key, event: Stored) {
        let events = self.streams.entry(key).or_default();
        events.push(event);
        self.log.push((key, events.len() as u64));
    }

    fn append(&mut self, writes: &[Write]) {
        let first = self.next;
        self.next += writes.iter().map(|write| write.events).sum::<u64>();
        if !writes.iter().all(|write| self.fits(write)) {
            self.last.push("store/conflict");
        }
        if writes.iter().any(|write| write.again) && !self.log.is_empty() {
            self.last.push("store/duplicate_event");
        }
        if self.last.is_empty() {
            let mut numbers = first..;
            for write in writes {
                for number in numbers.by_ref().take(write.events as usize) {
                    self.push(write.key, BTreeSet::from([number]));
                }
            }
        }
    }

    fn mark(&mut self, message: Number, to: u64) {
        if self.marked.insert(message) {
            self.checkpoint = Some(to);
        } else {
            self.last.push("inbox/duplicate");
        }
    }
}

const KEYS: [Key; 4] = [(None, "a"), (None, "b"), (Some("acme"), "a"), (Some("acme"), "b")];

fn writes() -> impl Strategy<Value = Vec<Write>> {
    let belief = prop_oneof![
        2 => Just(Belief::Any),
        1 => Just(Belief::New),
        4 => Just(Belief::Above(0)),
        1 => (1_u64..4).prop_map(Belief::Above),
    ];
    let write = (0_usize..2, belief, 1_u64..5, prop::bool::weighted(0.1));
    (any::<bool>(), prop::collection::vec(write, 1..3)).prop_map(|(tenant, writes)| {
        let mut writes: Vec<Write> = writes
            .into_iter()
            .map(|(at, belief, events, again)| Write { key: KEYS[at + 2 * usize::from(tenant)], belief, events, again })
            .collect();
        writes.dedup_by_key(|write| write.key); // a commit has one append for a stream here
        writes
    })
}

impl ReferenceStateMachine for Model {
    type State = Self;
    type Transition = Step;

    fn init_state() -> BoxedStrategy<Self> {
        Just(Self { next: 1, ..Self::default() }).boxed()
    }

    fn transitions(_state: &Self) -> BoxedStrategy<Step> {
        let key = prop::sample::select(&KEYS[..]);
        prop_oneof![
            6 => writes().prop_map(Step::Append),
            2 => (key.clone(), 2_u64..6).prop_map(|(key, writers)| Step::Race(key, writers)),
            2 => (key, 0_u64..9).prop_map(|(key, below)| Step::Snapshot(key, below)),
            2 => (1_u64..6, 0_u64..9).prop_map(|(message, to)| Step::Mark(message, to)),
            1 => Just(Step::Reopen),
        ]
        .boxed()
    }

    fn preconditions(state: &Self, step: &Step) -> bool {
        match step {
            Step::Snapshot(key, below) => *below < state.head(*key),
            Step::Append(_) | Step::Race(..) | Step::Mark(..) | Step::Reopen => true,
        }
    }

    fn apply(mut state: Self, step: &Step) -> Self {
        state.last.clear();
        match step {
            Step::Append(writes) => state.append(writes),
            Step::Race(key, writers) => {
                state.push(*key, (state.next..state.next + writers).collect());
                state.next += writers;
            }
            Step::Snapshot(key, below) => {
                let version = state.head(*key) - below;
                let stored = state.snapshots.entry(*key).or_default();
                *stored = version.max(*stored);
            }
            Step::Mark(message, to) => state.mark(*message, *to),
            Step::Reopen => {}
        }
        state
    }
}
