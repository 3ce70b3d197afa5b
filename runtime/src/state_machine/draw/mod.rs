//! A machine as a picture.

mod dot;
mod mermaid;

pub use self::mermaid::Mermaid;
use super::{Edge, Graph, StateNode};

impl Graph {
    /// A [Mermaid](https://mermaid.js.org/syntax/stateDiagram.html) state diagram by stored names. Guards, the marks of
    /// terminal states and transitions within a state are left out; [`mermaid`](Self::mermaid) adds them.
    ///
    /// The text is stable: the same graph gives the same bytes, so it can be committed and compared.
    ///
    /// ```
    /// # use bailiwick::state_machine::{Edge, Graph, StateNode};
    /// # let state = |variant: &'static str, name: &'static str| StateNode {
    /// #     name: name.into(), variant: variant.into(), initial: name == "open", terminal: name == "closed",
    /// #     external: false, aliases: vec![].into(),
    /// # };
    /// # let graph = Graph {
    /// #     machine: "Door".into(),
    /// #     states: vec![state("Open", "open"), state("Closed", "closed")].into(),
    /// #     edges: vec![Edge {
    /// #         transition: "close".into(), sources: vec!["Open".into()].into(), target: Some("Closed".into()),
    /// #         guard: Some("nobody_inside".into()), is_async: false, arguments: vec![].into(), doc: "".into(),
    /// #     }].into(),
    /// # };
    /// assert_eq!(graph.to_mermaid(), "stateDiagram-v2\n    [*] --> open\n    open --> closed : close\n");
    ///
    /// let full = graph.mermaid().guards().terminals().to_string();
    /// assert!(full.contains("open --> closed : close [nobody_inside]\n"));
    /// assert!(full.contains("closed --> [*]\n"));
    /// ```
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        self.mermaid().to_string()
    }

    /// A Mermaid state diagram that shows more, or less, than [`to_mermaid`](Self::to_mermaid) does.
    pub fn mermaid(&self) -> Mermaid<'_> {
        Mermaid::new(self)
    }

    /// A [DOT](https://graphviz.org/doc/info/lang.html) graph by stored names, for Graphviz; what it shows is what
    /// [`to_mermaid`](Self::to_mermaid) shows, and a double border where a state is terminal.
    #[must_use]
    pub fn to_dot(&self) -> String {
        dot::Dot(self).to_string()
    }

    /// One arrow for each source of each edge that leads somewhere, as written; none where an earlier edge is always taken.
    fn arrows(&self) -> impl Iterator<Item = (usize, usize, &Edge)> {
        self.ends().filter_map(|(from, edge)| {
            let target = edge.target.as_deref()?;
            Some((from, self.place(target)?, edge))
        })
    }

    /// One mark for each source of each edge that stays within its state.
    fn marks(&self) -> impl Iterator<Item = (usize, &Edge)> {
        self.ends().filter(|(_, edge)| edge.target.is_none())
    }

    fn ends(&self) -> impl Iterator<Item = (usize, &Edge)> {
        self.edges.iter().enumerate().flat_map(move |(place, edge)| {
            let sources = self.sources(edge).filter(move |state| self.starts(place, state));
            sources.filter_map(move |state| Some((self.place(&state.variant)?, edge)))
        })
    }

    fn place(&self, variant: &str) -> Option<usize> {
        self.states.iter().position(|state| state.variant == variant)
    }

    fn marked(&self, mark: fn(&StateNode) -> bool) -> impl Iterator<Item = usize> {
        self.states.iter().enumerate().filter(move |(_, state)| mark(state)).map(|(place, _)| place)
    }
}

#[cfg(test)]
mod tests;
