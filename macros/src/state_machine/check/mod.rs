//! The rules of `#[state_machine]`, one function each.

mod frame;
mod graph;
mod guards;
mod hooks;
mod methods;
mod reserved;
mod taken;
#[cfg(test)]
mod tests;

pub(super) use graph::{Found, dead_end, idle, leaves_terminal, typestate_unnamed, unreachable_state};
pub(super) use hooks::{hook_state, moves, unheard};
pub(super) use reserved::{many_targets, reserved};

use super::model::Model;
use crate::faults::Faults;

/// Runs every rule.
pub(super) fn all(model: &Model, faults: &mut Faults) {
    frame::all(model, faults);
    graph::all(model, faults);
    methods::all(model, faults);
    guards::all(model, faults);
    hooks::all(model, faults);
    taken::all(model, faults);
}
