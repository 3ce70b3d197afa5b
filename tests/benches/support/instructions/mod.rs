//! Counts of instructions: what one piece of work takes, whatever else the machine does.

mod callgrind;
mod figures;

use std::{hint::black_box, process::ExitCode};

use super::{Args, Case, Clock, Timer, stats::times};
use callgrind::Callgrind;
use figures::{Figures, Origin};

/// So many times the committed figure are still the same: other names make other code in small ways.
const TOLERANCE: f64 = 1.03;

/// Runs one side so many times, unmeasured.
pub fn run(case: &mut Case, side: Option<&str>, times: u64) {
    for candidate in case.sides.iter_mut().filter(|candidate| side.is_none_or(|side| side == candidate.name)) {
        let mut timer = Timer::new(Clock::Stopped, 0);
        black_box((candidate.run)(&mut timer, times));
    }
}

/// The counts of the cases of an area.
#[derive(Debug)]
pub struct Counts {
    area: &'static str,
    callgrind: Callgrind,
    committed: Figures,
    measured: Figures,
    faults: Vec<String>,
}

impl Counts {
    /// Begins to count.
    ///
    /// # Errors
    /// The reason why nothing can be counted here, or, if it is for a check, why a comparison would say nothing.
    pub fn begin(area: &'static str, check: bool) -> Result<Self, String> {
        let (callgrind, committed, here) = (Callgrind::find()?, Figures::read(), Origin::here());
        if check && committed.origin != here {
            return Err(format!("the figures were counted with {}, and here is {here}", committed.origin));
        }
        Ok(Self { area, callgrind, committed, measured: Figures::new(here), faults: Vec::new() })
    }

    /// Counts all sides of a case; for a check those that a must speaks of, and compares them.
    pub fn add(&mut self, name: &str, case: &Case, check: bool) {
        if case.clock != Clock::Thread {
            return println!("{name}: not counted, it waits for others");
        }
        let judged = |side: &str| case.gates.iter().any(|gate| gate.must && gate.side == side);
        for side in case.sides.iter().map(|side| side.name).filter(|side| !check || judged(side)) {
            match self.callgrind.count(name, side) {
                Ok(count) => self.counted(name, side, count, check),
                Err(why) => self.faults.push(format!("{name}, `{side}`: {why}")),
            }
        }
    }

    fn counted(&mut self, name: &str, side: &'static str, count: u64, check: bool) {
        let committed = self.committed.get(self.area, name, side);
        let against =
            committed.map_or_else(String::new, |figure| format!(", committed {figure}, {}", times(count, figure)));
        println!("{name}, `{side}`: {count} instructions{against}");
        self.measured.put(self.area, name, side, count);
        match committed {
            _ if !check => {}
            None => self.faults.push(format!("{name}, `{side}`: {count} instructions, and no figure is committed")),
            Some(figure) if count as f64 > figure as f64 * TOLERANCE => self.faults.push(format!(
                "{name}, `{side}`: {count} instructions, committed are {figure}: {}, more than × {TOLERANCE}",
                times(count, figure)
            )),
            Some(_) => {}
        }
    }

    /// Says what is wrong, or writes the figures beside the results, in place of those of the area.
    pub fn finish(mut self, args: &Args) -> ExitCode {
        if args.check && args.case.is_none() {
            let gone = self.committed.cases(self.area).filter(|case| !self.measured.has(self.area, case));
            self.faults.extend(gone.map(|case| format!("{case}: it has figures and is no longer there")));
        }
        self.faults.iter().for_each(|fault| eprintln!("MISSED {fault}"));
        if args.check {
            println!("checked: {} missed", self.faults.len());
        }
        let (area, name) = (self.area, figures::NAME);
        match (self.faults.is_empty(), args.check, args.write) {
            (true, _, false) => {}
            (true, _, true) => self.committed.replaced(area, self.measured).write(),
            (false, true, _) => eprintln!(
                "If that is meant: `cargo bench -p tests --bench {area} -- --count --write`, and commit {name} with the reason."
            ),
            (false, false, _) => eprintln!("{name} is as it was."),
        }
        if self.faults.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
    }
}
