//! `#[service]` on an inherent `impl`: handlers of commands and queries, and subscribers to events.
//!
//! It writes, for each `#[handle]`, the message's `Handled` and the service's `HandleCommand`, `HandleQuery` or
//! `HandleStream`; for each `#[subscribe]` a hidden type that is a `Subscriber`; and `Service`, which names them all.

mod args;
mod check;
mod emit;
mod model;
mod receive;
mod subscriber;
#[cfg(test)]
mod tests;

use proc_macro2::TokenStream;

use crate::{
    codes::{self, Owner},
    faults::Faults,
    pipeline::{Health, Kind, Macro},
};

/// The macro.
pub(crate) struct Service;

impl Macro for Service {
    const OWNER: &'static Owner = &codes::SERVICE;
    const KIND: Kind = Kind::Attribute;
    const ROLES: &'static [&'static str] = &["handle", "subscribe"];
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
