//! The rules of identifiers, one function each.

use super::model::Model;
use crate::{codes::id as rules, faults::Faults};

/// Judges the identifier by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    inner_type(model, faults);
    generic_id(model, faults);
}

/// Inside is a `Uuid`, a `String` or an integer: each has one text, and two ids are equal exactly if their texts are.
fn inner_type(model: &Model, faults: &mut Faults) {
    if model.inner.is_none() {
        let text = "an id is made of a `Uuid`, a `String` or an integer";
        let help = "an alias is not seen through: write the type's own name";
        faults.on(&model.ty, rules::INNER_TYPE, text).help(help);
    }
}

/// An identifier is one type.
fn generic_id(model: &Model, faults: &mut Faults) {
    if let Some(first) = model.input.generics.params.first() {
        let text = format!("an id has no parameters, and `{}` has", model.input.ident);
        faults.on(first, rules::GENERIC_ID, text).help("write one id type for each kind of thing");
    }
}
