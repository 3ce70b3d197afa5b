//! What generated machines share. Only [`Machine::new`] asks that the enum is a `State`: an enum that is none is then told
//! so once, and everything else goes through what it keeps. States are lent and copied here, so that an enum that is not
//! `Copy` is told so once too, by its derive.

use std::borrow::Cow;

use super::guard::Asked;
use crate::state_machine::{
    Edge, Graph, GuardFailed, IllegalTransition, MachineFacts, Refusal, State, StateMoved, StateNode, Transition,
    TransitionError, TransitionLog, TransitionRecord,
    check::{Text, hook_state, sound, sound_as_seen},
};

/// What a type can be once: a machine without a name. rustc says so by the name of the trait.
pub trait AFurtherStateMachineOfATypeNeedsAName {}

/// What the macro knows of a machine beside its edges.
#[derive(Debug)]
pub struct Texts {
    /// `Order`, `Order.payment`.
    pub machine: &'static str,
    /// `order/invalid_transition`.
    pub invalid_transition: &'static str,
    /// `order/guard_failed`.
    pub guard_failed: &'static str,
    /// `order/state_moved`.
    pub state_moved: &'static str,
    /// What it saw of the graph, or nothing.
    pub seen: &'static [u64],
}

/// One machine: its facts, and what it asks of its states.
#[derive(Debug)]
pub struct Machine<S: 'static> {
    facts: MachineFacts,
    machine: &'static str,
    states: &'static [StateNode],
    edges: &'static [Edge],
    /// At first sight: then the checks are spared.
    sound: bool,
    name: fn(&S) -> &'static str,
    index: fn(&S) -> usize,
    copied: fn(&S) -> S,
}

impl<S: 'static> Machine<S> {
    /// The machine of these texts and edges.
    #[must_use]
    pub const fn new(texts: &Texts, edges: &'static [Edge]) -> Self
    where
        S: State,
    {
        let (machine, states) = (texts.machine, S::FACTS);
        let facts = MachineFacts {
            graph: graph(machine, states, edges),
            invalid_transition: texts.invalid_transition,
            guard_failed: texts.guard_failed,
            state_moved: texts.state_moved,
            audit: false,
            emit: false,
        };
        let sound = sound_as_seen(states, texts.seen) || sound(states, edges);
        let (name, index, copied) = (name_of::<S>, index_of::<S>, copy_of::<S>);
        Self { facts, machine, states, edges, sound, name, index, copied }
    }

    /// The same; its transitions are written as audit rows, or as messages of the outbox.
    #[must_use]
    pub const fn stores(mut self, audit: bool, emit: bool) -> Self {
        self.facts.audit = audit;
        self.facts.emit = emit;
        self
    }

    /// The graph, for a constant.
    #[must_use]
    pub const fn graph(&self) -> Graph {
        graph(self.machine, self.states, self.edges)
    }

    /// Whether no check of the graph can find anything.
    #[must_use]
    pub const fn is_sound(&self) -> bool {
        self.sound
    }

    /// The states, for the checks of the graph.
    #[must_use]
    pub const fn states(&self) -> &'static [StateNode] {
        self.states
    }

    /// The edges, for the checks of the graph.
    #[must_use]
    pub const fn edges(&self) -> &'static [Edge] {
        self.edges
    }

    /// Whether a hook of the state runs, for a check of its own.
    #[must_use]
    pub const fn hook_state(&self, state: &str, enters: bool, code: &str) -> Option<Text> {
        hook_state(self.states, self.edges, (state, enters), code)
    }

    /// The name, for the checks of the graph.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.machine
    }

    /// The facts.
    #[must_use]
    pub const fn facts(&self) -> &MachineFacts {
        &self.facts
    }

    /// Whether `_` stands for the state: it is not terminal.
    #[inline]
    pub fn leaves(&self, state: &S) -> bool {
        self.states.get((self.index)(state)).is_none_or(|state| !state.terminal)
    }

    /// The transition does not start from the state. It is a few stores, so that a caller that only asks whether there is
    /// an error pays for none.
    #[inline]
    pub fn illegal<E>(&'static self, transition: &'static str, from: S) -> TransitionError<E> {
        TransitionError::Illegal(IllegalTransition::at(&self.facts, transition, (self.index)(&from)))
    }

    /// The guard of the only transition that starts from the state said no, without a reason.
    #[inline]
    pub fn refused<E>(&'static self, transition: &'static str, from: S, guard: &'static str) -> TransitionError<E> {
        let refusal = Refusal::new(transition, guard, None);
        TransitionError::Guard(GuardFailed::at(&self.facts, (self.index)(&from), refusal, Vec::new()))
    }

    /// No transition was taken: none starts from the state, or guards said no.
    #[cold]
    pub fn none<E>(&'static self, transition: &'static str, from: S, asked: Asked) -> TransitionError<E> {
        match asked.first {
            None => self.illegal(transition, from),
            Some(first) => {
                TransitionError::Guard(GuardFailed::at(&self.facts, (self.index)(&from), first, asked.others))
            }
        }
    }

    /// A state as it is now.
    #[inline]
    pub fn copied(&self, state: &S) -> S {
        (self.copied)(state)
    }

    /// Whether a state is another one.
    #[inline]
    pub fn differ(&self, one: &S, other: &S) -> bool {
        (self.index)(one) != (self.index)(other)
    }

    /// The action changed the state itself.
    #[cold]
    pub fn moved<E>(&'static self, transition: &'static str, from: &S, found: &S) -> TransitionError<E> {
        let places = ((self.index)(from), (self.index)(found));
        TransitionError::Moved(StateMoved::at(&self.facts, transition, places, false))
    }

    /// A hook of the state that is left changed it.
    #[cold]
    pub fn moved_by_hook<E>(&'static self, transition: &'static str, from: &S, found: &S) -> TransitionError<E> {
        let places = ((self.index)(from), (self.index)(found));
        TransitionError::Moved(StateMoved::at(&self.facts, transition, places, true))
    }

    /// What hooks are told of a change.
    #[inline]
    pub fn change<'a>(
        &self,
        transition: &'static str,
        (from, to): (&S, &S),
        reason: Option<&'a str>,
    ) -> Transition<'a, S> {
        let (from, to) = (self.copied(from), self.copied(to));
        Transition { transition, from, to, internal: false, reason }
    }

    /// What hooks are told, where the state stays.
    #[inline]
    pub fn stay<'a>(&self, transition: &'static str, from: &S, reason: Option<&'a str>) -> Transition<'a, S> {
        Transition { internal: true, ..self.change(transition, (from, from), reason) }
    }

    /// Writes a transition down.
    #[inline]
    pub fn record(&'static self, log: &mut TransitionLog, taken: &Transition<'_, S>, version: Option<u64>) {
        log.push(TransitionRecord::named(
            &self.facts,
            taken.transition,
            [(self.name)(&taken.from), (self.name)(&taken.to)],
            (taken.internal, version, taken.reason.map(Into::into)),
        ));
    }
}

#[inline]
fn name_of<S: State>(state: &S) -> &'static str {
    state.name()
}

#[inline]
fn index_of<S: State>(state: &S) -> usize {
    state.index()
}

#[inline]
const fn copy_of<S: State>(state: &S) -> S {
    *state
}

const fn graph(machine: &'static str, states: &'static [StateNode], edges: &'static [Edge]) -> Graph {
    Graph { machine: Cow::Borrowed(machine), states: Cow::Borrowed(states), edges: Cow::Borrowed(edges) }
}

/// An edge: its texts are the transition, the target, the guard and the documentation. No target and no guard are empty.
#[must_use]
pub const fn edge(
    [transition, target, guard, doc]: [&'static str; 4],
    sources: &'static [Cow<'static, str>],
    arguments: &'static [Cow<'static, str>],
    is_async: bool,
) -> Edge {
    Edge {
        transition: Cow::Borrowed(transition),
        sources: Cow::Borrowed(sources),
        target: if target.is_empty() { None } else { Some(Cow::Borrowed(target)) },
        guard: if guard.is_empty() { None } else { Some(Cow::Borrowed(guard)) },
        is_async,
        arguments: Cow::Borrowed(arguments),
        doc: Cow::Borrowed(doc),
    }
}

/// Whether a transition would be taken: the answer is dropped here, and not in each machine.
#[inline]
#[must_use]
pub fn agreed<S>(answer: Result<S, TransitionError>) -> bool {
    answer.is_ok()
}

/// The graph of a machine that does not compile.
#[must_use]
pub const fn no_graph() -> Graph {
    graph("", &[], &[])
}

/// Stops the compiler where it stands, with what was found of a graph.
#[track_caller]
pub const fn refuse(found: Option<Text>) {
    if let Some(text) = found {
        panic!("{}", text.as_str())
    }
}

/// The same, if it was found of the edge `at`; else the place of the next edge.
#[track_caller]
#[must_use]
pub const fn refuse_at(found: &Option<Text>, at: usize) -> usize {
    match found {
        Some(text) if text.edge() == at => panic!("{}", text.as_str()),
        _ => at + 1,
    }
}
