//! `#[state_machine]` on an inherent `impl`: methods that are the transitions of the type.
//!
//! Each `#[transition]` method becomes a wrapper that asks the guards, runs the body, changes the state, writes the log and
//! runs the hooks; beside it stand `check_x` and `can_x`. It writes `StateMachine`, the enum of the transitions, `GRAPH` with
//! the checks of the whole graph, and on demand calls by name and the typestate facade.

mod args;
mod check;
mod emit;
mod grammar;
mod model;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::{
    codes::{self, Owner},
    faults::Faults,
    pipeline::{Health, Kind, Macro},
};

/// The macro.
pub(crate) struct StateMachine;

impl Macro for StateMachine {
    const OWNER: &'static Owner = &codes::STATE_MACHINE;
    const KIND: Kind = Kind::Attribute;
    const ROLES: &'static [&'static str] = &["transition", "on_enter", "on_exit", "on_transition", "reason"];
    type Args = args::Args;
    type Model = model::Model;

    fn args(tokens: TokenStream, faults: &mut Faults) -> Self::Args {
        args::Args::read(tokens, faults)
    }

    fn model(args: Self::Args, item: TokenStream, faults: &mut Faults) -> Option<Self::Model> {
        model::Model::read(args, item, faults)
    }

    fn check(model: &Self::Model, faults: &mut Faults) {
        check::all(model, faults);
    }

    fn emit(model: &Self::Model, health: Health) -> TokenStream {
        emit::emit(model, health)
    }
}
