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

pub use args::{Args, Mode};
pub use case::{Batch, Case, Side};
pub use clock::{Clock, Timer};
pub use gate::{Gate, Judged, Verdict};
pub use results::Section;
pub use rounds::Outcome;
pub use stats::Spread;

use std::process::ExitCode;

/// The cases of one area, measured as the arguments say.
#[derive(Debug)]
pub struct Area {
    args: Args,
    section: Section,
    counts: instructions::Counts,
    failed: bool,
}

impl Area {
    /// Begins an area.
    pub fn new(name: &'static str, about: &'static str) -> Self {
        let args = Args::parse();
        Self { section: Section::new(name, about, &args), counts: Default::default(), args, failed: false }
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
        if let Some(iterations) = self.args.instructions {
            return instructions::run(&mut make(), self.args.side.as_deref(), iterations);
        }
        if self.args.count {
            return self.counts.add(name, &make());
        }
        let mut outcome = rounds::measure(name, make(), self.args.rounds);
        if self.args.check {
            for _again in 0..2 {
                if outcome.missed() {
                    outcome = rounds::measure(name, make(), self.args.rounds);
                }
            }
            self.failed |= outcome.missed();
        }
        println!("{outcome}");
        self.section.add(outcome);
    }

    /// Adds a row that was not measured in rounds.
    pub fn outcome(&mut self, outcome: Outcome) {
        self.failed |= self.args.check && outcome.missed();
        println!("{outcome}");
        self.section.add(outcome);
    }

    /// Writes what was measured, if asked to.
    pub fn finish(self) -> ExitCode {
        match (self.args.write, self.args.count) {
            (true, true) => self.counts.write(),
            (true, false) => self.section.write(),
            (false, _) => {}
        }
        if self.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }
}
