//! Counts of instructions: callgrind runs one side 2 N and N times, and the difference over N is what one piece of work takes.

use super::{Case, Clock, Timer};

/// Runs one side so many times, unmeasured.
pub fn run(case: &mut Case, side: Option<&str>, times: u64) {
    for candidate in case.sides.iter_mut().filter(|candidate| side.is_none_or(|side| side == candidate.name)) {
        let mut timer = Timer::new(Clock::Wall);
        std::hint::black_box((candidate.run)(&mut timer, times));
    }
}
