//! Machines for tests, written as text.

use std::borrow::Cow;

use super::{Edge, Graph, State, StateNode, UnknownState};

pub(crate) fn graph(machine: &'static str, nodes: &'static str, rules: &'static str) -> Graph {
    Graph { machine: Cow::Borrowed(machine), states: Cow::Owned(states(nodes)), edges: Cow::Owned(edges(rules)) }
}

pub(crate) const fn node(variant: &'static str, marks: &str) -> StateNode {
    stored(variant, variant, marks)
}

const fn stored(variant: &'static str, name: &'static str, marks: &str) -> StateNode {
    let mark = if marks.is_empty() { b' ' } else { marks.as_bytes()[0] };
    StateNode {
        name: Cow::Borrowed(name),
        variant: Cow::Borrowed(variant),
        initial: mark == b'i',
        terminal: mark == b't',
        external: mark == b'e',
        aliases: Cow::Borrowed(&[]),
    }
}

pub(crate) const fn edge(
    transition: &'static str,
    sources: &'static [Cow<'static, str>],
    guard: Option<&'static str>,
    target: Option<&'static str>,
) -> Edge {
    Edge {
        transition: Cow::Borrowed(transition),
        sources: Cow::Borrowed(sources),
        target: match target {
            Some(target) => Some(Cow::Borrowed(target)),
            None => None,
        },
        guard: match guard {
            Some(guard) => Some(Cow::Borrowed(guard)),
            None => None,
        },
        is_async: false,
        arguments: Cow::Borrowed(&[]),
        doc: Cow::Borrowed(""),
    }
}

/// `go A | B if guard => C`, in lines.
pub(crate) fn edges(text: &'static str) -> Vec<Edge> {
    text.lines().map(|line| one(line.trim())).collect()
}

fn one(line: &'static str) -> Edge {
    let (transition, rule) = line.split_once(' ').unwrap();
    let (from, target) = rule.split_once(" => ").unwrap();
    let (sources, guard) = from.split_once(" if ").map_or((from, None), |(from, guard)| (from, Some(guard)));
    Edge {
        sources: sources.split(" | ").map(Cow::Borrowed).collect(),
        ..edge(transition, &[], guard, (target != "_").then_some(target))
    }
}

/// `A:i B C:t`: a variant and its mark; `In=in_transit` has a stored name of its own.
pub(crate) fn states(text: &'static str) -> Vec<StateNode> {
    let words = text.split(' ').map(|word| word.split_once(':').unwrap_or((word, "")));
    let state = |(name, mark): (&'static str, _)| {
        let (variant, name) = name.split_once('=').unwrap_or((name, name));
        stored(variant, name, mark)
    };
    words.map(state).collect()
}

/// A set of states, by hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Light {
    Red,
    Amber,
    Green,
    Dark,
}

impl Light {
    pub(crate) const NODES: &'static [StateNode] = &[
        stored("Red", "red", "i"),
        stored("Amber", "amber", ""),
        stored("Green", "green", ""),
        stored("Dark", "out_of_order", "t"),
    ];
}

impl State for Light {
    const ALL: &'static [Self] = &[Self::Red, Self::Amber, Self::Green, Self::Dark];
    const INITIAL: Self = Self::Red;
    const FACTS: &'static [StateNode] = Self::NODES;

    fn index(self) -> usize {
        self as usize
    }

    fn name(self) -> &'static str {
        Self::ALL.iter().zip(["red", "amber", "green", "out_of_order"]).find(|(state, _)| **state == self).unwrap().1
    }

    fn from_name(text: &str) -> Result<Self, UnknownState> {
        let known = ["red", "amber", "green", "out_of_order"];
        let found = Self::ALL.iter().copied().find(|state| state.name() == text);
        found.ok_or_else(|| UnknownState::new("Light", "light/unknown_state", text, known.to_vec()))
    }
}
