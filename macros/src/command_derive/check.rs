//! The rules of commands, one function each.

use super::model::Model;
use crate::{codes::command_derive as rules, faults::Faults};

/// Judges the command by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    two_targets(model, faults);
    redact_name(model, faults);
}

/// A command is for one aggregate.
fn two_targets(model: &Model, faults: &mut Faults) {
    let mut targets = model.fields.iter().filter_map(|field| field.target);
    let Some(first) = targets.next() else { return };
    for other in targets {
        faults
            .at(other, rules::TWO_TARGETS, "a command has one target")
            .and(first, "the first is here")
            .help("keep `#[target]` on the id of the aggregate that decides");
    }
}

/// What is hidden is found by the name that serde writes.
fn redact_name(model: &Model, faults: &mut Faults) {
    let naming = model.naming();
    for field in model.fields.iter().filter(|field| field.stored_name(naming).is_none()) {
        if let Some(redact) = &field.redact {
            let text = "the name of this field in an audit row is not known, so it cannot be hidden";
            let help =
                "give the field its own `#[serde(rename = \"…\")]`, and leave out `flatten`, `into` and `transparent`";
            faults.at(redact.span(), rules::REDACT_NAME, text).help(help);
        }
    }
}
