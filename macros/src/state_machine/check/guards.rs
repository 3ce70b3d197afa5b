//! The guards of a transition, and what they say together.

use std::ops::Range;

use proc_macro2::{Ident, Span};
use syn::FnArg;

use crate::{
    codes::state_machine::{
        CONSTANT_GUARD, GUARD_ARGUMENTS, GUARD_ASYNC, GUARD_RECEIVER, MISSING_GUARD, NEGATED_RESULT,
    },
    faults::Faults,
    names,
    state_machine::{
        grammar::Guard,
        model::{Model, Transition},
    },
    suggest::{did_you_mean, list},
    syntax::{
        impl_block::Method,
        returns::Answer,
        signature::{self, Argument, Receiver, show},
    },
};

/// The most guards whose table of truth is written.
const JUDGED: usize = 8;

pub(super) fn all(model: &Model, faults: &mut Faults) {
    let mut faulty: Vec<String> = Vec::new();
    for transition in model.transitions.iter().filter(|transition| transition.is_sound()) {
        for guard in transition.edges.iter().filter_map(|edge| edge.guard.as_ref()) {
            constant_guard(guard, faults);
            negated_result(model, guard, None, faults);
            for name in guard.methods() {
                let Some(method) = model.method(name) else {
                    missing_guard(model, transition, name, faults);
                    continue;
                };
                let text = names::text(name);
                if !faulty.contains(&text) {
                    let before = faults.count();
                    guard_receiver(transition, method, faults);
                    guard_async(method, faults);
                    guard_arguments(transition, method, faults);
                    if faults.count() > before {
                        faulty.push(text);
                    }
                }
            }
        }
    }
}

/// The guard to write for a transition.
fn example(transition: &Transition, name: &Ident) -> String {
    let arguments = transition.arguments.iter().filter_map(|argument| {
        let name = names::text(argument.name.as_ref()?);
        Some(format!(", {name}: {}", show(&argument.by_reference())))
    });
    format!("fn {}(&self{}) -> bool", names::text(name), arguments.collect::<String>())
}

/// A guard is a method of the same block. One that could not be read may be it.
fn missing_guard(model: &Model, transition: &Transition, name: &Ident, faults: &mut Faults) {
    if !model.block.broken.is_empty() {
        return;
    }
    let guards: Vec<String> = model
        .block
        .methods()
        .filter(|method| method.roles.is_empty() && signature::receiver(&method.sig) == Receiver::Shared)
        .map(|method| names::text(method.name()))
        .collect();
    let text = names::text(name);
    let near = did_you_mean(&text, guards.iter().map(String::as_str));
    let mut what = format!("no method `{text}` in this block{near}");
    if near.is_empty() && !guards.is_empty() {
        let verb = if guards.len() == 1 { "is" } else { "are" };
        what.push_str(&format!("; there {verb} {}", list(guards.iter().map(String::as_str))));
    }
    let help = format!("write `{} {{ … }}`, or move it here from another block", example(transition, name));
    faults.at(name.span(), MISSING_GUARD, what).help(help);
}

/// A guard changes nothing.
fn guard_receiver(transition: &Transition, method: &Method, faults: &mut Faults) {
    if signature::receiver(&method.sig) == Receiver::Shared {
        return;
    }
    let help = format!("write `{}`", example(transition, method.name()));
    match method.sig.receiver() {
        Some(receiver) => faults.on(receiver, GUARD_RECEIVER, "a guard takes `&self`: it changes nothing"),
        None => faults.at(method.span(), GUARD_RECEIVER, "a guard takes `&self`: it changes nothing"),
    }
    .help(help);
}

/// A guard waits for nothing.
fn guard_async(method: &Method, faults: &mut Faults) {
    if let Some(word) = &method.sig.asyncness {
        let name = names::text(method.name());
        faults
            .at(word.span, GUARD_ASYNC, format!("the guard `{name}` is `async`, and a guard waits for nothing"))
            .help("look up before what it needs, and pass it to the transition");
    }
}

/// A guard takes nothing, or what its transition takes, by shared reference.
fn guard_arguments(transition: &Transition, method: &Method, faults: &mut Faults) {
    let taken = signature::arguments(&method.sig);
    if taken.is_empty() {
        return;
    }
    let help = format!("write `{}`, or take nothing", example(transition, method.name()));
    let (name, wanted) = (names::text(method.name()), transition.arguments.len());
    let owned = taken.iter().find(|argument| signature::reference(argument.ty).is_none_or(|(_, mutable)| mutable));
    if let Some(surplus) = taken.get(wanted) {
        let text = format!("the guard `{name}` takes more than `{}`", transition.text());
        faults.on(surplus.whole, GUARD_ARGUMENTS, text).help(help);
    } else if let Some(owned) = owned {
        let text = format!("the guard `{name}` takes its arguments by shared reference");
        faults.on(owned.whole, GUARD_ARGUMENTS, text).help(help);
    } else if taken.len() < wanted {
        let text = format!("the guard `{name}` takes some of the arguments of `{}`, and not all", transition.text());
        faults.at(method.span(), GUARD_ARGUMENTS, text).help(help);
    } else if let Some((place, wanted)) = out_of_place(transition, &taken) {
        let text = format!("the guard `{name}` is handed `{wanted}` of `{}` here", transition.text());
        faults.on(place, GUARD_ARGUMENTS, text).help(help);
    }
}

/// An argument with the name of another argument of the transition, and the name of the one that it is handed.
fn out_of_place<'a>(transition: &Transition, taken: &[Argument<'a>]) -> Option<(&'a FnArg, String)> {
    let bare = |name: &Ident| names::text(name).trim_start_matches('_').to_owned();
    let given: Vec<String> =
        transition.arguments.iter().map(|one| one.name.as_ref().map(bare).unwrap_or_default()).collect();
    taken.iter().zip(&given).find_map(|(argument, wanted)| {
        let name = bare(argument.name?);
        (!name.is_empty() && name != *wanted && given.contains(&name)).then(|| (argument.whole, wanted.clone()))
    })
}

/// A reason for a refusal is none for its opposite.
fn negated_result(model: &Model, guard: &Guard, not: Option<Span>, faults: &mut Faults) {
    match guard {
        Guard::Not(span, inner) => negated_result(model, inner, not.or(Some(*span)), faults),
        Guard::All(parts) | Guard::Any(parts) => {
            parts.iter().for_each(|part| negated_result(model, part, not, faults));
        }
        Guard::Method(name) => {
            let method = model.method(name).filter(|method| Answer::of(&method.sig.output).is_result());
            if let (Some(not), Some(_)) = (not, method) {
                let text = format!("`{}` says why it refuses, and `!` would turn that round", names::text(name));
                faults.at(not, NEGATED_RESULT, text).help("write a guard for the opposite, with a reason of its own");
            }
        }
    }
}

/// A guard that says nothing, or always no.
fn constant_guard(guard: &Guard, faults: &mut Faults) {
    if let (Some(always), Some(first)) = (constant(guard), guard.methods().first()) {
        faults
            .at(first.span(), CONSTANT_GUARD, format!("`{}` {always}", guard.text()))
            .help("whatever the guards say, the answer is the same; correct it, or leave it out");
    }
}

/// What a guard does whatever its methods say.
fn constant(guard: &Guard) -> Option<&'static str> {
    let (distinct, rows) = table([guard])?;
    let holds = rows.clone().filter(|row| truth(guard, &distinct, *row)).count();
    match holds {
        0 => Some("never agrees"),
        all if all == rows.len() => Some("always agrees"),
        _ => None,
    }
}

/// Whether the earlier guards agree wherever the later one does. One that is constant is at fault itself, and more guards
/// than are judged may leave something.
pub(super) fn leave_nothing(earlier: &[&Guard], later: Option<&Guard>) -> bool {
    let all = || earlier.iter().copied().chain(later);
    let Some((distinct, mut rows)) = table(all()).filter(|_| all().all(|guard| constant(guard).is_none())) else {
        return false;
    };
    let holds = |guard: &Guard, row| truth(guard, &distinct, row);
    rows.all(|row| earlier.iter().any(|guard| holds(guard, row)) || later.is_some_and(|guard| !holds(guard, row)))
}

/// The distinct methods, and the rows of their table of truth; `None` if it would be too long.
fn table<'a>(guards: impl IntoIterator<Item = &'a Guard>) -> Option<(Vec<String>, Range<u32>)> {
    let mut distinct: Vec<String> = Vec::new();
    for name in guards.into_iter().flat_map(Guard::methods) {
        let text = names::text(name);
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    let rows = 0..1 << distinct.len().min(JUDGED);
    (distinct.len() <= JUDGED).then_some((distinct, rows))
}

fn truth(guard: &Guard, distinct: &[String], row: u32) -> bool {
    match guard {
        Guard::Method(name) => {
            let text = names::text(name);
            distinct.iter().position(|other| *other == text).is_some_and(|bit| row >> bit & 1 == 1)
        }
        Guard::Not(_, inner) => !truth(inner, distinct, row),
        Guard::All(parts) => parts.iter().all(|part| truth(part, distinct, row)),
        Guard::Any(parts) => parts.iter().any(|part| truth(part, distinct, row)),
    }
}
