//! The rules of `#[aggregate]`.

use proc_macro2::Ident;
use syn::ReturnType;

use super::model::{Applier, Creation, Handler, Model};
use crate::{
    behaviour::{
        calls,
        rules::{self, Expected, apart},
    },
    codes::{ASYNC_MISMATCH, CONFLICT, aggregate::APPLIED_TWICE},
    faults::Faults,
    names,
    syntax::{
        impl_block::Method,
        returns::Answer,
        signature::{self, Receiver, show},
    },
};

/// Runs every rule.
pub(super) fn all(model: &Model, faults: &mut Faults) {
    rules::generic_home(&model.block, faults);
    for handler in &model.handlers {
        handler_signature(model, handler, faults);
        async_mismatch(&handler.method, "decides on what it is given", faults);
        if let Some(command) = handler.command() {
            rules::lifetime_in_payload(command, faults);
        }
    }
    for applier in &model.appliers {
        applier_signature(model, applier, faults);
        async_mismatch(&applier.method, "only takes in what has happened", faults);
    }
    let handled = model.handlers.iter().filter_map(|handler| Some((&handler.method, handler.command()?)));
    rules::handled_twice(handled, faults);
    applied_twice(model, faults);
    conflict(model, faults);
}

fn handler_signature(model: &Model, handler: &Handler, faults: &mut Faults) {
    let method = &handler.method;
    let arguments = signature::arguments(&method.sig);
    let expected = Expected { role: "handle", method, example: handler_example(model, handler) };
    let changes = changes_nothing(model, method);
    match handler.creation {
        Creation::New => expected.receiver(&[Receiver::None, Receiver::Shared], &changes, faults),
        Creation::Either => expected.receiver(&[Receiver::Shared], &changes, faults),
        Creation::Existing if signature::receiver(&method.sig) == Receiver::None => {
            expected.not(&method.sig.ident, "takes `&self`, unless it is `#[handle(create)]`", faults);
        }
        Creation::Existing => expected.receiver(&[Receiver::Shared], &changes, faults),
    }
    match arguments.split_first() {
        None => expected.not(&method.sig.ident, "takes a command", faults),
        Some((_, surplus)) => expected.no_more(surplus, "takes a command and nothing else", faults),
    }
    expected.no_type_parameters(faults);
    expected.result(faults);
}

/// Why it takes `&self`. With `&mut self` it may call a transition: what is meant is to ask whether it may happen.
fn changes_nothing(model: &Model, method: &Method) -> String {
    let own = |name: &Ident| model.block.methods().any(|other| names::same(other.name(), name));
    let called = calls::on_self(method.body.clone(), model.block.type_name());
    let more = called.iter().find(|name| !own(name)).map(|name| {
        let name = names::text(name);
        format!("; if `{name}` is a transition of a state machine, ask `self.check_{name}(…)`")
    });
    format!("takes `&self`: it returns events, and `#[apply]` changes the state{}", more.unwrap_or_default())
}

fn handler_example(model: &Model, handler: &Handler) -> String {
    let name = names::text(handler.method.name());
    let receiver = match handler.creation {
        Creation::New => "",
        Creation::Existing | Creation::Either => "&self, ",
    };
    let command = handler.command().map_or_else(|| "SomeCommand".to_owned(), show);
    let or = |ty: &Option<syn::Type>, default: &str| ty.as_ref().map_or_else(|| default.to_owned(), show);
    let event = match Answer::of(&handler.method.sig.output) {
        Answer::Result { ok, .. } => show(ok),
        _ => or(&model.args.event, "SomeEvent"),
    };
    let error = or(&model.args.error, "SomeError");
    format!("fn {name}({receiver}command: {command}) -> Result<{event}, {error}>")
}

fn applier_signature(model: &Model, applier: &Applier, faults: &mut Faults) {
    let method = &applier.method;
    let arguments = signature::arguments(&method.sig);
    let expected = Expected { role: "apply", method, example: applier_example(model, applier) };
    expected.receiver(&[Receiver::Mutable], "takes `&mut self`", faults);
    expected.no_type_parameters(faults);
    if let ReturnType::Type(_, ty) = &method.sig.output
        && !matches!(Answer::of_type(ty), Answer::Nothing)
    {
        expected.not(ty, "returns nothing: what happened, happened", faults);
    }
    if applier.variants.is_empty() {
        let whole = matches!(arguments[..], [argument] if signature::reference(argument.ty).is_some_and(|(_, mutable)| !mutable));
        if !whole {
            expected.not(&method.sig.ident, "without a variant takes the whole event by reference", faults);
        }
    } else if let Some(nameless) = arguments.iter().find(|argument| argument.name.is_none()) {
        expected.not(nameless.whole, "names its arguments like the fields of the event", faults);
    }
}

fn applier_example(model: &Model, applier: &Applier) -> String {
    let name = names::text(applier.method.name());
    if applier.variants.is_empty() {
        let event = model.args.event.as_ref().map_or_else(|| "SomeEvent".to_owned(), show);
        return format!("fn {name}(&mut self, event: &{event})");
    }
    let arguments = signature::arguments(&applier.method.sig);
    let fields = arguments
        .iter()
        .filter_map(|argument| argument.name.map(|name| format!(", {}: {}", names::text(name), show(argument.ty))));
    format!("fn {name}(&mut self{})", fields.collect::<String>())
}

fn async_mismatch(method: &Method, what: &str, faults: &mut Faults) {
    if let Some(word) = &method.sig.asyncness {
        let name = names::text(method.name());
        faults
            .at(word.span, ASYNC_MISMATCH, format!("`{name}` is `async`, and an aggregate never waits: it {what}"))
            .help("remove `async`; ask others in a `#[service]`, and give the aggregate what they answered");
    }
}

fn applied_twice(model: &Model, faults: &mut Faults) {
    let mut seen: Vec<(&Ident, &Applier)> = Vec::new();
    for applier in &model.appliers {
        for variant in &applier.variants {
            match seen.iter().find(|(name, first)| *name == variant && !apart(&first.method, &applier.method)) {
                Some((first, method)) => {
                    let text = format!("`{}` is applied twice", names::text(variant));
                    faults
                        .at(variant.span(), APPLIED_TWICE, text)
                        .and(first.span(), format!("`{}` applies it", names::text(method.method.name())))
                        .help("do both in one method");
                }
                None => seen.push((variant, applier)),
            }
        }
    }
}

/// `#[apply]` takes every event, so it stands alone.
fn conflict(model: &Model, faults: &mut Faults) {
    let Some(whole) = model.appliers.iter().find(|applier| applier.variants.is_empty()) else { return };
    let other =
        model.appliers.iter().find(|other| !std::ptr::eq(*other, whole) && !apart(&other.method, &whole.method));
    if let Some(other) = other {
        let name = names::text(whole.method.name());
        faults
            .at(whole.role, CONFLICT, format!("`{name}` takes every event, and another method takes some"))
            .and(other.role, format!("`{}` takes some here", names::text(other.method.name())))
            .help("write `#[apply(Variant)]`; only an event that is a struct is taken whole");
    }
}
