//! Futures of generated methods: the user's own, or the user's call inside an `async` block.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};

use crate::{
    pipeline::Health,
    syntax::{impl_block::Method, returns::Answer},
};

/// `impl Future<Output = output> + Send`, which fails at the method that makes it.
pub(crate) fn returned(method: &Method, output: &TokenStream) -> TokenStream {
    let place = Span::mixed_site().located_at(method.span());
    quote_spanned! { place => impl __p::Future<Output = #output> + __p::Send }
}

/// The block; nothing of it runs before the first poll.
pub(crate) fn block(body: &TokenStream, health: Health) -> TokenStream {
    if health.is_sound() {
        quote! { async move { #body } }
    } else {
        quote! { async move { ::core::unimplemented!() } }
    }
}

/// The future of a method's own answer: that of an `async` method itself, so that nothing lies around it.
pub(crate) fn own(called: &TokenStream, method: &Method, health: Health) -> TokenStream {
    if health.is_sound() && method.sig.asyncness.is_some() { called.clone() } else { block(called, health) }
}

/// A call of a method: awaited, if it is `async`.
pub(crate) fn call(call: &TokenStream, method: &Method) -> TokenStream {
    if method.sig.asyncness.is_some() {
        quote! { #call.await }
    } else {
        call.clone()
    }
}

/// The error of a method as a `BoxError`; one that is no error is underlined in the method's return type.
pub(crate) fn boxed(error: &Ident, method: &Method) -> TokenStream {
    let place = Answer::of(&method.sig.output).err_span().unwrap_or_else(|| method.span());
    quote_spanned! { Span::mixed_site().located_at(place) => <__p::BoxError as ::core::convert::From<_>>::from(#error) }
}
