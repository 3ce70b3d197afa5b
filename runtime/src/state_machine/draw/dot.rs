//! DOT, the language of Graphviz.

use std::{collections::HashSet, fmt};

use crate::state_machine::Graph;

pub(super) struct Dot<'a>(pub(super) &'a Graph);

/// No state has this name, so the start point meets none.
const START: &str = "";

impl fmt::Display for Dot<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(graph) = self;
        let name = |place: usize| Quoted(graph.states.get(place).map_or(START, |state| &state.name));
        writeln!(f, "digraph {} {{\n    rankdir=LR;\n    node [shape=box];", Quoted(&graph.machine))?;
        writeln!(f, "    {} [shape=point];", Quoted(START))?;
        for state in graph.states.iter() {
            let border = if state.terminal { " [peripheries=2]" } else { "" };
            writeln!(f, "    {}{border};", Quoted(&state.name))?;
        }
        for place in graph.marked(|state| state.initial) {
            writeln!(f, "    {} -> {};", Quoted(START), name(place))?;
        }
        let mut seen = HashSet::new();
        for (from, to, edge) in graph.arrows().filter(|(from, to, edge)| seen.insert((*from, *to, &*edge.transition))) {
            writeln!(f, "    {} -> {} [label={}];", name(from), name(to), Quoted(&edge.transition))?;
        }
        f.write_str("}\n")
    }
}

struct Quoted<'a>(&'a str);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"")?;
        for letter in self.0.chars() {
            match letter {
                '"' => f.write_str("\\\"")?,
                '\\' => f.write_str("\\\\")?,
                _ if letter.is_control() => f.write_str(" ")?,
                _ => fmt::Write::write_char(f, letter)?,
            }
        }
        f.write_str("\"")
    }
}
