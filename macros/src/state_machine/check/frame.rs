//! The block as a whole, and the options against each other.

use crate::{
    codes::state_machine::{AUDIT_WITHOUT_VERSION, NO_TRANSITIONS},
    faults::Faults,
    names,
    state_machine::model::Model,
};

pub(super) fn all(model: &Model, faults: &mut Faults) {
    no_transitions(model, faults);
    audit_without_version(model, faults);
}

/// A machine without a transition never moves.
fn no_transitions(model: &Model, faults: &mut Faults) {
    if model.transitions.is_empty() && !model.partial {
        let name = model.ty().map(names::text).unwrap_or_default();
        faults
            .on(&model.block.self_ty, NO_TRANSITIONS, format!("`{name}` has no transition"))
            .help("write `#[transition(Pending => Paid)]` above a method that takes `&mut self`");
    }
}

/// A row says which version of the entity it belongs to.
fn audit_without_version(model: &Model, faults: &mut Faults) {
    let args = &model.args;
    if let Some((span, option)) = args.stored().filter(|_| !args.written.version) {
        faults
            .at(span, AUDIT_WITHOUT_VERSION, format!("`{option}` needs the version of the entity"))
            .help("add `version = version`, the field of the type `Version`, `u64` or `i64`");
    }
}
