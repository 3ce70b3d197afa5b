//! A log of a foreign system against a graph.

mod chance;
mod csv;
mod gzip;
mod map;
mod memory;
mod rules;
mod xes;

use bailiwick::state_machine::{Edge, Graph, StateNode};

/// A state: `*` in front makes it initial, `!` terminal, `+` external.
pub fn state(marked: &str) -> StateNode {
    let name = marked.trim_start_matches(['*', '!', '+']);
    StateNode {
        name: name.to_lowercase().into(),
        variant: name.to_owned().into(),
        initial: marked.starts_with('*'),
        terminal: marked.contains('!'),
        external: marked.contains('+'),
        aliases: Vec::new().into(),
    }
}

/// An edge, written as in the macro: `Pending | Paid => Cancelled`.
pub fn edge(transition: &str, arrow: &str) -> Edge {
    let (left, target) = arrow.split_once(" => ").unwrap();
    let (sources, guard) = left.split_once(" if ").map_or((left, None), |(left, guard)| (left, Some(guard)));
    Edge {
        transition: transition.to_owned().into(),
        sources: sources.split(" | ").map(|source| source.to_owned().into()).collect::<Vec<_>>().into(),
        target: (target != "_").then(|| target.to_owned().into()),
        guard: guard.map(|guard| guard.to_owned().into()),
        is_async: false,
        arguments: Vec::new().into(),
        doc: "".into(),
    }
}

pub fn graph(states: &[&str], edges: &[(&str, &str)]) -> Graph {
    Graph {
        machine: "Order".into(),
        states: states.iter().map(|marked| state(marked)).collect::<Vec<_>>().into(),
        edges: edges.iter().map(|(name, arrow)| edge(name, arrow)).collect::<Vec<_>>().into(),
    }
}

/// An order: paid, shipped, delivered, or cancelled before.
pub fn order() -> Graph {
    graph(
        &["*Pending", "Paid", "Shipped", "!Delivered", "!Cancelled"],
        &[
            ("pay", "Pending if covers_total => Paid"),
            ("ship", "Paid => Shipped"),
            ("cancel", "Pending | Paid => Cancelled"),
            ("deliver", "Shipped => Delivered"),
            ("annotate", "_ => _"),
        ],
    )
}
