//! The rules of sets of states, one function each.

use proc_macro2::Span;
use syn::DeriveInput;

use super::model::Model;
use crate::{
    codes::{CONFLICT, STATE, state as rules},
    faults::Faults,
    names,
    suggest::{did_you_mean, list},
    syntax::misplaced,
};

/// The most states that the checks of a machine can tell apart.
const MOST: usize = 256;

/// Judges the set by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    variant_data(model, faults);
    too_many_variants(model, faults);
    if model.states.iter().all(|state| !state.args.broken) {
        no_initial(model, faults);
    }
    two_initial(model, faults);
    initial_and_terminal(model, faults);
    conflict(model, faults);
    if !model.args.broken {
        duplicate_name(model, faults);
    }
    unknown_variant(model, faults);
}

/// Only an enum has states.
pub(super) fn not_an_enum(input: &DeriveInput, faults: &mut Faults) {
    misplaced(input, rules::NOT_AN_ENUM, "an enum of variants without data", faults);
}

/// A state is a name and nothing else: it is stored as one.
fn variant_data(model: &Model, faults: &mut Faults) {
    for state in model.states.iter().filter(|state| !state.is_plain()) {
        let text = format!("a state carries no data, and `{}` does", state.ident);
        let help = "keep the data in a field of its own, beside the field that holds the state";
        faults.on(&state.fields, rules::VARIANT_DATA, text).help(help);
    }
}

/// The checks of a graph hold one bit per state.
fn too_many_variants(model: &Model, faults: &mut Faults) {
    if let Some(surplus) = model.states.get(MOST) {
        let (ident, count) = (&model.input.ident, model.states.len());
        let text = format!("a set of states has at most {MOST}, and `{ident}` has {count}; this is the first too many");
        let help = "give a second machine on a second field its own states";
        faults.at(surplus.ident.span(), rules::TOO_MANY_VARIANTS, text).help(help);
    }
}

/// A new value has to start somewhere.
fn no_initial(model: &Model, faults: &mut Faults) {
    if model.initial().is_none() {
        let text = format!("no state of `{}` is `initial`", model.input.ident);
        let help = "write `#[state(initial)]` at the variant in which a new value starts";
        faults.at(model.input.ident.span(), rules::NO_INITIAL, text).help(help);
    }
}

/// A new value starts in one place.
fn two_initial(model: &Model, faults: &mut Faults) {
    let mut marks = model.states.iter().filter_map(|state| Some((state, state.args.initial.as_ref()?)));
    let Some((_, first)) = marks.next() else { return };
    for (state, mark) in marks {
        let text = format!("`{}` is `initial`, and so is another state", state.ident);
        let help = "keep one of them; a state in which stored rows may start is `external`";
        faults.at(mark.span(), rules::TWO_INITIAL, text).and(first.span(), "the first is marked here").help(help);
    }
}

/// Where everything starts, something has to be able to follow.
fn initial_and_terminal(model: &Model, faults: &mut Faults) {
    for state in &model.states {
        if let (Some(initial), Some(terminal)) = (&state.args.initial, &state.args.terminal) {
            let text = format!("`{}` is where values start, so it must be possible to leave it", state.ident);
            faults
                .at(terminal.span(), rules::INITIAL_AND_TERMINAL, text)
                .and(initial.span(), "it is marked `initial` here")
                .help("remove `terminal`");
        }
    }
}

/// A set is not cyclic if it has an end.
fn conflict(model: &Model, faults: &mut Faults) {
    let terminal = model.states.iter().find_map(|state| state.args.terminal.as_ref());
    if let (Some(cyclic), Some(terminal)) = (&model.args.cyclic, terminal) {
        faults
            .at(cyclic.span(), CONFLICT, "`cyclic` says that no state is terminal, and one is")
            .and(terminal.span(), "`terminal` is given here")
            .help("remove `cyclic`");
    }
}

/// A stored text leads to one state.
fn duplicate_name(model: &Model, faults: &mut Faults) {
    let mut taken: Vec<(String, Span)> = Vec::new();
    let mut take = |text: String, span: Span| match taken.iter().find(|(other, _)| *other == text) {
        Some((_, first)) => {
            faults
                .at(span, rules::DUPLICATE_NAME, format!("the stored text `{text}` is taken"))
                .and(*first, format!("`{text}` already stands for this"))
                .help(
                    "a stored text leads to exactly one state: change one of the two with `name`, or remove an alias",
                );
        }
        None => taken.push((text, span)),
    };
    for state in &model.states {
        take(state.name.clone(), state.name_span());
    }
    for alias in model.states.iter().flat_map(|state| &state.args.aliases) {
        take(alias.value(), alias.span());
    }
}

/// `unknown` names a state.
fn unknown_variant(model: &Model, faults: &mut Faults) {
    let Some(word) = model.args.unknown.as_ref().filter(|_| model.unknown().is_none()) else { return };
    let variants: Vec<String> = model.states.iter().map(|state| names::text(&state.ident)).collect();
    let names = || variants.iter().map(String::as_str).chain(["error"]);
    let near = did_you_mean(&word.to_string(), names());
    let text = format!("`{}` has no variant `{word}`{near}", model.input.ident);
    faults.at(word.span(), rules::UNKNOWN_VARIANT, text).help(format!("`unknown` is one of {}", list(names())));
}

/// What starts should be able to end: the text of a warning.
pub(super) fn no_terminal(model: &Model) -> Option<String> {
    let ends = model.states.iter().any(|state| state.args.terminal.is_some());
    let text = format!(
        "no state of `{}` is `terminal`; mark the last ones, or write `#[state(cyclic)]` at the enum [{}]",
        model.input.ident,
        STATE.code(rules::NO_TERMINAL)
    );
    (!ends && model.args.cyclic.is_none()).then_some(text)
}
