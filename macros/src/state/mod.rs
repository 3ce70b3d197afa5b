//! `#[derive(State)]`: makes an enum a set of states: marks, stored names, and reading and writing by them.

mod args;
mod check;
mod emit;
mod model;
mod naming;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::{
    codes::{self, Owner},
    faults::Faults,
    pipeline::{Health, Kind, Macro},
};

/// The macro.
#[derive(Debug)]
pub(crate) struct State;

impl Macro for State {
    const OWNER: &'static Owner = &codes::STATE;
    const KIND: Kind = Kind::Derive;
    const ROLES: &'static [&'static str] = &[];
    type Args = ();
    type Model = model::Model;

    fn args(_tokens: TokenStream, _faults: &mut Faults) {}

    fn model((): (), item: TokenStream, faults: &mut Faults) -> Option<model::Model> {
        model::Model::read(item, faults)
    }

    fn check(model: &model::Model, faults: &mut Faults) {
        check::check(model, faults);
    }

    fn emit(model: &model::Model, health: Health) -> TokenStream {
        emit::emit(model, health)
    }
}
