//! A circuit breaker under whatever happens to it.

use std::time::Duration;

use bailiwick::{
    Clock, Timestamp,
    resilience::{Breaker, BreakerOptions, BreakerState, Outcome, Permit},
};
use proptest::prelude::*;

const OPEN_FOR: Duration = Duration::from_secs(30);

#[derive(Debug, Clone)]
enum Step {
    Enter,
    /// One of those under way ends, or is given up.
    End(usize, Option<Outcome>),
    Wait(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let outcome = prop_oneof![
        Just(None),
        Just(Some(Outcome::Success)),
        Just(Some(Outcome::Failure)),
        Just(Some(Outcome::Neutral)),
    ];
    prop_oneof![
        4 => Just(Step::Enter),
        4 => (0..8_usize, outcome).prop_map(|(which, outcome)| Step::End(which, outcome)),
        1 => (0..40_u64).prop_map(Step::Wait),
    ]
}

fn end(permit: Permit, outcome: Option<Outcome>) {
    match outcome {
        Some(outcome) => permit.end(outcome),
        None => drop(permit),
    }
}

proptest! {
    #[test]
    fn while_it_probes_one_call_is_under_way_and_whatever_happened_the_next_one_is_made_in_the_end(
        steps in prop::collection::vec(step(), 0..200),
    ) {
        let clock = Clock::fixed(Timestamp::from_micros(0));
        let options = BreakerOptions::rate(50).window(8, 2).open_for(OPEN_FOR);
        let breaker = Breaker::with_clock("shop", options, clock.clone());
        let (mut under_way, mut probe) = (Vec::new(), None);
        for step in steps {
            match step {
                Step::Enter => {
                    let state = breaker.state();
                    match breaker.enter() {
                        Ok(permit) if state == BreakerState::HalfOpen => {
                            prop_assert!(probe.is_none(), "two probes");
                            probe = Some(permit);
                        }
                        Ok(permit) => {
                            prop_assert_eq!(state, BreakerState::Closed);
                            under_way.push(permit);
                        }
                        Err(open) if state == BreakerState::Open => prop_assert!(open.until > clock.now()),
                        Err(_) => prop_assert!(probe.is_some(), "refused, and no probe is under way"),
                    }
                }
                Step::End(0, outcome) => probe.take().into_iter().for_each(|probe| end(probe, outcome)),
                Step::End(which, outcome) if which <= under_way.len() => end(under_way.remove(which - 1), outcome),
                Step::End(..) => {}
                Step::Wait(seconds) => clock.advance(Duration::from_secs(seconds)),
            }
        }
        drop((under_way, probe));
        clock.advance(OPEN_FOR);
        prop_assert!(breaker.enter().is_ok());
    }
}

#[tokio::test]
async fn a_call_that_is_given_up_counts_neither_way() {
    let clock = Clock::fixed(Timestamp::from_micros(0));
    let options = BreakerOptions::failures(1, OPEN_FOR).open_for(OPEN_FOR).successes(1);
    let breaker = Breaker::with_clock("card", options, clock.clone());
    let judge = |answer: &bool| if *answer { Outcome::Success } else { Outcome::Failure };
    let hangs = async |breaker: &Breaker| {
        let call = breaker.call(judge, std::future::pending());
        tokio::time::timeout(Duration::from_millis(1), call).await.unwrap_err()
    };
    hangs(&breaker).await;
    assert_eq!(breaker.state(), BreakerState::Closed);
    assert_eq!(breaker.call(judge, async { false }).await, Ok(false));
    let refused = breaker.call(judge, async { true }).await.unwrap_err();
    assert_eq!(refused.until, clock.now().plus(OPEN_FOR));
    clock.advance(OPEN_FOR);
    hangs(&breaker).await;
    assert_eq!(breaker.state(), BreakerState::HalfOpen);
    assert_eq!(breaker.call(judge, async { true }).await, Ok(true));
    assert_eq!(breaker.state(), BreakerState::Closed);
}
