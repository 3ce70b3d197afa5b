//! How often, and how soon, something is done again.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::Backoff;
use crate::clock::Clock;

/// How often a unit of work is run again where an error of the database may pass, and after which waits.
///
/// The waits grow by a factor from a base to a cap, and each is drawn evenly from zero to its bound, so that those who
/// failed together do not come back together. All retries on a database share a budget: a tenth of a retry for each unit that
/// is begun, and at most ten saved up, so that a database in trouble gets at most a tenth of load more.
///
/// ```
/// # use std::time::Duration;
/// use bailiwick::unit_of_work::Retry;
/// let patient = Retry::default().attempts(5).base(Duration::from_millis(50)).cap(Duration::from_secs(2));
/// # drop(patient);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "give it to `in_tx`"]
pub struct Retry {
    attempts: u32,
    base: Duration,
    factor: u32,
    cap: Duration,
}

impl Retry {
    /// One attempt and no other.
    pub const fn none() -> Self {
        Self { attempts: 1, base: Duration::ZERO, factor: 1, cap: Duration::ZERO }
    }

    /// How many attempts there are, the first among them; 3 by default, and at least 1.
    pub fn attempts(self, attempts: u32) -> Self {
        Self { attempts: attempts.max(1), ..self }
    }

    /// The longest wait before the second attempt; 20 ms by default.
    pub const fn base(self, base: Duration) -> Self {
        Self { base, ..self }
    }

    /// By how much the longest wait grows from attempt to attempt; 2 by default, and at least 1.
    pub fn factor(self, factor: u32) -> Self {
        Self { factor: factor.max(1), ..self }
    }

    /// The longest wait of all; 1 s by default.
    pub const fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// The first attempt begins.
    pub(crate) fn begin(self, budget: &Budget) -> Attempts<'_> {
        budget.earn();
        let backoff = Backoff::new(self.base, self.cap).by(self.factor);
        Attempts { left: self.attempts - 1, number: 1, backoff, budget }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self { attempts: 3, base: Duration::from_millis(20), factor: 2, cap: Duration::from_secs(1) }
    }
}

/// The attempts at one thing.
pub(crate) struct Attempts<'b> {
    left: u32,
    number: u32,
    backoff: Backoff,
    budget: &'b Budget,
}

impl Attempts<'_> {
    /// Which one runs, from 1.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    /// How long to wait for the next one; nothing if there is none.
    pub(crate) fn next(&mut self, clock: &Clock) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        if !self.budget.spend() {
            return None;
        }
        self.number += 1;
        Some(self.backoff.fail(clock))
    }
}

/// The retries that may still be made, in tenths.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    const FULL: u32 = 100;
    const RETRY: u32 = 10;

    fn earn(&self) {
        let _full = self.change(|tenths| (tenths < Self::FULL).then_some(tenths + 1));
    }

    fn spend(&self) -> bool {
        self.change(|tenths| tenths.checked_sub(Self::RETRY))
    }

    fn change(&self, change: impl FnMut(u32) -> Option<u32>) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, change).is_ok()
    }
}

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(Self::FULL))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_end_with_their_number_and_waits_stay_below_their_bounds() {
        let (budget, clock) = (Budget::default(), Clock::system());
        let retry =
            Retry::default().attempts(4).base(Duration::from_millis(10)).factor(3).cap(Duration::from_millis(50));
        let mut attempts = retry.begin(&budget);
        for (number, bound) in [(2, 10), (3, 30), (4, 50)] {
            assert!(attempts.next(&clock).unwrap() <= Duration::from_millis(bound));
            assert_eq!(attempts.number(), number);
        }
        assert_eq!(attempts.next(&clock), None);
        assert_eq!(Retry::none().begin(&budget).next(&clock), None);
    }

    #[test]
    fn a_storm_of_failures_is_repeated_ten_times_and_then_each_tenth_time() {
        let (budget, clock) = (Budget::default(), Clock::system());
        let retries = (0..1_000).filter(|_| Retry::default().begin(&budget).next(&clock).is_some()).count();
        assert!((10..=111).contains(&retries), "{retries}");
    }
}
