//! Bodies and hooks that panic, and callers that go on.

use std::panic::{AssertUnwindSafe, catch_unwind};

use bailiwick::{State, Transition, TransitionLog, state_machine};

use super::random::drive::poll;

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Door {
    #[state(initial)]
    Open,
    Shut,
    Locked,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Panics {
    Never,
    InBody,
    OnExit,
    OnEnter,
    Always,
}

struct Gate {
    door: Door,
    log: TransitionLog,
    panics: Panics,
}

#[state_machine(states = Door, field = door, log = log)]
impl Gate {
    #[transition(Open => Shut)]
    fn shut(&mut self) {
        self.bang();
    }

    #[transition(Open => Locked)]
    fn lock(&mut self, code: u8) -> Result<u8, u8> {
        self.door = Door::Shut;
        assert_ne!(self.panics, Panics::InBody, "a panic of the test");
        self.door = Door::Open;
        Ok(code)
    }

    #[transition(Open => Locked)]
    async fn wait(&mut self) {
        self.bang();
    }

    #[transition(Shut | Locked => Open)]
    fn open(&mut self) {}

    /// What the macro cannot see.
    fn bang(&mut self) {
        if self.panics == Panics::InBody {
            self.panics = Panics::Never;
            self.lock(1).unwrap();
            panic!("a panic of the test");
        }
    }

    #[on_exit(Open)]
    fn leave(&mut self, _: &Transition<'_, Door>) {
        if self.panics == Panics::OnExit {
            self.door = Door::Locked;
            panic!("a panic of the test");
        }
    }

    #[on_enter(Shut | Locked)]
    fn enter(&self, _: &Transition<'_, Door>) {
        assert_ne!(self.panics, Panics::OnEnter, "a panic of the test");
    }

    #[on_transition]
    fn trace(&self, _: &Transition<'_, Door>) {
        assert_ne!(self.panics, Panics::Always, "a panic of the test");
    }
}

const CALLS: [fn(&mut Gate); 3] = [
    |gate| gate.shut().unwrap(),
    |gate| assert_eq!(gate.lock(7), Ok(7)),
    |gate| poll(gate.wait(), 1).unwrap().unwrap(),
];

#[test]
fn what_panics_has_not_happened() {
    for panics in [Panics::InBody, Panics::OnExit, Panics::OnEnter, Panics::Always] {
        for (index, call) in CALLS.into_iter().enumerate() {
            let mut gate = Gate { door: Door::Open, log: TransitionLog::new(), panics: Panics::Never };
            gate.shut().unwrap();
            gate.open().unwrap();
            gate.panics = panics;
            assert!(catch_unwind(AssertUnwindSafe(|| call(&mut gate))).is_err(), "{panics:?}, call {index}");
            assert_eq!((gate.door, gate.log.len()), (Door::Open, 2), "{panics:?}, call {index}");
            gate.panics = Panics::Never;
            call(&mut gate);
            assert_eq!(gate.log.len(), 3, "it goes on");
        }
    }
}
