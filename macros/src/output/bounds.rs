//! Bounds that rustc checks at the user's own type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;

use crate::names;

/// A check that `ty: bound`, whose error stands at `ty`. It belongs inside a `const _`.
pub(crate) fn check(ty: &(impl ToTokens + Spanned), bound: &TokenStream) -> TokenStream {
    let check = names::local("check");
    quote_spanned! {ty.span()=>
        const _: fn() = || {
            fn #check<T: ?::core::marker::Sized + #bound>() {}
            #check::<#ty>();
        };
    }
}
