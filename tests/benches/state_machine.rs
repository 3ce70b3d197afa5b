//! State machines: a job of four states, as `#[state_machine]` writes it, beside a `match` by hand and other crates' machines.
//!
//! Every side takes the same events, does the same with each, counts what it refused, and ends in the same state.

mod support;

#[path = "state_machine/asynchronous.rs"]
mod asynchronous;
#[path = "state_machine/by_hand.rs"]
mod by_hand;
#[path = "state_machine/events.rs"]
mod events;
#[path = "state_machine/ours.rs"]
mod ours;
#[path = "state_machine/peers.rs"]
mod peers;

use std::process::ExitCode;

use events::{Event, Machine, run};
use support::{Area, Case, Gate, Side};

const ABOUT: &str = "CPU time of one thread, per event. A job: `start` if there is fuel, `pause`, `resume`, `finish`, \
`reset`; each does another thing to a few numbers. By hand it is one `match` over state and event; beside it, a method for each event, as ours has. rust-fsm knows no guards and has \
none; its outputs say which action its caller shall do. statig answers nothing: its handlers count what they refuse. Versions: \
statig 0.4.1, rust-fsm 0.8.0, smlang 0.8.0.";

const TABLE: &str = "compiled into the loop of the bench, a machine of another crate is as fast as the one by hand, or, \
without a guard, faster; ours is faster than by hand too, and cannot be a fifth faster than that.";
const EVENT: &str = "events are methods, so the caller tells them apart before the method looks at the state: a jump that \
random events make unpredictable. One function over state and event jumps by the state first, which is known beforehand, \
and the processor learns the few thousand comparisons that follow. The same methods by hand cost what ours do.";

fn main() -> ExitCode {
    let mut area = Area::new("state_machine", ABOUT);
    area.case("predictable cycle of 8 events", || {
        everyone(events::cycle())
            .gate(Gate::must("ours", 1.15, "hand"))
            .gate(Gate::must("ours", 1.0, "statig"))
            .gate(Gate::moonshot("ours", 0.8, "rust-fsm").because(TABLE))
            .gate(Gate::moonshot("ours", 0.8, "smlang").because(TABLE))
            .gate(Gate::moonshot("ours", 1.05, "hand"))
    });
    area.case("4,096 random events", || {
        everyone(events::random(4_096))
            .gate(Gate::must("ours", 1.15, "hand, a method each"))
            .gate(Gate::moonshot("ours", 3.3, "hand").because(EVENT))
            .gate(Gate::moonshot("ours", 0.85, "rust-fsm").because(EVENT))
            .gate(Gate::moonshot("ours", 0.85, "smlang").because(EVENT))
    });
    area.case("cycle with a log of reserved capacity", || {
        let events = events::cycle();
        case::<by_hand::Job>("hand", &events)
            .side(side::<by_hand::Logged>("hand with a log", &events))
            .side(side::<ours::Logged>("ours", &events))
            .gate(Gate::must("ours", 4.0, "hand"))
            .gate(Gate::moonshot("ours", 3.0, "hand"))
    });
    area.case("async on ready futures", asynchronous::case);
    area.finish()
}

fn everyone(events: Vec<Event>) -> Case {
    case::<by_hand::Job>("hand", &events)
        .side(side::<by_hand::Methods>("hand, a method each", &events))
        .side(side::<peers::Statig>("statig", &events))
        .side(side::<peers::RustFsm>("rust-fsm", &events))
        .side(side::<peers::Smlang>("smlang", &events))
        .side(side::<ours::Job>("ours", &events))
}

fn case<M: Machine>(name: &'static str, events: &[Event]) -> Case {
    Case::cpu(side::<M>(name, events)).parts(events.len() as u64)
}

fn side<M: Machine>(name: &'static str, events: &[Event]) -> Side {
    let events = events.to_vec();
    let mut machine = M::new();
    Side::new(name, move |timer, times| timer.time(|| (0..times).map(|_| run(&mut machine, &events)).sum()))
}
