//! Ways through a machine, by chance.

use super::{Edge, Graph, StateNode};

/// A way through a [`Graph`]: from a state where values start, step by step. See [`Graph::walks`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk<'a> {
    /// Where it starts.
    pub start: &'a StateNode,
    /// The steps, each from where the one before it led.
    pub steps: Vec<Step<'a>>,
}

/// One step of a [`Walk`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<'a> {
    /// The edge that is taken.
    pub edge: &'a Edge,
    /// The state before.
    pub from: &'a StateNode,
    /// The state after: the same if the edge stays within its state.
    pub to: &'a StateNode,
}

impl<'a> Step<'a> {
    /// The name of the transition.
    #[must_use]
    pub fn transition(&self) -> &'a str {
        &self.edge.transition
    }
}

/// Walks, one after the other. See [`Graph::walks`].
#[derive(Debug, Clone)]
pub struct Walks<'a> {
    graph: &'a Graph,
    left: usize,
    chance: Chance,
    /// How often each edge was taken so far.
    taken: Vec<usize>,
}

impl Graph {
    /// `n` legal walks, for property tests: the same for the same graph and `seed`, on every machine and in every version.
    ///
    /// Each starts in a state that is initial or external and ends where no edge leads on, or after as many steps as were
    /// drawn, at most four for each state. At each step the next edge is drawn: one time in two from all that start from the
    /// state, else from those of them that were taken least so far, so that a few walks see every edge. Guards are not asked:
    /// a walk is what the machine may do, and a value may refuse.
    ///
    /// The generator is SplitMix64, started with the seed.
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
    /// for walk in graph.walks(100, 7) {
    ///     assert_eq!(walk.start.name, "open");
    ///     for step in walk.steps {
    ///         assert_eq!((step.transition(), &*step.from.name, &*step.to.name), ("close", "open", "closed"));
    ///     }
    /// }
    /// ```
    #[must_use]
    pub fn walks(&self, n: usize, seed: u64) -> Walks<'_> {
        Walks { graph: self, left: n, chance: Chance(seed), taken: vec![0; self.edges.len()] }
    }
}

impl<'a> Iterator for Walks<'a> {
    type Item = Walk<'a>;

    fn next(&mut self) -> Option<Walk<'a>> {
        self.left = self.left.checked_sub(1)?;
        let starts: Vec<_> = self.graph.states.iter().filter(|state| state.initial || state.external).collect();
        let start = *starts.get(self.chance.below(starts.len()))?;
        let most = 1 + self.chance.below(4 * self.graph.states.len());
        let mut walk = Walk { start, steps: Vec::new() };
        let mut from = start;
        while walk.steps.len() < most {
            let Some(step) = self.step(from) else { break };
            walk.steps.push(step);
            from = step.to;
        }
        Some(walk)
    }
}

impl<'a> Walks<'a> {
    fn step(&mut self, from: &'a StateNode) -> Option<Step<'a>> {
        let mut open: Vec<_> = self.graph.steps_from(from).collect();
        if self.chance.below(2) == 0 {
            let least = open.iter().map(|(place, _)| self.taken[*place]).min();
            open.retain(|(place, _)| Some(self.taken[*place]) == least);
        }
        let (place, step) = *open.get(self.chance.below(open.len()))?;
        self.taken[place] += 1;
        Some(step)
    }
}

impl Graph {
    /// What can happen in a state, with the place of the edge.
    fn steps_from<'a>(&'a self, from: &'a StateNode) -> impl Iterator<Item = (usize, Step<'a>)> {
        let edges = self.edges.iter().enumerate();
        edges.filter(|(place, _)| self.starts(*place, from)).filter_map(move |(place, edge)| {
            let to = edge.target.as_deref().map_or(Some(from), |target| self.state(target))?;
            Some((place, Step { edge, from, to }))
        })
    }
}

/// SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, 2014).
#[derive(Debug, Clone)]
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if there is none.
    fn below(&mut self, limit: usize) -> usize {
        let wide = u128::from(self.next()) * limit as u128;
        (wide >> 64) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::Chance;
    use crate::state_machine::{Graph, samples::graph};

    fn order() -> Graph {
        let rules = "pay A if g => B\npay A => C\nback B | C => A\nship B => D\nnote _ | D => _\nto A => B\nto _ => C";
        graph("Order", "A:i B C D:t E:e", rules)
    }

    #[test]
    fn the_generator_is_the_published_one() {
        let mut chance = Chance(1_234_567);
        let drawn: Vec<u64> = (0..3).map(|_| chance.next()).collect();
        assert_eq!(drawn, [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]);
    }

    #[test]
    fn the_same_seed_gives_the_same_walks() {
        let order = order();
        assert_eq!(order.walks(50, 1).collect::<Vec<_>>(), order.walks(50, 1).collect::<Vec<_>>());
        assert_ne!(order.walks(50, 1).collect::<Vec<_>>(), order.walks(50, 2).collect::<Vec<_>>());
        assert_eq!(order.walks(50, 1).count(), 50);
    }

    #[test]
    fn each_step_starts_where_the_last_one_ended_and_is_an_edge() {
        let order = order();
        for walk in order.walks(500, 3) {
            let mut at = walk.start;
            assert!(at.initial || at.external);
            assert!(!walk.steps.is_empty() && walk.steps.len() <= 20);
            for step in walk.steps {
                assert_eq!(step.from, at);
                assert!(order.sources(step.edge).any(|source| source == at));
                assert_eq!(step.edge.target.as_deref().unwrap_or(&at.variant), step.to.variant);
                at = step.to;
            }
        }
    }

    #[test]
    fn what_an_earlier_transition_always_takes_is_no_step() {
        let order = order();
        let steps = || order.walks(500, 3).flat_map(|walk| walk.steps);
        assert!(!steps().any(|step| step.transition() == "to" && step.from.name == "A" && step.to.name == "C"));
        assert!(steps().any(|step| step.transition() == "pay" && step.to.name == "C"), "the guard may have said no");
    }

    #[test]
    fn a_few_walks_take_every_edge() {
        let order = order();
        for seed in 0..20 {
            let walks = order.walks(12, seed).flat_map(|walk| walk.steps);
            let mut taken: Vec<_> = walks.map(|step| std::ptr::from_ref(step.edge)).collect();
            taken.sort_unstable();
            taken.dedup();
            assert_eq!(taken.len(), order.edges.len(), "seed {seed}");
        }
    }

    #[test]
    fn a_walk_ends_where_nothing_leads_on() {
        let two = graph("Two", "A:i B:t", "go A => B");
        assert!(two.walks(20, 9).all(|walk| walk.steps.len() == 1));
        let none = graph("None", "A:i", "go Z => A");
        assert!(none.walks(3, 9).all(|walk| walk.steps.is_empty()));
        assert_eq!(graph("Nowhere", "A", "go A => A").walks(3, 9).count(), 0);
    }
}
