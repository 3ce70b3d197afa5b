//! Dispatch: a command through the mediator, an event through the bus, beside what a person would write for one program.
//!
//! Every side answers the same and counts what it did. Commands and events are made outside of what is timed where a side
//! could otherwise save the work of another.

mod support;

#[path = "dispatch/bus.rs"]
mod bus;
#[path = "dispatch/by_hand.rs"]
mod by_hand;
#[path = "dispatch/send.rs"]
mod send;
#[path = "dispatch/tower.rs"]
mod through_tower;

use std::process::ExitCode;

use support::Area;

const ABOUT: &str = "CPU time of one thread. Limit of `send`: a slot found by `TypeId` and one boxed future, behaviours \
composed statically inside it; no context, no unit of work, no time-out, no panic caught. Limit of `emit`: a map by \
`TypeId` to boxed functions; no panic caught, nothing can be added while it runs. The duties by hand are the same with what \
ours owes: for `send` a context, the command's own checks, a guard against panics and a time-out; for `emit` a future that \
takes the event, a map that may be replaced, and a guard around each handler. Peer of `send`: a `BoxCloneService` of tower, \
in the second case with five layers, the future of each boxed. All take their message by value.";

fn main() -> ExitCode {
    let mut area = Area::new("dispatch", ABOUT);
    send::cases(&mut area);
    bus::cases(&mut area);
    area.finish()
}
