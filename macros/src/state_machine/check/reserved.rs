//! What the grammar has no room for, yet.

use proc_macro2::Span;

use crate::{
    codes::state_machine::{MANY_TARGETS, RESERVED},
    faults::Faults,
};

/// A transition leads to one state.
pub(in crate::state_machine) fn many_targets(place: Span, faults: &mut Faults) {
    faults
        .at(place, MANY_TARGETS, "a transition has one target")
        .help("write one `#[transition]` for each target, with guards that choose");
}

/// A form that a later version may give a meaning.
pub(in crate::state_machine) fn reserved(place: Span, form: &str, help: &str, faults: &mut Faults) {
    faults.at(place, RESERVED, format!("{form} is reserved")).help(help);
}
