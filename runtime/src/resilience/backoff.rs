//! How long to wait before the next try.

use std::time::Duration;

use crate::clock::Clock;

/// Waits whose bounds grow from `base` to `cap`, doubling unless it is said otherwise; each is drawn evenly from zero to its
/// bound ("full jitter"), so that those who failed together do not come back together.
#[derive(Debug, Clone)]
pub(crate) struct Backoff {
    base: Duration,
    growth: Growth,
    cap: Duration,
    exact: bool,
    failures: u32,
}

/// How the bound of a wait follows from the one before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Growth {
    /// It is multiplied.
    Factor(u32),
    /// The first is added to it.
    Step,
}

impl Backoff {
    /// No failure yet.
    pub(crate) const fn new(base: Duration, cap: Duration) -> Self {
        Self { base, growth: Growth::Factor(2), cap, exact: false, failures: 0 }
    }

    /// The bounds grow in this way and do not double.
    pub(crate) const fn by(self, growth: Growth) -> Self {
        Self { growth, ..self }
    }

    /// Whether each wait is as long as its bound, and not drawn.
    pub(crate) const fn exact(self, exact: bool) -> Self {
        Self { exact, ..self }
    }

    /// How often it failed since the last [`reset`](Self::reset).
    pub(crate) const fn failures(&self) -> u32 {
        self.failures
    }

    /// It worked.
    pub(crate) const fn reset(&mut self) {
        self.failures = 0;
    }

    /// It failed once more; how long to wait now.
    pub(crate) fn fail(&mut self, clock: &Clock) -> Duration {
        let times = match self.growth {
            Growth::Factor(factor) => factor.saturating_pow(self.failures),
            Growth::Step => self.failures.saturating_add(1),
        };
        let bound = self.base.saturating_mul(times).min(self.cap);
        self.failures = self.failures.saturating_add(1);
        if self.exact { bound } else { bound.mul_f64(draw(clock)) }
    }
}
/// A number from 0 to 1, from the random bits of an identifier: FNV-1a and the finaliser of MurmurHash3.
fn draw(clock: &Clock) -> f64 {
    let seed =
        clock.uuid().as_bytes().iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    let mixed = (seed ^ (seed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    f64::from(u32::try_from(mixed >> 32).unwrap_or(0)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_begin_anew() {
        let clock = Clock::system();
        let mut backoff = Backoff::new(Duration::from_millis(100), Duration::from_secs(30));
        for failures in 0..100_u32 {
            let bound = Duration::from_millis(100 << failures.min(20)).min(Duration::from_secs(30));
            assert!(backoff.fail(&clock) <= bound);
        }
        assert_eq!(backoff.failures(), 100);
        backoff.reset();
        assert!(backoff.fail(&clock) <= Duration::from_millis(100));
    }

    #[test]
    fn draws_are_spread_evenly() {
        let clock = Clock::system();
        let sum: f64 = (0..10_000).map(|_| draw(&clock)).sum();
        assert!((4_800.0..5_200.0).contains(&sum), "{sum}");
    }

    #[test]
    fn waits_may_grow_by_steps_and_be_as_long_as_their_bounds() {
        let clock = Clock::system();
        let waits = |mut backoff: Backoff| [(); 4].map(|()| backoff.fail(&clock).as_millis());
        let exact = Backoff::new(Duration::from_millis(10), Duration::from_millis(35)).exact(true);
        assert_eq!(waits(exact.clone()), [10, 20, 35, 35]);
        assert_eq!(waits(exact.clone().by(Growth::Step)), [10, 20, 30, 35]);
        assert_eq!(waits(exact.by(Growth::Factor(1))), [10, 10, 10, 10]);
    }
}
