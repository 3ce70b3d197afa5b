//! The hooks, and whether they ever run.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote};
use syn::{ReturnType, Type, spanned::Spanned};

use crate::{
    behaviour::calls,
    codes::{
        STATE_MACHINE,
        state_machine::{HOOK_ASYNC, HOOK_SIGNATURE, HOOK_STATE},
    },
    faults::Faults,
    names,
    state_machine::{
        grammar::{Source, Target},
        model::{Hook, Model, When},
    },
    syntax::{
        impl_block::Method,
        returns::Answer,
        signature::{self, Receiver, show},
    },
};

pub(super) fn all(model: &Model, faults: &mut Faults) {
    for (index, hook) in model.hooks.iter().enumerate() {
        let again = model.hooks[..index].iter().any(|other| other.method.name() == hook.method.name());
        if !again {
            hook_signature(model, hook, faults);
            hook_async(model, hook, faults);
        }
    }
}

/// A hook is told of a transition and answers nothing.
fn hook_signature(model: &Model, hook: &Hook, faults: &mut Faults) {
    let sig = &hook.method.sig;
    let arguments = signature::arguments(sig);
    let told = |ty| signature::reference(ty).is_some_and(|(ty, mutable)| !mutable && !is_another(model, ty));
    let generic = sig.generics.params.iter().find(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
    let (place, what) = if let Some(generic) = generic {
        (generic.to_token_stream(), "has no type parameters")
    } else if !matches!(signature::receiver(sig), Receiver::Shared | Receiver::Mutable) {
        let place = sig.receiver().map_or_else(|| sig.ident.to_token_stream(), ToTokens::to_token_stream);
        (place, "takes `&self` or `&mut self`")
    } else if let Some(surplus) = arguments.get(1) {
        (surplus.whole.to_token_stream(), "is told of the transition and nothing else")
    } else if !arguments.first().is_some_and(|argument| told(argument.ty)) {
        let place = arguments.first().map_or_else(|| sig.ident.to_token_stream(), |one| one.whole.to_token_stream());
        (place, "is told of the transition")
    } else if !matches!(Answer::of(&sig.output), Answer::Nothing) {
        let ReturnType::Type(_, ty) = &sig.output else { return };
        (ty.to_token_stream(), "answers nothing: a veto is a guard's, a failure is an action's")
    } else {
        return;
    };
    faults
        .on(&place, HOOK_SIGNATURE, format!("an `#[{}]` hook {what}", hook.name))
        .help(format!("write `{}`", example(model, hook)));
}

/// Whether a type is surely no `Transition` of the states: rustc is to judge what may be an alias of it.
fn is_another(model: &Model, ty: &Type) -> bool {
    let is = |name: &Ident, ty: &Type| signature::is_named(ty, &names::text(name));
    let states = model.args.states.as_ref().and_then(|states| states.segments.last()).map(|last| &last.ident);
    let other = |ty: &Type| model.ty().is_some_and(|own| is(own, ty)) || signature::is_named(ty, "Self");
    let given = signature::argument_of(ty, "Transition");
    !matches!(ty, Type::Path(_)) || other(ty) || states.is_some_and(|name| is(name, ty)) || given.is_some_and(other)
}

/// The hook to write.
fn example(model: &Model, hook: &Hook) -> String {
    let sig = &hook.method.sig;
    let states = model.args.states.as_ref().map_or_else(|| "OrderStatus".into(), show);
    let receiver = if signature::receiver(sig) == Receiver::Shared { "&self" } else { "&mut self" };
    let (word, elided) = if sig.asyncness.is_some() { ("async ", "'_, ") } else { ("", "") };
    let name = names::text(hook.method.name());
    format!("{word}fn {name}({receiver}, transition: &Transition<{elided}{states}>)")
}

/// A transition that does not wait cannot run a hook that does.
fn hook_async(model: &Model, hook: &Hook, faults: &mut Faults) {
    let Some(word) = &hook.method.sig.asyncness else { return };
    let roles: Vec<&Hook> = model.hooks.iter().filter(|other| other.method.name() == hook.method.name()).collect();
    let runs = model.transitions.iter().find(|one| !one.is_async() && roles.iter().any(|hook| hook.concerns(one)));
    if let Some(transition) = runs {
        let (name, other) = (names::text(hook.method.name()), transition.text());
        faults
            .at(word.span(), HOOK_ASYNC, format!("the hook `{name}` is `async`, and `{other}`, which runs it, is not"))
            .and(transition.name().span(), format!("`{other}` runs it"))
            .help(format!("make `{other}` `async` too, or remove `async` from `{name}`"));
    }
}

/// Whether a method calls a transition of the machine, itself or in a method of the block that it calls.
pub(in crate::state_machine) fn moves(model: &Model, method: &Method) -> bool {
    let (mut open, mut seen) = (vec![method], vec![method.name()]);
    while let Some(method) = open.pop() {
        let called = calls::on_self(method.body.clone(), model.ty());
        if called.iter().any(|call| model.is_move(call)) {
            return true;
        }
        for next in called.iter().filter_map(|call| model.method(call)) {
            if !seen.iter().any(|known| names::same(known, next.name())) {
                seen.push(next.name());
                open.push(next);
            }
        }
    }
    false
}

/// The states of hooks that no transition names: only the enum can tell what they are.
pub(in crate::state_machine) fn unheard(model: &Model) -> Vec<(&Hook, &Ident)> {
    let hooks = model.hooks.iter().filter(|hook| hook.when != When::Always && !model.partial);
    let unknown = hooks.flat_map(|hook| {
        let known = known(model, hook.when);
        let states = hook.states.iter().filter(move |state| !known.contains(&names::text(state)));
        states.map(move |state| (hook, state))
    });
    unknown.collect()
}

/// A hook of a state that nothing enters or leaves never runs.
pub(in crate::state_machine) fn hook_state(machine: &Ident, hook: &Hook, state: &Ident) -> TokenStream {
    let (name, enters, code) = (names::text(state), hook.when == When::Enter, STATE_MACHINE.code(HOOK_STATE));
    quote! { #machine.hook_state(#name, #enters, #code) }
}

/// The states that transitions enter, or leave.
fn known(model: &Model, when: When) -> Vec<String> {
    let moves = model.transitions.iter().flat_map(|one| &one.edges).filter(|edge| !edge.is_internal());
    let target = |target: &Target| match target {
        Target::State(name) => Some(names::text(name)),
        Target::Internal => None,
    };
    if when == When::Enter {
        moves.filter_map(|edge| target(&edge.target)).collect()
    } else {
        moves.flat_map(|edge| &edge.sources).map(Source::text).collect()
    }
}
