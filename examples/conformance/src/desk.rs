//! The machine of a ticket.

use bailiwick::state_machine::{Edge, Graph, StateNode};

/// From the first call to the closed ticket, which may be opened again once.
pub(crate) fn graph() -> Graph {
    let states = [
        ("Open", true, false),
        ("Assigned", false, false),
        ("WaitingCustomer", false, false),
        ("Escalated", false, false),
        ("Resolved", false, false),
        ("Reopened", false, false),
        ("Closed", false, true),
        ("Rejected", false, true),
    ];
    let edges = [
        ("assign", "Open | Reopened => Assigned", None),
        ("reject", "Open => Rejected", Some("duplicate")),
        ("ask", "Assigned | Escalated => WaitingCustomer", None),
        ("answer", "WaitingCustomer => Assigned", None),
        ("escalate", "Assigned => Escalated", Some("overdue")),
        ("resolve", "Assigned | Escalated => Resolved", None),
        ("reopen", "Resolved => Reopened", Some("not_satisfied")),
        ("close", "Resolved => Closed", None),
        ("give_up", "WaitingCustomer => Closed", Some("silent_for_30_days")),
        ("note", "_ => _", None),
    ];
    Graph {
        machine: "Ticket".into(),
        states: states.map(|(variant, initial, terminal)| state(variant, initial, terminal)).to_vec().into(),
        edges: edges.map(|(transition, arrow, guard)| edge(transition, arrow, guard)).to_vec().into(),
    }
}

fn state(variant: &'static str, initial: bool, terminal: bool) -> StateNode {
    let name = snake(variant).into();
    StateNode { name, variant: variant.into(), initial, terminal, external: false, aliases: Vec::new().into() }
}

fn edge(transition: &'static str, arrow: &'static str, guard: Option<&'static str>) -> Edge {
    let (sources, target) = arrow.split_once(" => ").unwrap_or((arrow, "_"));
    Edge {
        transition: transition.into(),
        sources: sources.split(" | ").map(Into::into).collect::<Vec<_>>().into(),
        target: (target != "_").then(|| target.into()),
        guard: guard.map(Into::into),
        is_async: false,
        arguments: Vec::new().into(),
        doc: "".into(),
    }
}

fn snake(variant: &str) -> String {
    let mut name = String::new();
    for letter in variant.chars() {
        if letter.is_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.extend(letter.to_lowercase());
    }
    name
}
