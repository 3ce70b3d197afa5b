//! A query has no rules of its own: what can be wrong is an option, and the options say so.

use super::model::Model;
use crate::faults::Faults;

/// Judges nothing.
pub(super) fn check(_model: &Model, _faults: &mut Faults) {}
