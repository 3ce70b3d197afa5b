//! What the graph says, and what happened.

use std::{fmt::Write as _, marker::PhantomData};

use super::Pairs;
use crate::{
    error::Error,
    state_machine::{Edge, MachineFacts, State, StateMachine, StateNode},
};

pub(super) struct Table<S, M> {
    pairs: Pairs,
    faults: Vec<[String; 4]>,
    /// The length of the log before the call.
    records: usize,
    of: PhantomData<fn(S) -> M>,
}

impl<S: State, M: StateMachine<S>> Table<S, M> {
    pub(super) fn new() -> Self {
        Self { pairs: Pairs::default(), faults: Vec::new(), records: 0, of: PhantomData }
    }

    fn facts() -> &'static MachineFacts {
        M::facts()
    }

    pub(super) fn pairs(&self) -> Vec<(S, &'static str)> {
        let transitions = Self::facts().graph.transitions();
        S::ALL.iter().flat_map(|state| transitions.iter().map(|transition| (*state, *transition))).collect()
    }

    /// Whether the machine is in the state.
    pub(super) fn ready(&mut self, machine: &M, pair: (S, &str)) -> bool {
        self.records = machine.log().map_or(0, |log| log.len());
        let ready = machine.state() == pair.0;
        if !ready {
            self.fault(pair, "a machine in this state", format!("`make` made one in {}", machine.state().name()));
        }
        ready
    }

    pub(super) fn judge(&mut self, machine: &M, pair: (S, &'static str), answer: Option<Result<(), Error>>) {
        let Some(answer) = answer else { return };
        let edges = edges_of::<S>(Self::facts(), pair);
        let table = told(&edges, pair.0);
        let happened = match answer {
            Ok(()) => self.took(machine, pair, &edges),
            Err(error) => self.refused(&error, &edges).and_then(|()| self.untouched(machine, pair.0)),
        };
        if let Err(happened) = happened {
            self.fault(pair, &table, happened);
        }
    }

    fn took(&mut self, machine: &M, (from, transition): (S, &str), edges: &[&Edge]) -> Result<(), String> {
        self.pairs.taken += 1;
        let leads = |name: &str| edges.iter().any(|edge| target(edge, from) == variant_of::<S>(name));
        let now = machine.state().name();
        let Some(log) = machine.log() else {
            return if leads(now) { Ok(()) } else { Err(format!("taken, to {now}")) };
        };
        let Some([first, more @ ..]) = log.records().get(self.records..) else {
            return Err(String::from("taken, but not recorded"));
        };
        if (first.transition(), first.from()) != (transition, from.name()) || !leads(first.to()) {
            return Err(format!("taken, recorded as {first:?}"));
        }
        let mut at = first.to();
        for record in more {
            if record.from() != at {
                return Err(format!("taken, and then {record:?} although it was {at}"));
            }
            at = record.to();
        }
        if at == now { Ok(()) } else { Err(format!("taken, to {now}; the log says {at}")) }
    }

    fn refused(&mut self, error: &Error, edges: &[&Edge]) -> Result<(), String> {
        let (facts, code) = (Self::facts(), error.code());
        let guarded = edges.iter().all(|edge| edge.guard.is_some());
        let (count, fits) = if code == facts.invalid_transition {
            (&mut self.pairs.illegal, edges.is_empty())
        } else if code == facts.guard_failed {
            (&mut self.pairs.guarded, !edges.is_empty() && guarded)
        } else {
            (&mut self.pairs.failed, !edges.is_empty() && code != facts.state_moved)
        };
        *count += 1;
        if fits { Ok(()) } else { Err(error.to_string()) }
    }

    fn untouched(&self, machine: &M, from: S) -> Result<(), String> {
        if machine.state() != from {
            return Err(format!("refused, but it is {} now", machine.state().name()));
        }
        let new = machine.log().map_or(0, |log| log.len()).saturating_sub(self.records);
        if new == 0 { Ok(()) } else { Err(format!("refused, but the log has {new} more")) }
    }

    fn fault(&mut self, (state, transition): (S, &str), table: &str, happened: String) {
        self.faults.push([state.name().to_owned(), transition.to_owned(), table.to_owned(), happened]);
    }

    pub(super) fn end(self) -> Result<Pairs, String> {
        if self.faults.is_empty() {
            return Ok(self.pairs);
        }
        let (all, machine) = (self.pairs().len(), &Self::facts().graph.machine);
        let mut text = format!("{} of {all} pairs of `{machine}` are not as its graph says\n", self.faults.len());
        let head = ["state", "transition", "the graph says", "what happened"].map(String::from);
        let rows = || std::iter::once(&head).chain(&self.faults);
        let widths = [0, 1, 2].map(|column| rows().map(|row| row[column].chars().count()).max().unwrap_or(0));
        for [state, transition, table, happened] in rows() {
            let [first, second, third] = widths;
            let _ = writeln!(text, "  {state:first$}  {transition:second$}  {table:third$}  {happened}");
        }
        Err(text)
    }
}

fn edges_of<S: State>(facts: &'static MachineFacts, (state, transition): (S, &str)) -> Vec<&'static Edge> {
    let from = variant(state);
    facts.graph.edges_from(from).filter(|edge| edge.transition == transition).collect()
}

/// What the graph says, in short.
fn told<S: State>(edges: &[&Edge], from: S) -> String {
    let stored = |variant: &str| S::FACTS.iter().find(|node| node.variant == variant).map_or("?", |node| &node.name);
    let edge = |edge: &&Edge| match edge.guard.as_deref() {
        Some(guard) => format!("to {} if {guard}", stored(target(edge, from))),
        None => format!("to {}", stored(target(edge, from))),
    };
    if edges.is_empty() { String::from("illegal") } else { edges.iter().map(edge).collect::<Vec<_>>().join(", else ") }
}

fn target<S: State>(edge: &Edge, from: S) -> &str {
    edge.target.as_deref().unwrap_or_else(|| variant(from))
}

fn variant<S: State>(state: S) -> &'static str {
    S::FACTS.get(state.index()).map_or("", |node: &StateNode| &node.variant)
}

fn variant_of<S: State>(name: &str) -> &'static str {
    S::FACTS.iter().find(|node| node.name == name).map_or("", |node| &node.variant)
}
