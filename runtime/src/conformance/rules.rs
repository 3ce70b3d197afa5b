//! What a graph allows, as a table of places and steps that grows with what a log shows.

use std::collections::HashMap;

use super::{BreachKind, By};
use crate::state_machine::Graph;

/// Where a case starts.
pub(super) const START: u32 = 0;

/// The rules of one graph for logs of one kind, and how often each was used.
///
/// A place is the set of states that a case may be in. By state it always holds one. By transition it holds several after a
/// transition whose guards choose between targets: which one was taken is not in the log.
#[derive(Debug, Default)]
pub(super) struct Rules {
    by: By,
    pub(super) states: Vec<State>,
    pub(super) activities: Vec<String>,
    known: HashMap<String, u32>,
    renamed: HashMap<String, u32>,
    leaps: HashMap<(u32, u32), Vec<Leap>>,
    pub(super) places: Vec<Place>,
    found: HashMap<Place, u32>,
    steps: HashMap<(u32, u32), Step>,
    rowed: HashMap<(u32, u32), u32>,
    pub(super) rows: Vec<Row>,
}

#[derive(Debug)]
pub(super) struct State {
    pub(super) name: String,
    terminal: bool,
    start: bool,
}

/// One way that an activity can go from a state.
#[derive(Debug, Clone)]
pub(super) struct Leap {
    pub(super) to: u32,
    pub(super) transition: String,
    pub(super) guard: bool,
    internal: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Place {
    pub(super) begun: bool,
    pub(super) states: Vec<u32>,
}

/// What an activity does in a place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Step {
    pub(super) row: u32,
    pub(super) next: u32,
    pub(super) guarded: bool,
    pub(super) breach: Option<BreachKind>,
}

/// A pair of place and activity, for the report.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) place: u32,
    pub(super) activity: u32,
    pub(super) breach: Option<BreachKind>,
    pub(super) count: u64,
}

impl Rules {
    pub(super) fn new(graph: &Graph, by: By) -> Self {
        let states = graph.states.iter().map(|state| State {
            name: state.name.to_string(),
            terminal: state.terminal,
            start: state.initial || state.external,
        });
        let mut rules = Self { by, states: states.collect(), ..Self::default() };
        rules.name_activities(graph);
        let pairs = rules.add_leaps(graph);
        rules.begin();
        for (from, activity) in pairs {
            let place = rules.place(Place { begun: true, states: vec![from] });
            rules.step(place, activity);
        }
        rules
    }

    fn name_activities(&mut self, graph: &Graph) {
        let names: Vec<&str> = match self.by {
            By::State => graph.states.iter().map(|state| &*state.name).collect(),
            By::Transition => graph.transitions(),
        };
        for (name, index) in names.iter().zip(0..) {
            self.activities.push((*name).to_owned());
            self.known.entry((*name).to_owned()).or_insert(index);
        }
        if self.by == By::State {
            for (state, index) in graph.states.iter().zip(0..) {
                for alias in state.aliases.iter() {
                    self.known.entry(alias.to_string()).or_insert(index);
                }
            }
        }
    }

    /// Fills `leaps` and answers their keys in the order of the graph.
    fn add_leaps(&mut self, graph: &Graph) -> Vec<(u32, u32)> {
        let index: HashMap<&str, u32> = graph.states.iter().map(|state| &*state.variant).zip(0..).collect();
        let mut pairs = Vec::new();
        for (place, edge) in graph.edges.iter().enumerate() {
            for source in graph.sources(edge).filter(|source| graph.starts(place, source)) {
                let from = index[&*source.variant];
                let Some(to) = edge.target.as_deref().map_or(Some(from), |target| index.get(target).copied()) else {
                    continue;
                };
                let activity = match self.by {
                    By::Transition => self.known[&*edge.transition],
                    By::State if edge.target.is_some() => to,
                    By::State => continue, // an internal transition enters nothing
                };
                let (transition, guard) = (edge.transition.to_string(), edge.guard.is_some());
                let leap = Leap { to, transition, guard, internal: edge.target.is_none() };
                let leaps = self.leaps.entry((from, activity)).or_default();
                if leaps.is_empty() {
                    pairs.push((from, activity));
                }
                leaps.push(leap);
            }
        }
        pairs
    }

    fn begin(&mut self) {
        let starts: Vec<u32> = (0..).zip(&self.states).filter(|(_, state)| state.start).map(|(at, _)| at).collect();
        let before = if self.by == By::State { Vec::new() } else { starts.clone() };
        self.place(Place { begun: false, states: before });
        if self.by == By::State {
            for state in starts {
                self.step(START, state);
            }
        }
    }

    /// The activity that the log calls so.
    pub(super) fn activity(&self, name: &str) -> Option<u32> {
        self.renamed.get(name).or_else(|| self.known.get(name)).copied()
    }

    /// The activity `own` is `foreign` in the log. Two names can be exchanged, so `own` is never a renamed one.
    pub(super) fn rename(&mut self, foreign: &str, own: &str) {
        if let Some(index) = self.known.get(own) {
            self.renamed.insert(foreign.to_owned(), *index);
        }
    }

    /// Whether a case that is here has ended.
    pub(super) fn ended(&self, place: u32) -> bool {
        let Place { begun, states } = &self.places[place as usize];
        *begun && !states.is_empty() && states.iter().all(|state| self.states[*state as usize].terminal)
    }

    /// The ways that the activity of a row can go from its place.
    pub(super) fn leaps(&self, row: &Row) -> impl Iterator<Item = &Leap> {
        let states = &self.places[row.place as usize].states;
        states.iter().filter_map(|state| self.leaps.get(&(*state, row.activity))).flatten()
    }

    /// What the activity does in the place.
    pub(super) fn step(&mut self, place: u32, activity: u32) -> Step {
        if let Some(step) = self.steps.get(&(place, activity)) {
            return *step;
        }
        let step = self.judge(place, activity);
        self.steps.insert((place, activity), step);
        step
    }

    fn judge(&mut self, place: u32, activity: u32) -> Step {
        let from = self.places[place as usize].clone();
        let enters = self.by == By::State && !from.begun && self.states[activity as usize].start;
        let leaps: Vec<&Leap> =
            from.states.iter().filter_map(|at| self.leaps.get(&(*at, activity))).flatten().collect();
        if leaps.is_empty() && !enters {
            return self.refuse(place, activity);
        }
        let guarded = !leaps.is_empty() && leaps.iter().all(|leap| leap.guard);
        let mut states: Vec<u32> = leaps.iter().map(|leap| leap.to).collect();
        if enters {
            states.push(activity);
        }
        states.sort_unstable();
        states.dedup();
        // The first event by transition is counted with all others that leave the same states.
        let counted = if enters { place } else { self.place(Place { begun: true, states: from.states }) };
        let next = self.place(Place { begun: true, states });
        Step { row: self.row(counted, activity, None), next, guarded, breach: None }
    }

    fn refuse(&mut self, place: u32, activity: u32) -> Step {
        let from = self.places[place as usize].clone();
        let breach = match () {
            () if !from.begun => BreachKind::NotInitial,
            () if self.ended(place) => BreachKind::AfterTerminal,
            () => BreachKind::Illegal,
        };
        let observed = self.observed(activity).map_or(from.states, |state| vec![state]);
        let next = self.place(Place { begun: true, states: observed });
        Step { row: self.row(place, activity, Some(breach)), next, guarded: false, breach: Some(breach) }
    }

    /// Where an activity that should not have happened has led, if there is but one such state.
    fn observed(&self, activity: u32) -> Option<u32> {
        if self.by == By::State {
            return Some(activity);
        }
        let mut targets = self.leaps.iter().filter(|((_, by), _)| *by == activity).flat_map(|(_, leaps)| leaps);
        let first = targets.next().filter(|leap| !leap.internal)?.to;
        targets.all(|leap| leap.to == first && !leap.internal).then_some(first)
    }

    fn place(&mut self, place: Place) -> u32 {
        if let Some(found) = self.found.get(&place) {
            return *found;
        }
        let index = u32::try_from(self.places.len()).unwrap_or(u32::MAX);
        self.places.push(place.clone());
        self.found.insert(place, index);
        index
    }

    fn row(&mut self, place: u32, activity: u32, breach: Option<BreachKind>) -> u32 {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let at = *self.rowed.entry((place, activity)).or_insert(next);
        if at == next {
            self.rows.push(Row { place, activity, breach, count: 0 });
        }
        at
    }
}
