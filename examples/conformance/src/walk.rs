//! Tickets that walk through the machine, with mistakes put in.
//!
//! A mistake is chosen so that it is of one kind only and is known without asking the check: what is put in can be compared
//! with what is found.

use std::mem;

use bailiwick::{Timestamp, conformance::By, state_machine::Graph};
use conformance::desk::Ticket;

/// Each kind of mistake is one in so many events; of those that only happen at the start or at the end of a ticket, one in so
/// many tickets.
const RARE: u64 = 47;

/// What was put in.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Mistakes {
    pub(crate) events: u64,
    pub(crate) cases: u64,
    pub(crate) unknown_activity: u64,
    pub(crate) not_initial: u64,
    pub(crate) illegal: u64,
    pub(crate) after_terminal: u64,
    pub(crate) unfinished: u64,
    pub(crate) equal_times: u64,
    pub(crate) backward_times: u64,
}

/// One event of the log.
#[derive(Debug)]
pub(crate) struct Happened {
    pub(crate) ticket: u64,
    pub(crate) activity: String,
    pub(crate) at: Timestamp,
}

/// An iterator over what happens to the tickets, one event after another.
#[derive(Debug)]
pub(crate) struct Walks {
    by: By,
    graph: Graph,
    wanted: u64,
    most_open: usize,
    dice: Dice,
    clock: i64,
    tickets: u64,
    open: Vec<Walker>,
    mistakes: Mistakes,
}

#[derive(Debug)]
struct Walker {
    number: u64,
    /// By its name in Rust.
    state: String,
    begun: bool,
    /// The time of the last event, if there was one.
    last: Option<i64>,
    /// Something still happens after its end.
    haunted: bool,
}

impl Walks {
    pub(crate) fn new(by: By, wanted: u64, most_open: usize, seed: u64) -> Self {
        Self {
            by,
            graph: Ticket::GRAPH,
            wanted,
            most_open: most_open.max(1),
            dice: Dice(seed),
            clock: 1_700_000_000_000_000,
            tickets: 0,
            open: Vec::new(),
            mistakes: Mistakes::default(),
        }
    }

    /// One ticket after another, for a log that holds them so.
    pub(crate) fn one_by_one(self) -> Self {
        Self { most_open: 1, ..self }
    }

    /// What was put in. It is whole when the walks are at their end.
    pub(crate) fn mistakes(&self) -> Mistakes {
        self.mistakes
    }

    fn arrive(&mut self) {
        while self.open.len() < self.most_open {
            self.tickets += 1;
            let (number, haunted) = (self.tickets, self.dice.one_in(RARE));
            self.open.push(Walker { number, state: "Open".to_owned(), begun: false, last: None, haunted });
        }
    }

    /// One more event of a ticket, and whether it was the last.
    fn step(&mut self, ticket: &mut Walker) -> (String, bool) {
        if self.is_terminal(&ticket.state) {
            self.mistakes.after_terminal += 1;
            let again = if self.by == By::State { self.name(&ticket.state) } else { "wait".to_owned() };
            return (again, true);
        }
        if self.dice.one_in(RARE) {
            self.mistakes.unknown_activity += 1;
            return ("telephone".to_owned(), false);
        }
        let starts = !mem::replace(&mut ticket.begun, true);
        let (activity, next) = if self.dice.one_in(RARE) {
            let kind = if starts { &mut self.mistakes.not_initial } else { &mut self.mistakes.illegal };
            *kind += 1;
            let wrong = self.wrong(&ticket.state);
            self.dice.pick(wrong)
        } else if starts && self.by == By::State {
            (self.name(&ticket.state), ticket.state.clone())
        } else {
            let moves = self.moves(&ticket.state);
            self.dice.pick(moves)
        };
        ticket.state = next;
        (activity, self.is_terminal(&ticket.state) && !ticket.haunted)
    }

    /// The activities that the machine allows in a state, each with the state after it.
    fn moves(&self, state: &str) -> Vec<(String, String)> {
        let edges = self.graph.edges_from(state);
        let steps = edges.filter_map(|edge| match (self.by, edge.target.as_deref()) {
            (By::State, target) => target.map(|target| (self.name(target), target.to_owned())),
            (By::Transition, target) => Some((edge.transition.to_string(), target.unwrap_or(state).to_owned())),
        });
        steps.collect()
    }

    /// The activities that it does not allow there, if the ticket can go on after them.
    fn wrong(&self, state: &str) -> Vec<(String, String)> {
        let allowed = self.moves(state);
        let targets: Vec<(String, &str)> = match self.by {
            By::State => self.graph.states.iter().map(|state| (state.name.to_string(), &*state.variant)).collect(),
            By::Transition => {
                let edges = self.graph.edges.iter();
                edges.filter_map(|edge| Some((edge.transition.to_string(), edge.target.as_deref()?))).collect()
            }
        };
        let possible = targets.into_iter().filter(|(activity, target)| {
            !self.is_terminal(target) && allowed.iter().all(|(allowed, _)| allowed != activity)
        });
        // A first state is wrong only if it is another one than where tickets start.
        possible.filter(|(_, target)| *target != "Open").map(|(name, target)| (name, target.to_owned())).collect()
    }

    fn name(&self, variant: &str) -> String {
        self.graph.state(variant).map(|state| state.name.to_string()).unwrap_or_default()
    }

    fn is_terminal(&self, variant: &str) -> bool {
        self.graph.state(variant).is_some_and(|state| state.terminal)
    }

    fn time(&mut self, ticket: &Walker) -> i64 {
        self.clock += 1_000_000 * (1 + self.dice.below(60)).cast_signed();
        match ticket.last {
            // After the end of a ticket times are not compared with those before.
            Some(last) if !self.is_terminal(&ticket.state) && self.dice.one_in(RARE) => {
                self.mistakes.equal_times += 1;
                last
            }
            Some(last) if !self.is_terminal(&ticket.state) && self.dice.one_in(RARE) => {
                self.mistakes.backward_times += 1;
                last - 1_000_000
            }
            _ => self.clock,
        }
    }

    /// Those that are still open stay so.
    fn end(&mut self) {
        for ticket in mem::take(&mut self.open) {
            let unfinished = ticket.last.is_some() && !self.is_terminal(&ticket.state);
            self.mistakes.unfinished += u64::from(unfinished);
        }
    }
}

impl Iterator for Walks {
    type Item = Happened;

    fn next(&mut self) -> Option<Happened> {
        while self.mistakes.events < self.wanted {
            self.arrive();
            let place = usize::try_from(self.dice.below(self.open.len() as u64)).unwrap_or(0);
            let mut ticket = self.open.swap_remove(place);
            if ticket.last.is_some() && !self.is_terminal(&ticket.state) && self.dice.one_in(RARE) {
                self.mistakes.unfinished += 1; // forgotten
                continue;
            }
            let at = self.time(&ticket);
            self.mistakes.cases += u64::from(ticket.last.is_none());
            ticket.last = Some(at);
            let (number, (activity, over)) = (ticket.number, self.step(&mut ticket));
            if !over {
                self.open.push(ticket);
            }
            self.mistakes.events += 1;
            return Some(Happened { ticket: number, activity, at: Timestamp::from_micros(at) });
        }
        self.end();
        None
    }
}

/// SplitMix64: the same numbers from the same seed, everywhere.
#[derive(Debug)]
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, bound: u64) -> u64 {
        self.roll() % bound.max(1)
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn pick(&mut self, mut of: Vec<(String, String)>) -> (String, String) {
        let place = self.below(of.len() as u64);
        of.swap_remove(usize::try_from(place).unwrap_or(0))
    }
}
