//! `#[cfg]` of a member goes to everything that is made from the member.

use syn::Attribute;

/// The `#[cfg(…)]` of a member, to be repeated on what is made from it.
pub(crate) fn of(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("cfg")).collect()
}
