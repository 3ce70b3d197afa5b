//! The harness of the benches: every side of a case runs once per round, in rotating order, and what counts is the ratio
//! inside a round.
//!
//! ```text
//! cargo bench -p tests --bench dispatch -- --rounds 11 --case 'send*' --write
//! ```
#![allow(dead_code, unused_imports, reason = "each bench uses a part of it")]

mod args;
mod case;
mod clock;
mod gate;
mod instructions;
mod machine;
mod results;
mod rounds;
mod stats;

pub use args::{Args, Mode, Size};
pub use case::{Batch, Case, Side};
pub use clock::{Clock, Timer};
pub use gate::{Gate, Judged, Verdict};
pub use machine::folder;
pub use results::Section;
pub use rounds::{Outcome, Unit};
pub use stats::Spread;

use std::process::ExitCode;

/// The cases of one area, measured as the arguments say.
#[derive(Debug)]
pub struct Area {
    args: Args,
    section: Section,
    counts: Option<instructions::Counts>,
}

/// A must that is missed is measured so often in all before it counts.
const TRIES: usize = 3;

impl Area {
    /// Begins an area.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        let args = Args::parse();
        let counts = args.count.then(|| instructions::Counts::begin(name, args.check));
        let counts = counts.and_then(|counts| counts.inspect_err(|reason| println!("skipped: {reason}")).ok());
        Self { section: Section::new(name, about, &args), counts, args }
    }

    /// The arguments.
    pub fn args(&self) -> &Args {
        &self.args
    }

    /// Measures a case that `make` sets up, if the arguments want it.
    pub fn case(&mut self, name: &str, make: impl Fn() -> Case) {
        if !self.args.wants(name) {
            return;
        }
        let (rounds, check) = (self.args.rounds, self.args.check);
        match (self.args.instructions, &mut self.counts) {
            (Some(iterations), _) => instructions::run(&mut make(), self.args.side.as_deref(), iterations),
            (None, Some(counts)) => counts.add(name, &make(), check),
            (None, None) => self.measure(|| vec![rounds::measure(name, make(), rounds)]),
        }
    }

    /// Adds what `measure` answers; for a check, what misses a must or says nothing is measured again.
    pub fn measure(&mut self, mut measure: impl FnMut() -> Vec<Outcome>) {
        if self.args.instructions.is_some() || self.args.count {
            return; // nothing here can be counted
        }
        let mut kept = measure();
        kept.iter().for_each(|outcome| println!("{outcome}"));
        for _again in 1..TRIES {
            if !self.args.check || kept.iter().all(Outcome::met) {
                break;
            }
            for (before, outcome) in kept.iter_mut().zip(measure()).filter(|(before, _)| !before.met()) {
                println!("again, {outcome}");
                *before = outcome;
            }
        }
        kept.into_iter().for_each(|outcome| self.section.add(outcome));
    }

    /// Writes what was measured, and says what is missed, as the arguments ask.
    pub fn finish(self) -> ExitCode {
        if self.args.instructions.is_some() {
            return ExitCode::SUCCESS;
        }
        match (self.counts, self.args.count) {
            (Some(counts), _) => counts.finish(&self.args),
            (None, true) => ExitCode::SUCCESS, // skipped
            (None, false) => self.section.finish(&self.args),
        }
    }
}
