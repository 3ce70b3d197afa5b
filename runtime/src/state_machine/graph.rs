//! A machine as data.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// A machine as plain data: what the code does, for people and tools. `#[state_machine]` writes it as the constant `GRAPH`;
/// one of a foreign process can be made by hand or read from JSON.
///
/// Written as JSON, it names every field as it is called here; read, it wants `machine`, `states` and `edges`, of a state
/// `name` and `variant`, of an edge `transition` and `sources`.
///
/// ```
/// use bailiwick::state_machine::Graph;
///
/// let text = r#"{
///     "machine": "Door",
///     "states": [
///         { "name": "open", "variant": "Open", "initial": true },
///         { "name": "walled_up", "variant": "WalledUp", "terminal": true, "external": true, "aliases": ["gone"] }
///     ],
///     "edges": [
///         { "transition": "brick", "sources": ["_"], "target": "WalledUp", "guard": "empty && !listed",
///           "is_async": true, "arguments": ["mason"], "doc": "Closes it for ever." },
///         { "transition": "paint", "sources": ["_", "WalledUp"] }
///     ]
/// }"#;
/// let door: Graph = serde_json::from_str(text)?;
/// door.check()?;
/// assert_eq!(door.transitions(), ["brick", "paint"]);
/// assert_eq!(door.edges_from("WalledUp").count(), 1);
/// assert_eq!(door.to_mermaid(), "stateDiagram-v2\n    [*] --> open\n    open --> walled_up : brick\n");
///
/// let json = serde_json::to_value(&door)?;
/// assert_eq!(json["edges"][0], serde_json::from_str::<serde_json::Value>(text)?["edges"][0]);
/// assert!(json["edges"][1]["target"].is_null() && json["edges"][1]["guard"].is_null());
/// assert_eq!(serde_json::from_value::<Graph>(json)?, door);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Graph {
    /// The type; with the name of the machine behind a dot, if it has one: `Order`, `Order.payment`.
    pub machine: Cow<'static, str>,
    /// The states, in the order of declaration.
    pub states: Cow<'static, [StateNode]>,
    /// The transitions, in the order of methods, and of the attributes on each.
    pub edges: Cow<'static, [Edge]>,
}

/// One state of a [`Graph`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateNode {
    /// The stored name: `in_transit`.
    pub name: Cow<'static, str>,
    /// The name in Rust, by which edges refer to it: `InTransit`.
    pub variant: Cow<'static, str>,
    /// New values start here.
    #[serde(default)]
    pub initial: bool,
    /// It cannot be left.
    #[serde(default)]
    pub terminal: bool,
    /// Stored rows may start here.
    #[serde(default)]
    pub external: bool,
    /// Older stored names.
    #[serde(default)]
    pub aliases: Cow<'static, [Cow<'static, str>]>,
}

/// One `#[transition]` of a [`Graph`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edge {
    /// The name of the method.
    pub transition: Cow<'static, str>,
    /// Where it starts, by the names in Rust; `_` stands for every state that is not terminal.
    pub sources: Cow<'static, [Cow<'static, str>]>,
    /// Where it leads, by the name in Rust; `None` if the state stays and is neither left nor entered.
    pub target: Option<Cow<'static, str>>,
    /// The guards, as written: `refundable && !disputed`.
    #[serde(default)]
    pub guard: Option<Cow<'static, str>>,
    /// Whether the method is `async`.
    #[serde(default)]
    pub is_async: bool,
    /// The names of the arguments.
    #[serde(default)]
    pub arguments: Cow<'static, [Cow<'static, str>]>,
    /// The first paragraph of the method's documentation.
    #[serde(default)]
    pub doc: Cow<'static, str>,
}

/// A [`Graph`] in a program, and what the errors of its machine are called.
#[derive(Debug)]
pub struct MachineFacts {
    /// The graph.
    pub graph: Graph,
    /// `order/invalid_transition`.
    pub invalid_transition: &'static str,
    /// `order/guard_failed`.
    pub guard_failed: &'static str,
    /// `order/state_moved`.
    pub state_moved: &'static str,
    /// Whether each transition that is saved leaves an audit row.
    pub audit: bool,
    /// Whether each transition that is saved leaves a message in the outbox.
    pub emit: bool,
}

impl MachineFacts {
    /// The name of a further machine of its type; empty for the first.
    #[must_use]
    pub fn name(&self) -> &str {
        self.graph.machine.split_once('.').map_or("", |(_, name)| name)
    }
}

impl Graph {
    /// The state with this name in Rust.
    #[must_use]
    pub fn state(&self, variant: &str) -> Option<&StateNode> {
        self.states.iter().find(|state| state.variant == variant)
    }

    /// The states that an edge starts from; `_` is every state that is not terminal, in the order of declaration.
    pub fn sources<'a>(&'a self, edge: &'a Edge) -> impl Iterator<Item = &'a StateNode> {
        edge.sources.iter().flat_map(move |source| {
            let any = source == "_";
            self.states.iter().filter(move |state| if any { !state.terminal } else { state.variant == *source })
        })
    }

    /// The edges that can start from a state, by its name in Rust. Guards are not asked; but where a transition has an edge
    /// from the state without one, a later `_` of it does not stand for the state. (A later edge that *names* the state is a
    /// fault in a machine, `ambiguous` in [`check`](Self::check), and a choice in a graph that was found in a log: it is
    /// among these.)
    pub fn edges_from<'a>(&'a self, variant: &'a str) -> impl Iterator<Item = &'a Edge> {
        let state = self.state(variant);
        let starts = move |place| state.is_some_and(|state| self.starts(place, state));
        self.edges.iter().enumerate().filter(move |(place, _)| starts(*place)).map(|(_, edge)| edge)
    }

    /// Whether the edge at a place can be taken in a state.
    pub(crate) fn starts(&self, place: usize, state: &StateNode) -> bool {
        let Some((edge, before)) = self.edges.get(..=place).and_then(<[Edge]>::split_last) else { return false };
        let names = |edge: &Edge| edge.sources.contains(&state.variant);
        let takes = |edge: &Edge| names(edge) || !state.terminal && edge.sources.iter().any(|source| source == "_");
        let wins = |earlier: &Edge| earlier.transition == edge.transition && earlier.guard.is_none() && takes(earlier);
        names(edge) || takes(edge) && !before.iter().any(wins)
    }

    /// The names of the transitions, each once, in the order of the methods.
    #[must_use]
    pub fn transitions(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for edge in self.edges.iter() {
            if !names.contains(&&*edge.transition) {
                names.push(&edge.transition);
            }
        }
        names
    }
}

#[cfg(test)]
mod tests {
    use crate::state_machine::samples::graph;

    #[test]
    fn edges_from_a_state_are_those_that_can_be_taken() {
        let order = graph("Order", "A:i B C:t", "go A if x => B\nto A => B\nto _ => C\nnote _ | C => _");
        let from = |state| order.edges_from(state).map(|edge| &*edge.transition).collect::<Vec<_>>();
        assert_eq!(from("A"), ["go", "to", "note"]);
        assert_eq!(from("B"), ["to", "note"]);
        assert_eq!(from("C"), ["note"]);
        assert!(from("Z").is_empty());
        assert_eq!(order.transitions(), ["go", "to", "note"]);
    }

    #[test]
    fn a_graph_that_was_found_in_a_log_keeps_each_edge_that_it_names() {
        let mined = graph("Order", "A:i B C:t", "step A => B\nstep A => C\nstep _ => C");
        let targets = |state| mined.edges_from(state).filter_map(|edge| edge.target.as_deref()).collect::<Vec<_>>();
        assert_eq!((targets("A"), targets("B")), (vec!["B", "C"], vec!["C"]));
        assert!(mined.to_mermaid().ends_with("A --> B : step\n    A --> C : step\n    B --> C : step\n"));
        assert_eq!(mined.check().unwrap_err().faults()[0].rule(), "ambiguous");
    }
}
