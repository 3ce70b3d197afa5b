//! The logs of an entity's state machines.

use std::{any::Any, fmt};

use crate::{
    envelope::Envelope,
    state_machine::{MachineFacts, State, StateMachine, TransitionLog},
};

/// A type that has a log for its machine over the states `S`. `#[derive(Entity)]` writes it for each column that a field with
/// `#[transitions(…)]` names.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no log of its transitions over `{S}`",
    label = "needs a log",
    note = "an entity has one with `#[transitions(…)] log: TransitionLog`, which names the column; any other type names its \
            field: `#[state_machine(…, log = log)]`"
)]
pub trait Logs<S> {
    /// The log.
    fn log_of(&self) -> &TransitionLog;

    /// The log, to be written to.
    fn log_of_mut(&mut self) -> &mut TransitionLog;
}

/// A column whose changes are logged: what a repository asks before it writes it.
pub struct Logged<E> {
    place: usize,
    code: &'static str,
    facts: fn() -> &'static MachineFacts,
    state: fn(&E) -> &'static str,
    log: fn(&E) -> &TransitionLog,
    log_mut: fn(&mut E) -> &mut TransitionLog,
    hear: Option<Hear>,
}

/// Makes of a message what subscribers in the process hear: an event of whose type nobody here knows.
pub(crate) type Hear = fn(Envelope) -> Option<Box<dyn Any + Send>>;

impl<E: 'static> Logged<E> {
    /// The column at this place; the code of the error is such as `order/undeclared_transition`.
    ///
    /// # Panics
    /// In a constant, and thereby at compile time, if the machine over `S` keeps no log.
    #[must_use]
    #[track_caller]
    pub const fn of<S: State>(place: usize, code: &'static str, state: fn(&E) -> &'static str) -> Self
    where
        E: StateMachine<S> + Logs<S>,
    {
        assert!(
            <E as StateMachine<S>>::LOGGED,
            "the machine writes to no log: `#[state_machine(…, log)]`, or `audit`, or `emit`"
        );
        let (log, log_mut) = (<E as Logs<S>>::log_of, <E as Logs<S>>::log_of_mut);
        Self { place, code, facts: <E as StateMachine<S>>::facts, state, log, log_mut, hear: None }
    }

    /// Subscribers in the process hear what this makes of a message.
    #[doc(hidden)]
    #[must_use]
    pub const fn heard(self, hear: fn(Envelope) -> Option<Box<dyn Any + Send>>) -> Self {
        Self { hear: Some(hear), ..self }
    }

    pub(crate) const fn hear(&self) -> Option<Hear> {
        self.hear
    }

    /// The place of the column.
    #[must_use]
    pub const fn place(&self) -> usize {
        self.place
    }

    /// The code of the error about a change that is not declared.
    pub(crate) const fn code(&self) -> &'static str {
        self.code
    }

    /// What is known of the machine.
    #[must_use]
    pub fn facts(&self) -> &'static MachineFacts {
        (self.facts)()
    }

    /// The stored name of the state that an entity is in.
    pub(crate) fn state(&self, entity: &E) -> &'static str {
        (self.state)(entity)
    }

    /// The log.
    pub(crate) fn log<'e>(&self, entity: &'e E) -> &'e TransitionLog {
        (self.log)(entity)
    }

    /// The state that is stored, as far as the log knows.
    pub(crate) fn stored(&self, entity: &E) -> Option<&'static str> {
        self.log(entity).stored(self.place)
    }

    /// The state that the entity is in is the one that is stored.
    pub(crate) fn note(&self, entity: &mut E) {
        let state = self.state(entity);
        (self.log_mut)(entity).note(self.place, state);
    }

    /// The same, and what led to it is stored.
    pub(crate) fn settle(&self, entity: &mut E) {
        self.note(entity);
        (self.log_mut)(entity).settle();
    }
}

impl<E> fmt::Debug for Logged<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Logged").field("place", &self.place).finish_non_exhaustive()
    }
}
