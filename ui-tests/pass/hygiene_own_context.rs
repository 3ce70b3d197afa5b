//! A type of one's own may be called `Context`.

use bailiwick::{Aggregate, Event, State, TransitionError, aggregate, state_machine};
use serde::{Deserialize, Serialize};

#[derive(Event, Debug, Clone, Serialize, Deserialize)]
#[event(name = "visit.counted")]
struct Context {
    by: u32,
}

#[derive(Debug, thiserror::Error)]
#[error("no")]
struct No;

#[derive(Default)]
struct Visitors(u32);

#[aggregate(name = "visitors", id = u64, event = Context, error = No)]
impl Visitors {
    #[apply]
    fn counted(&mut self, event: &Context) {
        self.0 += event.by;
    }
}

#[derive(State, Debug, Clone, Copy, PartialEq, Eq)]
#[state(cyclic)]
enum Lock {
    #[state(initial)]
    Locked,
    Unlocked,
}

struct Turnstile {
    lock: Lock,
}

#[state_machine(states = Lock, field = lock)]
impl Turnstile {
    #[transition(Locked => Unlocked)]
    fn coin(&mut self, context: &mut Context) {
        context.by += 1;
    }

    #[transition(Unlocked => Locked)]
    fn push(&mut self) {}
}

fn main() -> Result<(), TransitionError> {
    let (mut visitors, mut turnstile) = (Visitors::default(), Turnstile { lock: Lock::INITIAL });
    let mut context = Context { by: 2 };
    turnstile.coin(&mut context)?;
    visitors.apply(&context);
    assert_eq!(visitors.0, 3);
    turnstile.push()
}
