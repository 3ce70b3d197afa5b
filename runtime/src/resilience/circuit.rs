//! The states of a circuit breaker, as a value: it is told what happens and when.

use std::{collections::VecDeque, fmt, time::Duration};

use crate::timestamp::Timestamp;

/// When a [`Breaker`](super::Breaker) opens, for how long, and when it closes again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "give it to `Breaker::new`"]
pub struct BreakerOptions {
    trip: Trip,
    open_for: Duration,
    successes: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trip {
    Rate { percent: u32, window: u32, least: u32 },
    Failures { most: u32, within: Duration },
}

impl BreakerOptions {
    /// Opens when so many percent, 1 to 100, of the last calls have failed: of the last 50, and not before there were 10.
    pub fn rate(percent: u32) -> Self {
        Self::of(Trip::Rate { percent: percent.clamp(1, 100), window: 50, least: 10 })
    }

    /// Opens with so many failures within this time, at least 1, however many calls succeed between them.
    pub fn failures(most: u32, within: Duration) -> Self {
        Self::of(Trip::Failures { most: most.max(1), within })
    }

    fn of(trip: Trip) -> Self {
        Self { trip, open_for: Duration::from_secs(30), successes: 2 }
    }

    /// Of how many of the last calls the [`rate`](Self::rate) is, 1 to 64, and how many there must be before it says anything. With
    /// [`failures`](Self::failures) it changes nothing.
    pub fn window(mut self, calls: u32, at_least: u32) -> Self {
        if let Trip::Rate { window, least, .. } = &mut self.trip {
            *window = calls.clamp(1, 64);
            *least = at_least.clamp(1, *window);
        }
        self
    }

    /// How long no call is made once it has opened; 30 s by default.
    pub fn open_for(mut self, time: Duration) -> Self {
        self.open_for = time;
        self
    }

    /// How many probes must succeed, one after another, before it closes; 2 by default, at least 1.
    pub fn successes(mut self, successes: u32) -> Self {
        self.successes = successes.max(1);
        self
    }
}

impl Default for BreakerOptions {
    /// [`rate(50)`](Self::rate).
    fn default() -> Self {
        Self::rate(50)
    }
}

/// What a breaker does with the next call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakerState {
    /// It is made.
    Closed,
    /// It is not made.
    Open,
    /// It is made if no other one is under way, as a probe.
    HalfOpen,
}

impl fmt::Display for BreakerState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "closed",
            Self::Open => "open",
            Self::HalfOpen => "half-open",
        })
    }
}

/// What the end of a call says of what was called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It works.
    Success,
    /// It does not.
    Failure,
    /// Nothing.
    Neutral,
}

/// A call that may be made, in one period of one state.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    period: u64,
}

/// What became of the state.
pub(super) type Change = Option<(BreakerState, BreakerState)>;

#[derive(Debug)]
pub(super) struct Circuit {
    options: BreakerOptions,
    phase: Phase,
    /// Counts the changes of the state: what was begun before one says nothing after it.
    period: u64,
}

#[derive(Debug)]
enum Phase {
    Closed(Window),
    Open { since: Timestamp, until: Timestamp },
    HalfOpen { since: Timestamp, probing: bool, passed: u32 },
}

impl Circuit {
    pub(super) fn new(options: BreakerOptions) -> Self {
        Self { options, phase: Phase::Closed(Window::default()), period: 0 }
    }

    #[allow(dead_code, reason = "for another breaker")]
    pub(super) const fn options(&self) -> BreakerOptions {
        self.options
    }

    /// What the next call meets.
    pub(super) fn state(&self, now: Timestamp) -> BreakerState {
        match self.phase {
            Phase::Closed(_) => BreakerState::Closed,
            Phase::Open { since, until } if !rests(now, since, until) => BreakerState::HalfOpen,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    /// A call wants to be made; otherwise, until when none is. That has passed while a probe is under way.
    pub(super) fn enter(&mut self, now: Timestamp) -> (Result<Ticket, Timestamp>, Change) {
        let mut change = None;
        if let Phase::Open { since, until } = self.phase
            && !rests(now, since, until)
        {
            change = self.turn(BreakerState::Open, Phase::HalfOpen { since: until, probing: false, passed: 0 });
        }
        let entered = match &mut self.phase {
            Phase::Closed(_) => Ok(()),
            Phase::Open { until, .. } => Err(*until),
            Phase::HalfOpen { since, probing: true, .. } => Err(*since),
            Phase::HalfOpen { probing, .. } => {
                *probing = true;
                Ok(())
            }
        };
        (entered.map(|()| Ticket { period: self.period }), change)
    }

    /// A call has ended, or nobody waits for its end any more.
    pub(super) fn end(&mut self, ticket: Ticket, outcome: Outcome, now: Timestamp) -> Change {
        if ticket.period != self.period {
            return None;
        }
        let BreakerOptions { trip, successes, .. } = self.options;
        match &mut self.phase {
            Phase::Closed(window) => {
                let trips = window.trips(trip, outcome, now);
                if trips { self.open(BreakerState::Closed, now) } else { None }
            }
            Phase::Open { .. } => None,
            Phase::HalfOpen { probing, passed, .. } => {
                *probing = false;
                *passed += u32::from(outcome == Outcome::Success);
                match outcome {
                    Outcome::Failure => self.open(BreakerState::HalfOpen, now),
                    Outcome::Success if *passed >= successes => {
                        self.turn(BreakerState::HalfOpen, Phase::Closed(Window::default()))
                    }
                    Outcome::Success | Outcome::Neutral => None,
                }
            }
        }
    }

    fn open(&mut self, from: BreakerState, now: Timestamp) -> Change {
        self.turn(from, Phase::Open { since: now, until: now.plus(self.options.open_for) })
    }

    fn turn(&mut self, from: BreakerState, phase: Phase) -> Change {
        let to = match phase {
            Phase::Closed(_) => BreakerState::Closed,
            Phase::Open { .. } => BreakerState::Open,
            Phase::HalfOpen { .. } => BreakerState::HalfOpen,
        };
        self.phase = phase;
        self.period += 1;
        Some((from, to))
    }
}

/// Whether it is not yet time; a clock that was set back keeps nobody waiting.
fn rests(now: Timestamp, since: Timestamp, until: Timestamp) -> bool {
    (since..until).contains(&now)
}

/// What is remembered of the last calls.
#[derive(Debug, Default)]
struct Window {
    /// A bit for each of the last 64 calls, the newest first; one that failed is set.
    failed: u64,
    calls: u32,
    /// When the last ones failed.
    failures: VecDeque<Timestamp>,
}

impl Window {
    /// Notes the end of a call, and says whether it was one failure too many.
    fn trips(&mut self, trip: Trip, outcome: Outcome, now: Timestamp) -> bool {
        let failed = outcome == Outcome::Failure;
        match trip {
            _ if outcome == Outcome::Neutral => false,
            Trip::Rate { percent, window, least } => {
                self.failed = (self.failed << 1) | u64::from(failed);
                self.calls = window.min(self.calls + 1);
                let failures = (self.failed & (u64::MAX >> (64 - window))).count_ones();
                failed && self.calls >= least && failures * 100 >= percent * self.calls
            }
            Trip::Failures { .. } if !failed => false,
            Trip::Failures { most, within } => {
                self.failures.push_back(now);
                self.failures.retain(|at| now.since(*at) < within);
                self.failures.len() >= most as usize
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(0);
    const OPEN_FOR: Duration = Duration::from_secs(30);

    fn call(circuit: &mut Circuit, outcome: Outcome, now: Timestamp) -> bool {
        let (entered, _) = circuit.enter(now);
        entered.is_ok_and(|ticket| {
            circuit.end(ticket, outcome, now);
            true
        })
    }

    fn opened() -> Circuit {
        let mut circuit = Circuit::new(BreakerOptions::default());
        assert!((0..10).all(|_| call(&mut circuit, Outcome::Failure, NOW)));
        assert_eq!(circuit.state(NOW), BreakerState::Open);
        circuit
    }

    #[test]
    fn half_of_the_last_fifty_calls_open_it_and_not_before_there_were_ten() {
        let mut circuit = Circuit::new(BreakerOptions::default());
        assert!((0..9).all(|_| call(&mut circuit, Outcome::Failure, NOW)));
        assert_eq!(circuit.state(NOW), BreakerState::Closed);
        let mut circuit = Circuit::new(BreakerOptions::default());
        assert!((0..500).all(|_| call(&mut circuit, Outcome::Success, NOW)));
        assert!((0..24).all(|_| call(&mut circuit, Outcome::Failure, NOW)));
        assert_eq!(circuit.state(NOW), BreakerState::Closed);
        assert!(call(&mut circuit, Outcome::Failure, NOW));
        assert_eq!(circuit.state(NOW), BreakerState::Open, "25 of 50");
    }

    #[test]
    fn what_says_nothing_counts_neither_way() {
        let mut circuit = Circuit::new(BreakerOptions::default());
        assert!((0..9).all(|_| call(&mut circuit, Outcome::Failure, NOW)));
        assert!((0..100).all(|_| call(&mut circuit, Outcome::Neutral, NOW)));
        assert_eq!(circuit.state(NOW), BreakerState::Closed);
        assert!(call(&mut circuit, Outcome::Failure, NOW));
        assert_eq!(circuit.state(NOW), BreakerState::Open);
    }

    #[test]
    fn failures_are_forgotten_after_their_time_where_they_are_counted() {
        let minute = Duration::from_secs(60);
        let mut circuit = Circuit::new(BreakerOptions::failures(3, minute));
        for second in [0, 1, 60, 62] {
            let now = NOW.plus(Duration::from_secs(second));
            assert!(call(&mut circuit, Outcome::Failure, now) && call(&mut circuit, Outcome::Success, now));
            assert_eq!(circuit.state(now), BreakerState::Closed, "{second}");
        }
        let now = NOW.plus(Duration::from_secs(63));
        assert!(call(&mut circuit, Outcome::Failure, now));
        assert_eq!(circuit.state(now), BreakerState::Open);
    }

    #[test]
    fn after_its_time_one_probe_is_sent_and_another_when_that_has_ended() {
        let mut circuit = opened();
        let until = NOW.plus(OPEN_FOR);
        assert_eq!(circuit.enter(NOW).0.unwrap_err(), until);
        let probe = circuit.enter(until).0.unwrap();
        assert!(circuit.enter(until).0.is_err());
        circuit.end(probe, Outcome::Neutral, until);
        assert!(call(&mut circuit, Outcome::Success, until));
        assert_eq!(circuit.state(until), BreakerState::HalfOpen);
        assert!(call(&mut circuit, Outcome::Success, until));
        assert_eq!(circuit.state(until), BreakerState::Closed);
    }

    #[test]
    fn a_probe_that_fails_opens_it_again_also_after_one_that_succeeded() {
        let mut circuit = opened();
        let until = NOW.plus(OPEN_FOR);
        assert!(call(&mut circuit, Outcome::Success, until) && call(&mut circuit, Outcome::Failure, until));
        assert_eq!(circuit.enter(until).0.unwrap_err(), until.plus(OPEN_FOR));
    }

    #[test]
    fn what_was_begun_before_it_opened_says_nothing_of_what_is_there_now() {
        let mut circuit = Circuit::new(BreakerOptions::default());
        let early = circuit.enter(NOW).0.unwrap();
        assert!((0..10).all(|_| call(&mut circuit, Outcome::Failure, NOW)));
        let until = NOW.plus(OPEN_FOR);
        let probe = circuit.enter(until).0.unwrap();
        circuit.end(early, Outcome::Failure, until);
        assert!(circuit.enter(until).0.is_err(), "the probe is still under way");
        circuit.end(probe, Outcome::Success, until);
        assert_eq!(circuit.state(until), BreakerState::HalfOpen);
    }

    #[test]
    fn a_clock_that_is_set_back_does_not_keep_it_open() {
        let mut circuit = opened();
        assert!(circuit.enter(Timestamp::from_micros(-1)).0.is_ok());
    }
}
