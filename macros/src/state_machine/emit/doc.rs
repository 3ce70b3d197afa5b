//! Documentation: what a transition does, and the whole machine as a table and a picture.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, Lit, Meta};

use crate::names;
use crate::state_machine::{
    grammar::{Edge, Target},
    model::{Model, Transition},
};

/// The paragraph that is added to a transition's own documentation.
pub(super) fn paragraph(transition: &Transition) -> TokenStream {
    let own = text(&transition.method.attrs);
    let gap = if own.trim().is_empty() { "" } else { "\n\n" };
    let moves: Vec<String> = transition.edges.iter().map(sentence).collect();
    let mut doc = format!("{gap}A transition: {}.", moves.join("; "));
    if !own.contains("# Errors") {
        doc.push_str(
            "\n\n# Errors\nIt does not start from the state, a guard refuses it, or its action fails. State and log are then \
             as before.",
        );
    }
    quote! { #[doc = #doc] }
}

fn sentence(edge: &Edge) -> String {
    let sources = sources(edge, " or ");
    let guard = edge.guard.as_ref().map(|guard| format!(" if `{}`", guard.text())).unwrap_or_default();
    match &edge.target {
        Target::State(name) => format!("from {sources} to `{}`{guard}", names::text(name)),
        Target::Internal => format!("within {sources}{guard}"),
    }
}

fn sources(edge: &Edge, between: &str) -> String {
    let all = edge.sources.iter().map(|source| match source.text().as_str() {
        "_" => "every state that is not terminal".to_owned(),
        name => format!("`{name}`"),
    });
    all.collect::<Vec<_>>().join(between)
}

/// The text of doc comments.
fn text(attrs: &[Attribute]) -> String {
    let lines = attrs.iter().filter_map(|attr| match &attr.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(literal) => match &literal.lit {
                Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The first paragraph of doc comments, on one line.
pub(super) fn first_paragraph(attrs: &[Attribute]) -> String {
    let text = text(attrs);
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    lines.take_while(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The table and the picture of the machine.
pub(super) fn graph(model: &Model, machine: &str) -> TokenStream {
    let edges = || model.transitions.iter().flat_map(|one| one.edges.iter().map(move |edge| (one, edge)));
    let rows: String = edges().map(|(one, edge)| row(one, edge)).collect();
    let doc = format!(
        "The graph of `{machine}`.\n\n| transition | from | to | guard |\n|---|---|---|---|\n{rows}\n\
         ```mermaid\nstateDiagram-v2\n{}{}```",
        declared(model),
        edges().map(|(one, edge)| arrows(one, edge)).collect::<String>()
    );
    quote! { #[doc = #doc] }
}

fn row(transition: &Transition, edge: &Edge) -> String {
    let target = match &edge.target {
        Target::State(name) => format!("`{}`", names::text(name)),
        Target::Internal => "stays".into(),
    };
    let guard = edge.guard.as_ref().map(|guard| format!("`{}`", guard.text().replace('|', "\\|"))).unwrap_or_default();
    format!("| `{}` | {} | {target} | {guard} |\n", transition.text(), sources(edge, ", "))
}

/// Words that Mermaid reads as its own, whatever their case, where they are the name of a state.
const KEYWORDS: [&str; 21] = [
    "accdescr",
    "acctitle",
    "as",
    "choice",
    "class",
    "classdef",
    "click",
    "default",
    "direction",
    "empty",
    "end",
    "fork",
    "hide",
    "href",
    "join",
    "note",
    "scale",
    "state",
    "style",
    "title",
    "width",
];

/// The states that cannot be drawn by their names alone, each once.
fn declared(model: &Model) -> String {
    let mut lines: Vec<String> = Vec::new();
    for edge in model.transitions.iter().flat_map(|one| &one.edges) {
        let Target::State(target) = &edge.target else { continue };
        for name in edge.sources.iter().map(|source| source.text()).chain([names::text(target)]) {
            let line = format!("    state \"{name}\" as {}\n", drawn(&name));
            if name != "_" && drawn(&name) != name && !lines.contains(&line) {
                lines.push(line);
            }
        }
    }
    lines.concat()
}

/// The word by which a state is drawn.
fn drawn(name: &str) -> String {
    match name {
        "_" => "any".to_owned(),
        name if KEYWORDS.contains(&&*name.to_lowercase()) => format!("{name}_"),
        name => name.to_owned(),
    }
}

/// `_` is drawn as a state of its own: which states it stands for, the enum knows.
fn arrows(transition: &Transition, edge: &Edge) -> String {
    let Target::State(target) = &edge.target else { return String::new() };
    let target = drawn(&names::text(target));
    let line = |source: String| format!("    {} --> {target} : {}\n", drawn(&source), transition.text());
    edge.sources.iter().map(|source| line(source.text())).collect()
}
