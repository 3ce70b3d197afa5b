//! Mermaid.

use std::{borrow::Cow, fmt};

use crate::state_machine::{Edge, Graph};

/// Words that Mermaid reads as its own, whatever their case; the last two are what it calls both ends of a diagram.
const KEYWORDS: &[&str] = &[
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
    "statediagram",
    "style",
    "title",
    "width",
    "root_end",
    "root_start",
];

/// A Mermaid state diagram on its way: [`Graph::mermaid`] begins one, and its [`Display`](fmt::Display) is the text.
#[derive(Debug, Clone, Copy)]
#[must_use]
pub struct Mermaid<'a> {
    graph: &'a Graph,
    guards: bool,
    terminals: bool,
    internals: bool,
}

impl<'a> Mermaid<'a> {
    pub(super) fn new(graph: &'a Graph) -> Self {
        Self { graph, guards: false, terminals: false, internals: false }
    }

    /// Shows guards: `pending --> paid : pay [covers_total]`.
    pub fn guards(self) -> Self {
        Self { guards: true, ..self }
    }

    /// Shows which states are terminal: `delivered --> [*]`.
    pub fn terminals(self) -> Self {
        Self { terminals: true, ..self }
    }

    /// Shows transitions within a state, which neither leave nor enter it: `pending : annotate`.
    pub fn internals(self) -> Self {
        Self { internals: true, ..self }
    }

    /// What stands for a state, and whether it is its name.
    fn id(&self, place: usize) -> (Cow<'a, str>, bool) {
        let names = || self.graph.states.iter().map(|state| &*state.name);
        let name = names().nth(place).unwrap_or_default();
        if is_plain(name) {
            return (Cow::Borrowed(name), true);
        }
        let mut id = format!("s{place}");
        while names().any(|name| name == id) {
            id.push('_');
        }
        (Cow::Owned(id), false)
    }

    fn label(&self, edge: &Edge) -> String {
        let name = escape(&edge.transition);
        match edge.guard.as_deref().filter(|_| self.guards) {
            Some(guard) => format!("{name} [{}]", escape(guard)),
            None => name,
        }
    }

    /// The arrows and, if asked for, the marks; each text once.
    fn lines(&self) -> (Vec<String>, Vec<usize>) {
        let (mut lines, mut named) = (Vec::new(), Vec::new());
        for (from, to, edge) in self.graph.arrows() {
            lines.push(format!("{} --> {} : {}", self.id(from).0, self.id(to).0, self.label(edge)));
            named.extend([from, to]);
        }
        if self.terminals {
            for place in self.graph.marked(|state| state.terminal) {
                lines.push(format!("{} --> [*]", self.id(place).0));
                named.push(place);
            }
        }
        for (place, edge) in self.graph.marks().filter(|_| self.internals) {
            lines.push(format!("{} : {}", self.id(place).0, self.label(edge)));
            named.push(place);
        }
        (once(lines), named)
    }
}

impl fmt::Display for Mermaid<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (lines, named) = self.lines();
        f.write_str("stateDiagram-v2\n")?;
        for place in self.graph.marked(|state| state.initial) {
            writeln!(f, "    [*] --> {}", self.id(place).0)?;
        }
        for (place, state) in self.graph.states.iter().enumerate() {
            match self.id(place) {
                (id, false) => writeln!(f, "    state \"{}\" as {id}", escape(&state.name))?,
                (id, true) if !named.contains(&place) => writeln!(f, "    {id}")?,
                _ => {}
            }
        }
        lines.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

fn once(lines: Vec<String>) -> Vec<String> {
    let mut seen = std::collections::HashSet::new();
    lines.into_iter().filter(|line| seen.insert(line.clone())).collect()
}

fn is_plain(name: &str) -> bool {
    let starts = name.starts_with(|first: char| first.is_alphabetic() || first == '_');
    let word = name.chars().all(|letter| letter.is_alphanumeric() || letter == '_');
    starts && word && !KEYWORDS.iter().any(|keyword| keyword.eq_ignore_ascii_case(name))
}

/// Mermaid's entity codes for what would end a text or begin something else.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '"' => escaped.push_str("#quot;"),
            '<' => escaped.push_str("#lt;"),
            '>' => escaped.push_str("#gt;"),
            '#' | ':' | ';' | '%' | '\\' | '`' => escaped.push_str(&format!("#{};", u32::from(letter))),
            _ if letter.is_control() => escaped.push(' '),
            _ => escaped.push(letter),
        }
    }
    escaped
}
