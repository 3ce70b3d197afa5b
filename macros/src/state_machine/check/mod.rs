//! The rules of `#[state_machine]`.

use super::model::Model;
use crate::faults::Faults;

/// Runs every rule.
pub(super) fn all(_model: &Model, _faults: &mut Faults) {}
