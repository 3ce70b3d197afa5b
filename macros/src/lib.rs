//! The attributes and derives of Bailiwick. They are used through the crate `bailiwick`, which exports them.
//!
//! Each entry point hands its tokens to the same pipeline: options, model, checks, output. Everything behind this file
//! speaks `proc_macro2` and is tested without a compiler.

use proc_macro::TokenStream;

mod aggregate;
mod behaviour;
mod cfgs;
mod codes;
mod command;
mod command_derive;
mod entity;
mod event;
mod faults;
mod id;
mod names;
mod output;
mod outside;
mod paths;
mod pipeline;
mod projection;
mod query;
#[cfg(test)]
mod rules;
mod service;
mod state;
mod state_machine;
mod suggest;
mod syntax;
#[cfg(test)]
mod testing;
mod value_object;

#[doc = include_str!("docs/event.md")]
#[proc_macro_derive(Event, attributes(event))]
pub fn derive_event(item: TokenStream) -> TokenStream {
    pipeline::derive::<event::Event>(item.into()).into()
}

#[doc = include_str!("docs/command_derive.md")]
#[proc_macro_derive(Command, attributes(command, target, audit))]
pub fn derive_command(item: TokenStream) -> TokenStream {
    pipeline::derive::<command_derive::Command>(item.into()).into()
}

#[doc = include_str!("docs/query.md")]
#[proc_macro_derive(Query, attributes(query))]
pub fn derive_query(item: TokenStream) -> TokenStream {
    pipeline::derive::<query::Query>(item.into()).into()
}

#[doc = include_str!("docs/id.md")]
#[proc_macro_derive(Id, attributes(id))]
pub fn derive_id(item: TokenStream) -> TokenStream {
    pipeline::derive::<id::Id>(item.into()).into()
}

#[doc = include_str!("docs/value_object.md")]
#[proc_macro_derive(ValueObject, attributes(value, serde))]
pub fn derive_value_object(item: TokenStream) -> TokenStream {
    pipeline::derive::<value_object::ValueObject>(item.into()).into()
}

#[doc = include_str!("docs/entity.md")]
#[proc_macro_derive(
    Entity,
    attributes(
        entity,
        col,
        id,
        tenant,
        version,
        created_at,
        created_by,
        updated_at,
        updated_by,
        soft_delete,
        deleted_by,
        transitions
    )
)]
pub fn derive_entity(item: TokenStream) -> TokenStream {
    pipeline::derive::<entity::Entity>(item.into()).into()
}

#[doc = include_str!("docs/state.md")]
#[proc_macro_derive(State, attributes(state))]
pub fn derive_state(item: TokenStream) -> TokenStream {
    pipeline::derive::<state::State>(item.into()).into()
}

#[doc = include_str!("docs/aggregate.md")]
#[proc_macro_attribute]
pub fn aggregate(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run::<aggregate::Aggregate>(args.into(), item.into()).into()
}

#[doc = include_str!("docs/command.md")]
#[proc_macro_attribute]
pub fn command(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run::<command::Command>(args.into(), item.into()).into()
}

#[doc = include_str!("docs/service.md")]
#[proc_macro_attribute]
pub fn service(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run::<service::Service>(args.into(), item.into()).into()
}

#[doc = include_str!("docs/projection.md")]
#[proc_macro_attribute]
pub fn projection(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run::<projection::Projection>(args.into(), item.into()).into()
}

#[doc = include_str!("docs/state_machine.md")]
#[proc_macro_attribute]
pub fn state_machine(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::run::<state_machine::StateMachine>(args.into(), item.into()).into()
}

/// Changes the state of a `#[state_machine]`.
#[proc_macro_attribute]
pub fn transition(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("transition", &["state_machine"], item.into()).into()
}

/// Runs when a `#[state_machine]` has entered a state.
#[proc_macro_attribute]
pub fn on_enter(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("on_enter", &["state_machine"], item.into()).into()
}

/// Runs before a `#[state_machine]` leaves a state.
#[proc_macro_attribute]
pub fn on_exit(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("on_exit", &["state_machine"], item.into()).into()
}

/// Runs after every transition of a `#[state_machine]`.
#[proc_macro_attribute]
pub fn on_transition(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("on_transition", &["state_machine"], item.into()).into()
}

/// Decides on a command in an `#[aggregate]`, or answers one or a query in a `#[service]`.
#[proc_macro_attribute]
pub fn handle(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("handle", &["aggregate", "service"], item.into()).into()
}

/// Takes an event into the state of an `#[aggregate]`.
#[proc_macro_attribute]
pub fn apply(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("apply", &["aggregate"], item.into()).into()
}

/// Checks a `#[command]` before anything is read.
#[proc_macro_attribute]
pub fn validate(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("validate", &["command"], item.into()).into()
}

/// Says whether an actor may run a `#[command]`.
#[proc_macro_attribute]
pub fn authorize(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("authorize", &["command"], item.into()).into()
}

/// Carries out a `#[command]`.
#[proc_macro_attribute]
pub fn execute(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("execute", &["command"], item.into()).into()
}

/// Takes back what `#[execute]` of a `#[command]` did.
#[proc_macro_attribute]
pub fn undo(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("undo", &["command"], item.into()).into()
}

/// Receives events in a `#[service]`.
#[proc_macro_attribute]
pub fn subscribe(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("subscribe", &["service"], item.into()).into()
}

/// Takes one event into the read model of a `#[projection]`.
#[proc_macro_attribute]
pub fn project(_args: TokenStream, item: TokenStream) -> TokenStream {
    outside::outside("project", &["projection"], item.into()).into()
}
