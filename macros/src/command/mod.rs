//! `#[command]` on an inherent `impl`: a message with checks of its own, which may carry itself out.
//!
//! It writes hidden inherent functions for policy and checks, which win over the defaults that every message has; with
//! `#[execute]` also `Handled` and `Operation`, with `#[undo]` also `Undoable`.

mod args;
mod check;
mod emit;
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
pub(crate) struct Command;

impl Macro for Command {
    const OWNER: &'static Owner = &codes::COMMAND;
    const KIND: Kind = Kind::Attribute;
    const ROLES: &'static [&'static str] = &["validate", "authorize", "execute", "undo"];
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
