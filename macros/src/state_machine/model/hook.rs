//! A method that is told of transitions.

use proc_macro2::Ident;

use super::Transition;
use crate::{
    faults::Faults,
    names,
    state_machine::grammar::{self, Source, Target},
    syntax::{impl_block::Method, roles::Role},
};

/// When a hook runs.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::state_machine) enum When {
    Enter,
    Exit,
    Always,
}

/// One role of one hook.
pub(in crate::state_machine) struct Hook {
    pub(in crate::state_machine) when: When,
    /// The role's name.
    pub(in crate::state_machine) name: &'static str,
    pub(in crate::state_machine) states: Vec<Ident>,
    pub(in crate::state_machine) method: Method,
}

impl Hook {
    /// Reads a hook; `None` after a fault.
    pub(super) fn read(role: &Role, method: &Method, faults: &mut Faults) -> Option<Self> {
        let when = match role.name {
            "on_enter" => When::Enter,
            "on_exit" => When::Exit,
            "on_transition" => When::Always,
            _ => return None,
        };
        let states = if when == When::Always {
            role.refuse_options(faults);
            Vec::new()
        } else {
            grammar::hook(role, faults)?
        };
        Some(Self { when, name: role.name, states, method: method.clone() })
    }

    /// Whether it is told of this state.
    pub(in crate::state_machine) fn names(&self, state: &Ident) -> bool {
        self.states.iter().any(|own| names::same(own, state))
    }

    /// Whether a transition may run it.
    pub(in crate::state_machine) fn concerns(&self, transition: &Transition) -> bool {
        let target = |target: &Target| matches!(target, Target::State(name) if self.names(name));
        let source = |source: &Source| match source {
            Source::State(name) => self.names(name),
            Source::Any(_) => true,
        };
        let moves = transition.edges.iter().filter(|edge| !edge.is_internal());
        match self.when {
            When::Always => !transition.edges.is_empty(),
            When::Enter => moves.into_iter().any(|edge| target(&edge.target)),
            When::Exit => moves.into_iter().any(|edge| edge.sources.iter().any(source)),
        }
    }
}
