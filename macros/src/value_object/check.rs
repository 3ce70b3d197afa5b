//! The rules of value objects, one function each.

use syn::Visibility;

use super::model::{Model, serde_of};
use crate::{codes::value_object as rules, faults::Faults};

/// Judges the value object by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    public_field(model, faults);
    bare_parameter(model, faults);
    serde_on_newtype(model, faults);
}

/// A field that can be written from outside makes invalid values.
fn public_field(model: &Model, faults: &mut Faults) {
    for field in model.fields() {
        if !matches!(field.vis, Visibility::Inherited) {
            let text = "a field of a value object is private: who can write it can make an invalid value";
            faults.on(&field.vis, rules::PUBLIC_FIELD, text).help("remove the visibility, and add a method that reads");
        }
    }
}

/// A bare parameter could be any type, also this one.
fn bare_parameter(model: &Model, faults: &mut Faults) {
    if let Some(inner) = model.inner().filter(|_| model.is_bare()) {
        let text = "a value object has a type of its own inside, not a bare type parameter";
        faults.on(inner, rules::BARE_PARAMETER, text).help("name the type, or wrap the parameter: `Vec<T>`");
    }
}

/// A newtype is written as what is inside: a word to serde would have no effect.
fn serde_on_newtype(model: &Model, faults: &mut Faults) {
    let Some(field) = model.fields().first().filter(|_| model.inner().is_some()) else { return };
    for attribute in model.serde().into_iter().chain(serde_of(&field.attrs)) {
        let text = "a newtype is written as what is inside, so serde has nothing to be told";
        faults.on(attribute.path(), rules::SERDE_ON_NEWTYPE, text).help("remove the attribute, or name the field");
    }
}
