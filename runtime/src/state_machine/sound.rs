//! What is wrong with a graph that no compiler has seen.

use std::fmt;

use super::{
    Graph,
    check::{self, Text},
    state::Quoted,
};
use crate::error::{Error, ErrorKind};

/// A [`Graph`] that is no machine. See [`Graph::check`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidGraph {
    machine: String,
    faults: Vec<GraphFault>,
}

/// One thing that is wrong with a [`Graph`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphFault {
    rule: &'static str,
    text: String,
}

impl InvalidGraph {
    /// The machine that the graph names.
    #[must_use]
    pub fn machine(&self) -> &str {
        &self.machine
    }

    /// What is wrong; at least one thing.
    #[must_use]
    pub fn faults(&self) -> &[GraphFault] {
        &self.faults
    }
}

impl GraphFault {
    /// The rule that is broken: `too_many_states`, `duplicate_name`, `no_initial`, `unknown_state`, `unreachable_state`,
    /// `dead_end`, `leaves_terminal` or `ambiguous`.
    #[must_use]
    pub fn rule(&self) -> &'static str {
        self.rule
    }
}

impl fmt::Display for GraphFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Display for InvalidGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the graph of `{}` is no machine", self.machine)?;
        for (place, fault) in self.faults.iter().enumerate() {
            write!(f, "{} {fault}", if place == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidGraph {}

impl From<InvalidGraph> for Error {
    fn from(invalid: InvalidGraph) -> Self {
        Self::new(ErrorKind::Invalid, "state_machine/invalid_graph", invalid.to_string()).caused_by(invalid)
    }
}

impl Graph {
    /// Holds a graph against the rules that `#[state_machine]` holds its own against: for one that was read from elsewhere.
    ///
    /// # Errors
    /// [`InvalidGraph`] with what is wrong; of each rule, the first fault. A graph whose names are wrong is not looked at
    /// further.
    pub fn check(&self) -> Result<(), InvalidGraph> {
        let mut faults = self.names();
        if faults.is_empty() {
            faults = self.ways();
        }
        if faults.is_empty() { Ok(()) } else { Err(InvalidGraph { machine: self.machine.to_string(), faults }) }
    }

    fn names(&self) -> Vec<GraphFault> {
        let mut faults = Vec::new();
        let mut fault = |rule, text| faults.push(GraphFault { rule, text });
        if self.states.len() > 256 {
            fault("too_many_states", format!("{} states, more than 256", self.states.len()));
        }
        if !self.states.iter().any(|state| state.initial) {
            fault("no_initial", String::from("no state is initial"));
        }
        let earlier = |place| self.states.iter().take(place);
        for (place, state) in self.states.iter().enumerate() {
            if earlier(place).any(|other| other.name == state.name || other.variant == state.variant) {
                fault("duplicate_name", format!("two states are called {}", Quoted(&[&state.name])));
            }
        }
        for edge in self.edges.iter() {
            let sources = edge.sources.iter().filter(|source| *source != "_");
            for name in sources.chain(&edge.target).filter(|name| self.state(name).is_none()) {
                fault("unknown_state", format!("`{}` names `{name}`, which is no state", edge.transition));
            }
        }
        faults
    }

    fn ways(&self) -> Vec<GraphFault> {
        // The checks expect what a macro writes: the edges of a method next to each other.
        let order = self.transitions();
        let mut edges = self.edges.to_vec();
        edges.sort_by_key(|edge| order.iter().position(|transition| *transition == edge.transition));
        let (states, edges) = (&self.states, &edges);
        let found = [
            ("unreachable_state", check::unreachable_state(states, edges, "")),
            ("dead_end", check::dead_end(states, edges, "")),
            ("leaves_terminal", check::leaves_terminal(states, edges, "")),
            ("ambiguous", check::ambiguous(states, edges, "")),
        ];
        let fault = |(rule, text): (_, Option<Text>)| Some(GraphFault { rule, text: sentence(&text?) });
        found.into_iter().filter_map(fault).collect()
    }
}

/// The first line, without the code: the rest speaks of attributes.
fn sentence(text: &Text) -> String {
    let first = text.as_str().lines().next().unwrap_or_default();
    first.strip_suffix(" []").unwrap_or(first).to_owned()
}

#[cfg(test)]
mod tests {
    use crate::{
        error::Error,
        state_machine::{GraphFault, samples::graph},
    };

    fn rules(nodes: &'static str, edges: &'static str) -> Vec<&'static str> {
        let graph = graph("Order", nodes, edges);
        graph.check().map_or_else(|invalid| invalid.faults().iter().map(GraphFault::rule).collect(), |()| vec![])
    }

    #[test]
    fn a_sound_graph_passes() {
        assert_eq!(rules("A:i B C:t", "go A if x => B\ngo A => C\nend _ => C\nnote _ | C => _"), [""; 0]);
    }

    #[test]
    fn each_rule_has_its_name() {
        assert_eq!(rules("A B:t", "go A => B"), ["no_initial"]);
        assert_eq!(rules("A:i B:t B:t", "go A => B"), ["duplicate_name"]);
        assert_eq!(rules("A:i B=A:t", "go A => B"), ["duplicate_name"]);
        assert_eq!(rules("A:i B:t", "go A => Z\nto Y | _ => B"), ["unknown_state", "unknown_state"]);
        assert_eq!(rules("A:i B:t C", "go A => B\non C => B"), ["unreachable_state"]);
        assert_eq!(rules("A:i B", "go A => B"), ["dead_end"]);
        assert_eq!(rules("A:i B:t", "go A => B\nback B => A\ngo A => A"), ["leaves_terminal", "ambiguous"]);
    }

    #[test]
    fn the_text_names_machine_and_faults() {
        let invalid = graph("Order", "A:i B", "go A => B\ngo A => A").check().unwrap_err();
        assert_eq!(invalid.machine(), "Order");
        let text = "the graph of `Order` is no machine: no transition leaves `B`; only a terminal state may have none; \
                    `go` never takes `A => A` from `A`: `A => B` comes before it and has no guard";
        assert_eq!(invalid.to_string(), text);
        assert_eq!(Error::from(invalid).code(), "state_machine/invalid_graph");
    }
}
