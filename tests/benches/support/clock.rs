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
}

impl Clock {
    /// What it shows.
    pub fn now(self) -> Duration {
        let id = match self {
            Self::Thread => ClockId::ThreadCPUTime,
            Self::Wall => ClockId::Monotonic,
        };
        let time = clock_gettime(id);
        Duration::new(time.tv_sec.unsigned_abs(), u32::try_from(time.tv_nsec).unwrap_or(0))
    }
}

/// Adds up the parts of a batch that count.
#[derive(Debug)]
pub struct Timer {
    clock: Clock,
    spent: Duration,
}

impl Timer {
    pub(super) fn new(clock: Clock) -> Self {
        Self { clock, spent: Duration::ZERO }
    }

    /// Times a part; what lies between the parts is preparation.
    pub fn time<T>(&mut self, work: impl FnOnce() -> T) -> T {
        let begun = self.clock.now();
        let answer = work();
        self.spent += self.clock.now().saturating_sub(begun);
        answer
    }

    pub(super) fn spent(&self) -> Duration {
        self.spent
    }
}
