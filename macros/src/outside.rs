//! Roles outside their macro: they are real attributes, so that a stray one is explained and editors know them.

use proc_macro2::{Span, TokenStream};
use quote::quote;

use crate::{
    codes::{ROLE_OUTSIDE, ROLES},
    faults::Faults,
};

/// Keeps the item, and says where the role belongs.
#[allow(clippy::disallowed_methods, reason = "the attribute itself is what is wrong")]
pub(crate) fn outside(role: &str, homes: &[&str], item: TokenStream) -> TokenStream {
    let mut faults = Faults::new(&ROLES);
    let homes = homes.iter().map(|home| format!("`#[{home}]`")).collect::<Vec<_>>().join(" or ");
    faults
        .at(Span::call_site(), ROLE_OUTSIDE, format!("`#[{role}]` has no meaning here"))
        .help(format!("it belongs on a method of an inherent `impl` with {homes} above it"));
    let errors = faults.into_tokens();
    quote!(#item #errors)
}
