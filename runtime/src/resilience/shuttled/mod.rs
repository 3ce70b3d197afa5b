//! The breaker under the many orders in which threads may take their turns: the same file once more, with a lock of shuttle,
//! which chooses the turns.

#![expect(clippy::duplicate_mod, reason = "the file is read once more, with another lock")]

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use self::breaker::Breaker;
use super::{BreakerOptions, BreakerState, Outcome, circuit};
use crate::{clock::Clock, timestamp::Timestamp};

mod sync {
    pub(super) use shuttle::sync::Mutex;
}

#[path = "../breaker.rs"]
#[expect(dead_code, unnameable_types, unreachable_pub, reason = "the file is read a second time, for a part of it")]
mod breaker;

const TRIES: usize = 1_000;
const OPEN_FOR: Duration = Duration::from_secs(30);

/// One that waits for its first probe.
fn half_open(successes: u32) -> Breaker {
    let clock = Clock::fixed(Timestamp::from_micros(0));
    let options = BreakerOptions::rate(50).window(1, 1).open_for(OPEN_FOR).successes(successes);
    let breaker = Breaker::with_clock("shop", options, clock.clone());
    breaker.enter().unwrap().end(Outcome::Failure);
    assert!(breaker.enter().is_err());
    clock.advance(OPEN_FOR);
    breaker
}

#[test]
fn whatever_the_turns_probes_are_made_one_at_a_time_and_one_that_is_given_up_lets_the_next_through() {
    let race = || {
        let (breaker, probes, made) = (half_open(1_000), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let caller = |number: usize| {
            let (breaker, probes, made) = (breaker.clone(), Arc::clone(&probes), Arc::clone(&made));
            shuttle::thread::spawn(move || {
                for _ in 0..3 {
                    let Ok(permit) = breaker.enter() else { continue };
                    assert_eq!(probes.fetch_add(1, Ordering::SeqCst), 0, "two probes at once");
                    made.fetch_add(1, Ordering::SeqCst);
                    shuttle::thread::yield_now();
                    probes.fetch_sub(1, Ordering::SeqCst);
                    if number == 0 { drop(permit) } else { permit.end(Outcome::Success) }
                }
            })
        };
        let callers: Vec<_> = (0..3).map(caller).collect();
        callers.into_iter().for_each(|caller| caller.join().unwrap());
        assert!(made.load(Ordering::SeqCst) >= 1);
        assert!(breaker.enter().is_ok(), "no probe is made any more");
    };
    shuttle::check_random(race, TRIES);
}

#[test]
fn whatever_the_turns_a_failure_opens_it_and_enough_successes_close_it() {
    let race = || {
        let breaker = half_open(2);
        let callers: Vec<_> = [Outcome::Success, Outcome::Success, Outcome::Failure]
            .map(|outcome| {
                let breaker = breaker.clone();
                shuttle::thread::spawn(move || breaker.enter().map(|permit| permit.end(outcome)).is_ok())
            })
            .into();
        let made: Vec<bool> = callers.into_iter().map(|caller| caller.join().unwrap()).collect();
        match breaker.state() {
            BreakerState::Closed => assert_eq!(made, [true, true, false]),
            BreakerState::Open => assert!(made[2]),
            BreakerState::HalfOpen => assert!(made.iter().filter(|made| **made).count() < 2 && !made[2]),
        }
    };
    shuttle::check_random(race, TRIES);
}
