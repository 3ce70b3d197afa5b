//! `#[derive(Id)]`: writes everything that an identifier is, so that nothing needs to be derived beside it.

mod args;
mod check;
mod emit;
mod model;
mod stand_in;
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
pub(crate) struct Id;

impl Macro for Id {
    const OWNER: &'static Owner = &codes::ID;
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
