//! Hooks, and whether they ever run.

use super::{
    list, named,
    names::{Names, Set},
    section,
    text::Text,
};
use crate::state_machine::{Edge, StateNode};

/// A state whose hook never runs: no transition enters it, or none leaves it. A word that is no state is not judged.
#[must_use]
pub(crate) const fn hook_state(
    states: &[StateNode],
    edges: &[Edge],
    (state, enters): (&str, bool),
    code: &str,
) -> Option<Text> {
    let Some(names) = Names::of(states) else { return None };
    let Some(wanted) = names.find(state) else { return None };
    if !names.know(edges) {
        return None;
    }
    let (mut moved, mut at) = (Set::NONE, 0);
    while at < edges.len() {
        moved = match names.target(&edges[at]) {
            Some(target) if enters => moved.and(target),
            Some(target) if !target.is_empty() => moved.and(named(&names, &edges[at]).all),
            _ => moved,
        };
        at += 1;
    }
    if moved.has(wanted) {
        return None;
    }
    let verb = if enters { "enters" } else { "leaves" };
    let text = Text::new().add("no transition ").add(verb).add(" ").code(state).add(" [").add(code).add("]");
    let text = text.help(if enters { "transitions enter " } else { "transitions leave " });
    Some(section(list(text, &names, moved), "hook_state"))
}
