//! A case: one piece of work, done by several sides.

use std::{fmt, time::Duration};

use super::{Clock, Gate, Timer};

type Run = Box<dyn FnMut(&mut Timer, u64) -> u64>;
type Proof = Box<dyn FnMut() -> u64>;

/// One way of doing the work.
pub struct Side {
    pub(super) name: &'static str,
    pub(super) run: Run,
    pub(super) proof: Option<Proof>,
    pub(super) done: u64,
}

impl Side {
    /// `run` does the work so many times, times what counts, and answers a sum over all of it that every side must come to.
    pub fn new(name: &'static str, run: impl FnMut(&mut Timer, u64) -> u64 + 'static) -> Self {
        Self { name, run: Box::new(run), proof: None, done: 0 }
    }

    /// The same, by another name.
    #[must_use]
    pub fn named(self, name: &'static str) -> Self {
        Self { name, ..self }
    }

    /// `proof` says at the end what is there: it must be what all runs have answered.
    #[must_use]
    pub fn proved(mut self, proof: impl FnMut() -> u64 + 'static) -> Self {
        self.proof = Some(Box::new(proof));
        self
    }
}

impl fmt::Debug for Side {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Side({})", self.name)
    }
}

/// How often a side does the work in one round.
#[derive(Debug, Clone, Copy)]
pub enum Batch {
    /// So many times.
    Times(u64),
    /// For at least this long.
    Lasting(Duration),
}

/// A piece of work and who does it.
#[derive(Debug)]
pub struct Case {
    pub(super) clock: Clock,
    pub(super) percentile: usize,
    pub(super) batch: Batch,
    pub(super) parts: u64,
    pub(super) sides: Vec<Side>,
    pub(super) gates: Vec<Gate>,
}

impl Case {
    /// Work that only computes: CPU time, batches of 20 ms.
    pub fn cpu(base: Side) -> Self {
        let batch = Batch::Lasting(Duration::from_millis(20));
        Self { clock: Clock::Thread, percentile: 50, batch, parts: 1, sides: vec![base], gates: Vec::new() }
    }

    /// Work on a database: wall time, `times` per round, the tenth percentile of them.
    pub fn database(times: u64, base: Side) -> Self {
        Self { clock: Clock::Wall, percentile: 10, batch: Batch::Times(times), ..Self::cpu(base) }
    }

    /// The median of the wall times of a round: where what comes now and then is a part of the work.
    #[must_use]
    pub fn median(mut self) -> Self {
        self.percentile = 50;
        self
    }

    /// One piece of work counts as so many.
    #[must_use]
    pub fn parts(mut self, parts: u64) -> Self {
        self.parts = parts;
        self
    }

    /// Another side.
    #[must_use]
    pub fn side(mut self, side: Side) -> Self {
        self.sides.push(side);
        self
    }

    /// Peers: sides that must not be faster than ours.
    #[must_use]
    pub fn beside(mut self, peers: impl IntoIterator<Item = Side>) -> Self {
        for peer in peers {
            self.gates.push(Gate::must("ours", 1.0, peer.name));
            self.sides.push(peer);
        }
        self
    }

    /// What is promised of it.
    #[must_use]
    pub fn gate(mut self, gate: Gate) -> Self {
        self.gates.push(gate);
        self
    }
}
