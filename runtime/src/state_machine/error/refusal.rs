//! The three ways in which a machine itself says no.

use std::{error::Error as StdError, fmt};

use crate::state_machine::{MachineFacts, State, state::Quoted};

/// A transition that does not start from the state.
#[derive(Clone)]
pub struct IllegalTransition {
    pub(super) facts: &'static MachineFacts,
    transition: &'static str,
    from: usize,
}

/// A transition that a guard refused: of several that could have been taken, the first.
#[derive(Clone)]
pub struct GuardFailed {
    pub(super) facts: &'static MachineFacts,
    from: usize,
    refusal: Refusal,
    /// Only where a method has several transitions from one state.
    others: Vec<Refusal>,
}

/// A guard that said no.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    transition: &'static str,
    guard: &'static str,
    reason: Option<Box<str>>,
}

/// An action, or a hook of the state that is left, that changed the state itself.
#[derive(Clone)]
pub struct StateMoved {
    pub(super) facts: &'static MachineFacts,
    transition: &'static str,
    from: usize,
    found: usize,
    by_hook: bool,
}

impl IllegalTransition {
    /// `transition` was called in the state `from`.
    #[must_use]
    pub fn new<S: State>(facts: &'static MachineFacts, transition: &'static str, from: S) -> Self {
        Self::at(facts, transition, from.index())
    }

    /// The state is known by its place.
    #[inline]
    pub(crate) const fn at(facts: &'static MachineFacts, transition: &'static str, from: usize) -> Self {
        Self { facts, transition, from }
    }

    /// The type of the machine.
    #[must_use]
    pub fn machine(&self) -> &'static str {
        machine(self.facts)
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self) -> &'static str {
        self.transition
    }

    /// The stored name of the state.
    #[must_use]
    pub fn from(&self) -> &'static str {
        name(self.facts, self.from)
    }

    /// The stored names of the states that it starts from.
    #[must_use]
    pub fn allowed_from(&self) -> Vec<&'static str> {
        let graph = &self.facts.graph;
        let mut names: Vec<&str> = Vec::new();
        for edge in graph.edges.iter().filter(|edge| edge.transition == self.transition) {
            let new = graph.sources(edge).map(|state| &*state.name).filter(|name| !names.contains(name));
            names.extend(new.collect::<Vec<_>>());
        }
        names
    }
}

impl GuardFailed {
    /// The `refusal` of the first transition that starts from the state `from`, and of the `others` that do.
    #[must_use]
    pub fn new<S: State>(facts: &'static MachineFacts, from: S, refusal: Refusal, others: Vec<Refusal>) -> Self {
        Self::at(facts, from.index(), refusal, others)
    }

    /// The state is known by its place.
    #[inline]
    pub(crate) const fn at(facts: &'static MachineFacts, from: usize, refusal: Refusal, others: Vec<Refusal>) -> Self {
        Self { facts, from, refusal, others }
    }

    /// The type of the machine.
    #[must_use]
    pub fn machine(&self) -> &'static str {
        machine(self.facts)
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self) -> &'static str {
        self.refusal.transition
    }

    /// The stored name of the state.
    #[must_use]
    pub fn from(&self) -> &'static str {
        name(self.facts, self.from)
    }

    /// The guard of this transition that was asked last.
    #[must_use]
    pub fn guard(&self) -> &'static str {
        self.refusal.guard
    }

    /// What the guard said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.refusal.reason()
    }

    fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// What refused the further transitions of the method that start from the state.
    #[must_use]
    pub fn others(&self) -> &[Refusal] {
        &self.others
    }
}

impl Refusal {
    /// `guard` refused `transition`, perhaps with a reason.
    #[must_use]
    pub const fn new(transition: &'static str, guard: &'static str, reason: Option<Box<str>>) -> Self {
        Self { transition, guard, reason }
    }

    /// The guard.
    #[must_use]
    pub fn guard(&self) -> &'static str {
        self.guard
    }

    /// What it said.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.reason.as_deref()
    }
}

impl StateMoved {
    /// The action of `transition`, which began in `from`, ended in `found`.
    #[must_use]
    pub fn new<S: State>(facts: &'static MachineFacts, transition: &'static str, from: S, found: S) -> Self {
        Self::at(facts, transition, (from.index(), found.index()), false)
    }

    /// The states are known by their places.
    pub(crate) const fn at(
        facts: &'static MachineFacts,
        transition: &'static str,
        (from, found): (usize, usize),
        by_hook: bool,
    ) -> Self {
        Self { facts, transition, from, found, by_hook }
    }

    /// The type of the machine.
    #[must_use]
    pub fn machine(&self) -> &'static str {
        machine(self.facts)
    }

    /// The transition.
    #[must_use]
    pub fn transition(&self) -> &'static str {
        self.transition
    }

    /// The stored name of the state in which it began; it is set back to this.
    #[must_use]
    pub fn from(&self) -> &'static str {
        name(self.facts, self.from)
    }

    /// The stored name of the state that the action left.
    #[must_use]
    pub fn found(&self) -> &'static str {
        name(self.facts, self.found)
    }
}

fn machine(facts: &'static MachineFacts) -> &'static str {
    &facts.graph.machine
}

/// The stored name of the state at a place.
fn name(facts: &'static MachineFacts, place: usize) -> &'static str {
    facts.graph.states.get(place).map_or("", |state| &state.name)
}

impl fmt::Display for IllegalTransition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let allowed = self.allowed_from();
        write!(f, "cannot `{}` from `{}`; possible from {}", self.transition, self.from(), Quoted(&allowed))
    }
}

impl fmt::Display for GuardFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "guard `{}` refused `{}` from `{}`", self.guard(), self.transition(), self.from())?;
        self.reason().map_or(Ok(()), |reason| write!(f, ": {reason}"))
    }
}

impl fmt::Display for StateMoved {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let who = if self.by_hook { "an `on_exit` hook" } else { "the action" };
        write!(f, "{who} of `{}` changed the state itself", self.transition)
    }
}

macro_rules! plain {
    ($($refusal:ident { $($field:ident),* })*) => { $(
        impl PartialEq for $refusal {
            fn eq(&self, other: &Self) -> bool {
                std::ptr::eq(self.facts, other.facts) $(&& self.$field == other.$field)*
            }
        }

        impl Eq for $refusal {}

        impl fmt::Debug for $refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($refusal))
                    .field("machine", &self.machine())
                    $(.field(stringify!($field), &self.$field()))*
                    .finish()
            }
        }

        impl StdError for $refusal {}
    )* };
}

plain! {
    IllegalTransition { transition, from }
    GuardFailed { from, refusal, others }
    StateMoved { transition, from, found }
}
