//! The transitions together. What only the enum can tell is asked while the program compiles: these rules answer the call of
//! the check in the door.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::guards;
use crate::{
    codes::{
        DUPLICATE, Rule, STATE_MACHINE,
        state_machine::{AMBIGUOUS, DEAD_END, LEAVES_TERMINAL, TYPESTATE_UNNAMED, UNREACHABLE_STATE},
    },
    faults::Faults,
    names,
    state_machine::{
        grammar::{Edge, Source},
        model::{Model, Transition},
    },
};

pub(super) fn all(model: &Model, faults: &mut Faults) {
    for transition in &model.transitions {
        transition.edges.iter().for_each(|edge| duplicate(edge, faults));
        ambiguous(transition, faults);
    }
}

/// A source is named once.
fn duplicate(edge: &Edge, faults: &mut Faults) {
    for (index, source) in edge.sources.iter().enumerate() {
        let text = source.text();
        if let Some(first) = edge.sources[..index].iter().find(|first| first.text() == text) {
            faults
                .at(source.span(), DUPLICATE, format!("`{text}` is given twice"))
                .and(first.span(), format!("`{text}` is first given here"))
                .help("keep one of them");
        }
    }
}

/// A source of a later transition that earlier ones take in any case. What `_` stands for, the enum knows.
fn ambiguous(transition: &Transition, faults: &mut Faults) {
    for (index, edge) in transition.edges.iter().enumerate() {
        for source in edge.sources.iter() {
            let text = source.text();
            let Some((first, why, help)) = taken(&transition.edges[..index], edge, &text) else { continue };
            let what = match source {
                Source::State(_) => format!("from `{text}`"),
                Source::Any(_) => "from any state".into(),
            };
            faults
                .at(source.span(), AMBIGUOUS, format!("`{}` never takes this transition {what}", transition.text()))
                .and(first.span(), why)
                .help(help);
        }
    }
}

/// The source of the earlier transition that leaves nothing to the later one, why it does not, and what to do.
fn taken<'a>(earlier: &'a [Edge], later: &Edge, text: &str) -> Option<(&'a Source, &'static str, &'static str)> {
    let same = |edge: &'a Edge| edge.sources.iter().find(|source| source.text() == text);
    let rivals = || earlier.iter().filter_map(|edge| Some((edge, same(edge)?)));
    if let Some((_, first)) = rivals().find(|(edge, _)| edge.guard.is_none()) {
        let help = match later.guard {
            Some(_) => "write the one with the guard first, or give the earlier one a guard too",
            None => "give the earlier one a guard, or remove the later one",
        };
        return Some((first, "this one comes before it and has no guard", help));
    }
    let mut asked = Vec::new();
    for (edge, first) in rivals() {
        asked.extend(&edge.guard);
        if guards::leave_nothing(&asked, later.guard.as_ref()) {
            let why = "this one comes before it, and its guards leave nothing to the later one";
            return Some((first, why, "correct a guard, or remove the later one"));
        }
    }
    None
}

/// What a check is asked about.
pub(in crate::state_machine) struct Found<'a> {
    pub(in crate::state_machine) machine: &'a Ident,
}

impl Found<'_> {
    fn ask(&self, rule: Rule) -> TokenStream {
        let (machine, door, code) = (self.machine, names::door(), STATE_MACHINE.code(rule));
        let check = Ident::new(rule.name, proc_macro2::Span::mixed_site());
        quote! { #door::#check(#machine.states(), #machine.edges(), #code) }
    }
}

/// A state that no way leads to.
pub(in crate::state_machine) fn unreachable_state(found: &Found<'_>) -> TokenStream {
    found.ask(UNREACHABLE_STATE)
}

/// A state without a way out that is not terminal.
pub(in crate::state_machine) fn dead_end(found: &Found<'_>) -> TokenStream {
    found.ask(DEAD_END)
}

/// A transition that leaves a terminal state.
pub(in crate::state_machine) fn leaves_terminal(found: &Found<'_>) -> TokenStream {
    found.ask(LEAVES_TERMINAL)
}

/// A transition that `_` makes idle.
pub(in crate::state_machine) fn idle(found: &Found<'_>) -> TokenStream {
    found.ask(AMBIGUOUS)
}

/// A state that the typestate facade does not know.
pub(in crate::state_machine) fn typestate_unnamed(found: &Found<'_>) -> TokenStream {
    found.ask(TYPESTATE_UNNAMED)
}
