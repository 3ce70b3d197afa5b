//! What happened to an entity since it was loaded.

use std::fmt;

use super::{MachineFacts, State, Transition};

/// The transitions of an entity since it was loaded, for whoever saves it.
///
/// It is no part of the entity's value: it equals every other log, and a clone of the entity has its own. It is not serialised,
/// either. A log that a repository has read, inserted or saved knows the state that is stored; an empty one that was made otherwise
/// does not, and its entity cannot be saved.
#[derive(Default, Clone)]
pub struct TransitionLog {
    records: Vec<TransitionRecord>,
    /// The stored state of the first machine, and of further ones: by the place of its column.
    stored: Option<(usize, &'static str)>,
    further: Vec<(usize, &'static str)>,
}

/// One transition that happened.
#[derive(Clone)]
pub struct TransitionRecord {
    facts: &'static MachineFacts,
    transition: &'static str,
    from: &'static str,
    to: &'static str,
    internal: bool,
    version: Option<u64>,
    reason: Option<Box<str>>,
}

impl TransitionLog {
    /// An empty log.
    #[must_use]
    pub const fn new() -> Self {
        Self { records: Vec::new(), stored: None, further: Vec::new() }
    }

    /// An empty log with room for so many transitions.
    #[must_use]
    pub fn with_capacity(transitions: usize) -> Self {
        Self { records: Vec::with_capacity(transitions), ..Self::new() }
    }

    /// The transitions, oldest first.
    #[must_use]
    pub fn records(&self) -> &[TransitionRecord] {
        &self.records
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.records.len()
    }

    /// Whether nothing happened.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.records.is_empty()
    }

    /// Takes all of them out, oldest first; the room for more stays.
    pub fn drain(&mut self) -> impl Iterator<Item = TransitionRecord> {
        self.records.drain(..)
    }

    /// Writes one down; `version` is the entity's when the transition began.
    pub fn record<S: State>(&mut self, facts: &'static MachineFacts, taken: &Transition<'_, S>, version: Option<u64>) {
        self.records.push(TransitionRecord {
            facts,
            transition: taken.transition(),
            from: taken.from().name(),
            to: taken.to().name(),
            internal: taken.is_internal(),
            version,
            reason: taken.reason().map(Into::into),
        });
    }

    /// Writes one down whose names are known.
    pub(crate) fn push(&mut self, record: TransitionRecord) {
        self.records.push(record);
    }

    /// The state that is stored in the column at this place, if it is known.
    pub(crate) fn stored(&self, place: usize) -> Option<&'static str> {
        let known = self.stored.iter().chain(&self.further).find(|(known, _)| *known == place);
        known.map(|(_, state)| *state)
    }

    /// Notes the state that is stored in the column at this place.
    pub(crate) fn note(&mut self, place: usize, state: &'static str) {
        let known = self.stored.iter_mut().chain(&mut self.further).find(|(known, _)| *known == place);
        if let Some((_, known)) = known {
            *known = state;
        } else if self.stored.is_none() {
            self.stored = Some((place, state));
        } else {
            self.further.push((place, state));
        }
    }

    /// Forgets the transitions: they are stored.
    pub(crate) fn settle(&mut self) {
        self.records.clear();
    }

    /// Forgets what came after the first `len` transitions.
    pub fn truncate(&mut self, len: usize) {
        self.records.truncate(len);
    }
}

impl TransitionRecord {
    /// A transition between states that are known by their stored names; `more` is whether it is internal, the version and
    /// the reason.
    pub(crate) fn named(
        facts: &'static MachineFacts,
        transition: &'static str,
        [from, to]: [&'static str; 2],
        (internal, version, reason): (bool, Option<u64>, Option<Box<str>>),
    ) -> Self {
        Self { facts, transition, from, to, internal, version, reason }
    }

    /// What is known of the machine.
    pub(crate) const fn facts(&self) -> &'static MachineFacts {
        self.facts
    }

    /// The machine: `Order`, or `Order.payment`.
    #[must_use]
    pub fn machine(&self) -> &'static str {
        &self.facts.graph.machine
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self) -> &'static str {
        self.transition
    }

    /// The stored name of the state that it left.
    #[must_use]
    pub fn from(&self) -> &'static str {
        self.from
    }

    /// The stored name of the state that it entered.
    #[must_use]
    pub fn to(&self) -> &'static str {
        self.to
    }

    /// Whether the state stayed and was neither left nor entered.
    #[must_use]
    pub fn is_internal(&self) -> bool {
        self.internal
    }

    /// The entity's version when the transition began, if the machine knows it.
    #[must_use]
    pub fn version(&self) -> Option<u64> {
        self.version
    }

    /// Why, as the caller said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

impl PartialEq for TransitionLog {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for TransitionLog {}

impl std::hash::Hash for TransitionLog {
    fn hash<H: std::hash::Hasher>(&self, _: &mut H) {}
}

impl fmt::Debug for TransitionLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.records).finish()
    }
}

impl fmt::Debug for TransitionRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} -> {}", self.transition, self.from, self.to)
    }
}
