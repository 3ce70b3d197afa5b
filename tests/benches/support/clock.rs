//! What time is measured by.

use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

/// A clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Clock {
    /// CPU time of the calling thread: for work that never waits.
    Thread,
    /// Wall time: for work that waits for a database.
    Wall,
    /// None at all: under callgrind, which counts by itself.
    Stopped,
}

impl Clock {
    /// What it shows.
    pub fn now(self) -> Duration {
        let id = match self {
            Self::Thread => ClockId::ThreadCPUTime,
            Self::Wall => ClockId::Monotonic,
            Self::Stopped => return Duration::ZERO,
        };
        let time = clock_gettime(id);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

/// Times the parts of a batch that count.
#[derive(Debug)]
pub struct Timer {
    clock: Clock,
    percentile: usize,
    laps: Vec<Duration>,
}

impl Timer {
    pub(super) fn new(clock: Clock, percentile: usize) -> Self {
        Self { clock, percentile, laps: Vec::new() }
    }

    /// Times a part; what lies between the parts is preparation.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = self.clock.now();
        let answer = work();
        self.laps.push(self.clock.now().saturating_sub(begun));
        answer
    }

    /// Does a piece of work so many times, each timed by itself, and adds up the answers.
    pub fn each(&mut self, times: u64, mut work: impl FnMut() -> u64) -> u64 {
        (0..times).map(|_| self.time(&mut work)).sum()
    }

    /// One piece of work. CPU time is the mean; wall time a percentile, mostly the tenth, because the rest of it is the queue
    /// for the processor: on a machine with other work a median was up to nine times as long.
    pub(super) fn per_piece(&mut self, times: u64) -> f64 {
        self.laps.sort_unstable();
        match self.clock {
            Clock::Thread => self.laps.iter().sum::<Duration>().as_nanos() as f64 / times as f64,
            Clock::Wall | Clock::Stopped => self.laps[(self.laps.len() - 1) * self.percentile / 100].as_nanos() as f64,
        }
    }
}
