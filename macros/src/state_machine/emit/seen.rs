//! What the macro sees of a graph by itself. The compiler then only holds the states against it: to follow each edge while it
//! compiles would cost every build.

use super::Writer;
use crate::{
    names,
    state_machine::grammar::{Edge, Target},
};

/// As many states as there are bits for.
const MOST: usize = 31;

/// The states that transitions name, and where each leads at once, as bits.
#[derive(Default)]
struct Seen {
    names: Vec<String>,
    leads: Vec<u64>,
}

impl Writer<'_> {
    /// For each state that is named: its key in the upper half, whether it is left in the highest bit of the lower one, and
    /// where ways lead from it. Nothing, where only the compiler knows: there is a `_` or a `cfg`, or there are too many.
    pub(super) fn seen(&self) -> Vec<u64> {
        let transitions = &self.model.transitions;
        let edges = || transitions.iter().flat_map(|one| &one.edges);
        if edges().any(Edge::is_from_any) || transitions.iter().any(|one| !one.method.cfgs().is_empty()) {
            return Vec::new();
        }
        let mut seen = Seen::default();
        edges().for_each(|edge| seen.add(edge));
        if seen.names.len() > MOST { Vec::new() } else { seen.words() }
    }
}

impl Seen {
    fn add(&mut self, edge: &Edge) {
        let sources: Vec<usize> = edge.sources.iter().map(|source| self.place(source.text())).collect();
        let Target::State(target) = &edge.target else { return };
        let target = self.place(names::text(target));
        for source in sources {
            self.leads[source] |= bit(target);
        }
    }

    fn place(&mut self, name: String) -> usize {
        self.names.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.names.push(name);
            self.leads.push(0);
            self.names.len() - 1
        })
    }

    fn words(&self) -> Vec<u64> {
        let places = 0..self.names.len();
        places
            .map(|at| u64::from(key(&self.names[at])) << 32 | u64::from(self.leads[at] != 0) << MOST | self.reach(at))
            .collect()
    }

    /// Where ways lead, and where they start.
    fn reach(&self, from: usize) -> u64 {
        let mut reached = bit(from);
        loop {
            let steps = self.leads.iter().enumerate().filter(|(at, _)| reached & bit(*at) != 0);
            let further = steps.fold(reached, |all, (_, leads)| all | leads);
            if further == reached {
                return reached;
            }
            reached = further;
        }
    }
}

/// A bit that does not exist is none: there are too many states then.
fn bit(place: usize) -> u64 {
    u32::try_from(place).ok().and_then(|place| 1_u64.checked_shl(place)).unwrap_or_default()
}

/// Length, first, middle and last letter, as the library counts it.
fn key(name: &str) -> u32 {
    let bytes = name.as_bytes();
    let letter = |at: usize| bytes.get(at).copied().map_or(0, u32::from);
    let length = u32::try_from(bytes.len()).unwrap_or_default();
    length << 24 | letter(0) << 16 | letter(bytes.len() / 2) << 8 | letter(bytes.len().saturating_sub(1))
}

#[cfg(test)]
mod tests {
    use super::key;

    #[test]
    fn keys_are_those_of_the_library() {
        assert_eq!([key("Running"), key("Été")], [0x0752_6e67, 0x05c3_74a9]);
    }
}
