//! `#[aggregate]` on an inherent `impl`: decisions and the state that events make.
//!
//! It writes `Aggregate` with the one `match` over the events, for each `#[handle]` the command's `Handled` and the
//! aggregate's `Decide`, and `AggregateHome`, which names the commands to the application.

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
pub(crate) struct Aggregate;

impl Macro for Aggregate {
    const OWNER: &'static Owner = &codes::AGGREGATE;
    const KIND: Kind = Kind::Attribute;
    const ROLES: &'static [&'static str] = &["handle", "apply"];
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
