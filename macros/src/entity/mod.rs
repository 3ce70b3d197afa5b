//! `#[derive(Entity)]`: the table of a struct, functions that name its columns, and the types of new rows and of changes.

mod args;
mod check;
mod column;
mod emit;
mod logs;
mod model;
#[cfg(test)]
mod tests;
mod users;

use proc_macro2::TokenStream;

use crate::{
    codes::{self, Owner},
    faults::Faults,
    pipeline::{Health, Kind, Macro},
};

/// The macro.
#[derive(Debug)]
pub(crate) struct Entity;

impl Macro for Entity {
    const OWNER: &'static Owner = &codes::ENTITY;
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
