//! Transitions that hooks call: those that follow are recorded after the outer one, those in between are refused.

use bailiwick::{State, Transition, TransitionError, TransitionLog, state_machine};

use super::random::drive::{Turn, poll};

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    #[state(initial)]
    First,
    Second,
    Third,
    #[state(terminal)]
    Last,
}

/// Where a hook calls a transition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Calls {
    Nowhere,
    OnExit,
    OnEnter,
    Always,
}

/// Each transition of the log begins where the one before it ended, and the last one ended in `state`.
fn is_a_chain(log: &TransitionLog, from: &str, state: Step) -> Vec<&'static str> {
    let last = log.records().iter().fold(from, |before, record| {
        assert_eq!(record.from(), before, "{log:?}");
        record.to()
    });
    assert_eq!(last, state.name());
    log.records().iter().map(|record| record.transition()).collect()
}

struct Sync {
    state: Step,
    log: TransitionLog,
    calls: Calls,
    done: u32,
}

#[state_machine(states = Step, field = state, log = log)]
impl Sync {
    #[transition(First => Second)]
    fn start(&mut self) {}

    #[transition(First => Second)]
    #[transition(Second => _)]
    fn nudge(&mut self) -> u32 {
        self.done += 1;
        self.done
    }

    #[transition(Second => Third)]
    fn go(&mut self) {}

    #[transition(_ => Last)]
    fn end(&mut self) {}

    #[transition(_ => _)]
    fn note(&mut self) {}

    #[on_exit(First)]
    fn leave(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::OnExit, Self::end);
    }

    #[on_enter(Second)]
    fn enter(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::OnEnter, Self::go);
    }

    #[on_transition]
    fn tell(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::Always, Self::go);
    }

    fn follow(&mut self, here: Calls, transition: fn(&mut Self) -> Result<(), TransitionError>) {
        if self.calls == here {
            self.calls = Calls::Nowhere;
            transition(self).unwrap();
        }
    }
}

fn sync(calls: Calls) -> Sync {
    Sync { state: Step::First, log: TransitionLog::new(), calls, done: 0 }
}

#[test]
fn one_that_is_called_on_exit_is_undone_and_the_outer_one_refused() {
    let mut machine = sync(Calls::OnExit);
    machine.note().unwrap();
    machine.calls = Calls::OnExit;
    let refused = machine.start().unwrap_err();
    let TransitionError::Moved(moved) = &refused else { panic!("{refused}") };
    assert_eq!((moved.transition(), moved.from(), moved.found()), ("start", "first", "last"));
    assert_eq!(refused.to_string(), "an `on_exit` hook of `start` changed the state itself");
    assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["note"]);

    machine.calls = Calls::OnExit;
    assert!(matches!(machine.nudge(), Err(TransitionError::Moved(_))));
    assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["note"]);
    assert_eq!(machine.done, 1, "the body ran before the hook");
    machine.nudge().unwrap();
    assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["note", "nudge"]);
}

#[test]
fn one_that_stays_may_be_called_on_exit() {
    let mut machine = sync(Calls::Nowhere);
    machine.start().unwrap();
    machine.nudge().unwrap();
    assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["start", "nudge"]);
    assert_eq!(machine.state, Step::Second);
}

#[test]
fn what_follows_is_recorded_after_the_outer_one() {
    for calls in [Calls::OnEnter, Calls::Always] {
        let mut machine = sync(calls);
        machine.start().unwrap();
        assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["start", "go"], "{calls:?}");
        assert_eq!(machine.state, Step::Third);
    }
}

struct Waits {
    state: Step,
    log: TransitionLog,
    calls: Calls,
}

#[state_machine(states = Step, field = state, log = log)]
impl Waits {
    #[transition(First => Second)]
    async fn start(&mut self) {
        Turn::default().await;
    }

    #[transition(Second => Third)]
    fn go(&mut self) {}

    #[transition(_ => Last)]
    fn end(&mut self) {}

    #[on_exit(First)]
    fn leave(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::OnExit, Self::end);
    }

    #[on_enter(Second)]
    async fn enter(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::OnEnter, Self::go);
        Turn::default().await;
    }

    #[on_transition]
    fn tell(&mut self, _: &Transition<'_, Step>) {
        self.follow(Calls::Always, Self::go);
    }

    fn follow(&mut self, here: Calls, transition: fn(&mut Self) -> Result<(), TransitionError>) {
        if self.calls == here {
            self.calls = Calls::Nowhere;
            transition(self).unwrap();
        }
    }
}

fn waits(calls: Calls) -> Waits {
    Waits { state: Step::First, log: TransitionLog::new(), calls }
}

#[test]
fn one_that_waits_keeps_to_the_same() {
    let mut machine = waits(Calls::OnExit);
    assert!(matches!(poll(machine.start(), 5), Some(Err(TransitionError::Moved(_)))));
    assert!(is_a_chain(&machine.log, "first", machine.state).is_empty());
    assert_eq!(machine.state, Step::First);

    for calls in [Calls::OnEnter, Calls::Always] {
        let mut machine = waits(calls);
        assert_eq!(poll(machine.start(), 5), Some(Ok(())));
        assert_eq!(is_a_chain(&machine.log, "first", machine.state), ["start", "go"], "{calls:?}");
    }
}

#[test]
fn one_that_is_dropped_takes_what_followed_with_it() {
    let mut machine = waits(Calls::OnEnter);
    assert!(poll(machine.start(), 2).is_none());
    assert_eq!(machine.calls, Calls::Nowhere, "the hook ran");
    assert!(is_a_chain(&machine.log, "first", machine.state).is_empty());
    assert_eq!(machine.state, Step::First);
}
