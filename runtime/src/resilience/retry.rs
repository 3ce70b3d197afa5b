//! How often, and how soon, something is done again.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use super::{Backoff, backoff::Growth};
use crate::{clock::Clock, error::Error, timestamp::Timestamp};

/// How often a unit of work is run again where an error of the database may pass, and after which waits.
///
/// The waits grow by a factor from a base to a cap, and each is drawn evenly from zero to its bound, so that those who
/// failed together do not come back together. All retries on a database share a budget: a tenth of a retry for each unit that
/// is begun, and at most ten saved up, so that a database in trouble gets at most a tenth of load more. No attempt is made
/// whose wait would pass the deadline of the [`Scope`](crate::repository::Scope::deadline).
///
/// ```
/// # use std::time::Duration;
/// use bailiwick::unit_of_work::Retry;
/// let patient = Retry::default().attempts(5).base(Duration::from_millis(50)).cap(Duration::from_secs(2));
/// let steady = Retry::fixed(Duration::from_millis(100)).on_conflict();
/// # drop((patient, steady));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "give it to `in_tx`"]
pub struct Retry {
    attempts: u32,
    base: Duration,
    growth: Growth,
    cap: Duration,
    exact: bool,
    on_conflict: bool,
}

impl Retry {
    /// One attempt and no other.
    pub const fn none() -> Self {
        Self { attempts: 1, ..Self::fixed(Duration::ZERO) }
    }

    /// Waits that are all of this length; they are not drawn.
    pub const fn fixed(wait: Duration) -> Self {
        let (growth, cap) = (Growth::Factor(1), Duration::MAX);
        Self { attempts: 3, base: wait, growth, cap, exact: true, on_conflict: false }
    }

    /// Waits that grow by this length, from this length, without a cap unless one is set; they are not drawn.
    pub const fn linear(step: Duration) -> Self {
        Self { growth: Growth::Step, ..Self::fixed(step) }
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
        Self { growth: Growth::Factor(factor.max(1)), ..self }
    }

    /// The longest wait of all; 1 s by default.
    pub const fn cap(self, cap: Duration) -> Self {
        Self { cap, ..self }
    }

    /// Whether each wait is drawn evenly from zero to its bound; it is by default, and not where the waits are
    /// [`fixed`](Self::fixed) or [`linear`](Self::linear).
    pub const fn jitter(self, jitter: bool) -> Self {
        Self { exact: !jitter, ..self }
    }

    /// Also repeats a unit that lost a race: a row or a stream was at another version, or a row of a read model had changed. The
    /// closure then loads and decides again; let it have no effects outside.
    pub const fn on_conflict(self) -> Self {
        Self { on_conflict: true, ..self }
    }

    /// Whether another attempt may end better than with this error of the database.
    pub(crate) fn repeats(self, error: &Error) -> bool {
        // `unit/dead` and its like are told of what had happened before.
        let error = error.cause().filter(|_| error.code().starts_with("unit/")).unwrap_or(error);
        let passes = error.is_transient() && !LASTING.contains(&error.code());
        passes || (self.on_conflict && RACES.contains(&error.code()))
    }

    /// The first attempt begins. None is begun after the deadline.
    pub(crate) fn begin(self, budget: &Budget, deadline: Option<Timestamp>) -> Attempts<'_> {
        budget.earn();
        let backoff = Backoff::new(self.base, self.cap).by(self.growth).exact(self.exact);
        Attempts { left: self.attempts - 1, number: 1, backoff, budget, deadline }
    }
}

/// Errors by which nothing was written and which do not pass by themselves, or not soon.
const LASTING: &[&str] = &["store/closed", "db/circuit_open", "db/interrupted", "db/statement_timeout"];

/// Another writer was faster.
const RACES: &[&str] =
    &["repository/version_conflict", "repository/state_conflict", "store/conflict", "store/seen_changed"];

impl Default for Retry {
    fn default() -> Self {
        let (base, cap) = (Duration::from_millis(20), Duration::from_secs(1));
        Self { growth: Growth::Factor(2), cap, exact: false, ..Self::fixed(base) }
    }
}

/// The attempts at one thing.
pub(crate) struct Attempts<'b> {
    left: u32,
    number: u32,
    backoff: Backoff,
    budget: &'b Budget,
    deadline: Option<Timestamp>,
}

impl Attempts<'_> {
    /// Which one runs, from 1.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    /// How long to wait for the next one; nothing if there is none.
    pub(crate) fn next(&mut self, clock: &Clock) -> Option<Duration> {
        self.left = self.left.checked_sub(1)?;
        let wait = self.backoff.fail(clock);
        let late = self.deadline.is_some_and(|deadline| clock.now().plus(wait) >= deadline);
        if late || !self.budget.spend() {
            return None;
        }
        self.number += 1;
        Some(wait)
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
    use crate::error::ErrorKind;

    fn waits(retry: Retry, clock: &Clock) -> Vec<u128> {
        let budget = Budget::default();
        let mut attempts = retry.begin(&budget, None);
        std::iter::from_fn(|| attempts.next(clock)).map(|wait| wait.as_millis()).collect()
    }

    #[test]
    fn attempts_end_with_their_number_and_waits_stay_below_their_bounds() {
        let (budget, clock) = (Budget::default(), Clock::system());
        let retry =
            Retry::default().attempts(4).base(Duration::from_millis(10)).factor(3).cap(Duration::from_millis(50));
        let mut attempts = retry.begin(&budget, None);
        for (number, bound) in [(2, 10), (3, 30), (4, 50)] {
            assert!(attempts.next(&clock).unwrap() <= Duration::from_millis(bound));
            assert_eq!(attempts.number(), number);
        }
        assert_eq!(attempts.next(&clock), None);
        assert_eq!(Retry::none().begin(&budget, None).next(&clock), None);
    }

    #[test]
    fn waits_are_fixed_or_grow_by_steps_where_it_is_asked() {
        let (clock, step) = (Clock::system(), Duration::from_millis(30));
        assert_eq!(waits(Retry::fixed(step), &clock), [30, 30]);
        assert_eq!(waits(Retry::linear(step).attempts(5), &clock), [30, 60, 90, 120]);
        assert_eq!(waits(Retry::linear(step).attempts(5).cap(step * 2), &clock), [30, 60, 60, 60]);
        let drawn = waits(Retry::linear(step).attempts(5).jitter(true), &clock);
        assert!(drawn.iter().zip(1..).all(|(wait, number)| *wait <= 30 * number), "{drawn:?}");
    }

    #[test]
    fn no_attempt_is_made_that_would_begin_after_the_deadline_and_none_is_paid_for() {
        let (budget, clock) = (Budget::default(), Clock::fixed(Timestamp::default()));
        let deadline = clock.now().plus(Duration::from_millis(100));
        let mut attempts = Retry::fixed(Duration::from_millis(60)).attempts(9).begin(&budget, Some(deadline));
        assert_eq!(attempts.next(&clock), Some(Duration::from_millis(60)));
        clock.advance(Duration::from_millis(60));
        assert_eq!(attempts.next(&clock), None);
        assert_eq!(budget.0.load(Ordering::Relaxed), Budget::FULL - Budget::RETRY);
    }

    #[test]
    fn a_storm_of_failures_is_repeated_ten_times_and_then_each_tenth_time() {
        let (budget, clock) = (Budget::default(), Clock::system());
        let retries = (0..1_000).filter(|_| Retry::default().begin(&budget, None).next(&clock).is_some()).count();
        assert!((10..=111).contains(&retries), "{retries}");
    }

    #[test]
    fn what_lasts_is_not_repeated_and_a_lost_race_where_it_is_asked() {
        let error = |kind, code| Error::new(kind, code, "no");
        let retry = Retry::default();
        assert!(retry.repeats(&error(ErrorKind::Transient, "db/busy")));
        for code in LASTING {
            assert!(!retry.on_conflict().repeats(&error(ErrorKind::Transient, code)), "{code}");
        }
        for code in RACES {
            let race = error(ErrorKind::Conflict, code);
            assert!(!retry.repeats(&race) && retry.on_conflict().repeats(&race), "{code}");
        }
        assert!(!retry.on_conflict().repeats(&error(ErrorKind::Conflict, "repository/duplicate")));
    }
}
