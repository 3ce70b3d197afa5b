//! Hygiene of `self` and `Self` in what moves out of the user's `impl`.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::Signature;

/// A `self` that belongs to the user's receiver: with any other hygiene the compiler does not find it.
pub(crate) fn self_of(signature: &Signature) -> Ident {
    let span = signature.receiver().map_or_else(Span::mixed_site, |receiver| receiver.self_token.span);
    Ident::new("self", span)
}

/// The location of a user's word with the hygiene of the receiver, for an expression that contains `self`.
pub(crate) fn beside_self(word: Span, signature: &Signature) -> Span {
    signature.receiver().map_or(word, |receiver| word.resolved_at(receiver.self_token.span))
}

/// Replaces `Self` by the type, token by token.
pub(crate) fn without_self(tokens: &impl ToTokens, self_ty: &impl ToTokens) -> TokenStream {
    replace(tokens.to_token_stream(), &self_ty.to_token_stream())
}

fn replace(tokens: TokenStream, self_ty: &TokenStream) -> TokenStream {
    let mut trees = tokens.into_iter().peekable();
    let mut out = TokenStream::new();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Ident(word) if word == "Self" => {
                let path = matches!(trees.peek(), Some(TokenTree::Punct(next)) if next.as_char() == ':');
                out.extend(if path {
                    quote::quote! { <#self_ty> }
                } else {
                    self_ty.clone()
                });
            }
            TokenTree::Group(group) => {
                let mut inner = Group::new(group.delimiter(), replace(group.stream(), self_ty));
                inner.set_span(group.span());
                out.extend([TokenTree::Group(inner)]);
            }
            other => out.extend([other]),
        }
    }
    out
}
