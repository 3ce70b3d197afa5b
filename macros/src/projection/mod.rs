//! `#[projection]` on an inherent `impl`: a read model that follows events.
//!
//! It writes `Projection`: the tables of the events that the methods take, and one function that reads a stored event for
//! each method in turn.

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
pub(crate) struct Projection;

impl Macro for Projection {
    const OWNER: &'static Owner = &codes::PROJECTION;
    const KIND: Kind = Kind::Attribute;
    const ROLES: &'static [&'static str] = &["project"];
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
