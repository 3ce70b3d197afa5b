//! State machines: an enum of states, a field that holds one, and methods that are its transitions.
//!
//! There is no machine object. The entity is the machine: it can be loaded in any state, stored in any struct, and needs no
//! start-up. `#[derive(State)]` makes an enum a set of states; `#[state_machine]` makes methods transitions and writes the
//! [`Graph`] of all of them. A machine written by hand implements [`StateMachine`] and uses the same values. The
//! [guide](crate::guide::machines) shows all of it by example.

pub(crate) mod check;
mod draw;
mod error;
mod graph;
mod log;
#[cfg(test)]
pub(crate) mod samples;
mod sound;
pub(crate) mod state;
mod transition;
mod trigger;
mod typed;
mod walk;

pub use draw::Mermaid;
pub use error::{Coded, GuardFailed, IllegalTransition, Refusal, StateMoved, TransitionError};
pub use graph::{Edge, Graph, MachineFacts, StateNode};
pub use log::{TransitionLog, TransitionRecord};
pub use sound::{GraphFault, InvalidGraph};
pub use state::{State, UnknownState};
pub use transition::Transition;
pub use trigger::{BadArguments, TriggerError, UnknownTransition};
pub use typed::Refused;
pub use walk::{Step, Walk, Walks};

use crate::event::EventSpec;

/// A type that is a machine over the states `S`; `#[state_machine]` writes it. One type may be several machines, each over
/// its own enum.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no state machine over `{S}`",
    label = "needs an `impl` with `#[state_machine(states = {S}, field = …)]`"
)]
pub trait StateMachine<S: State> {
    /// Its graph.
    const GRAPH: Graph;
    /// Whether it keeps a log.
    const LOGGED: bool = false;
    /// What its transitions are as events: its own name in the application, and theirs, if it emits them.
    const EVENT: EventSpec = EventSpec::domain("state_machine.transitioned", 1);

    /// The graph, and what its errors are called.
    fn facts() -> &'static MachineFacts;

    /// The state it is in.
    fn state(&self) -> S;

    /// What happened since it was loaded, if it keeps a log.
    fn log(&self) -> Option<&TransitionLog> {
        None
    }
}
