//! `Self` in what moves out of the user's `impl`.
//!
//! A `self` needs no care here: no macro on an `impl` block writes one into the user's own methods.

use proc_macro2::{Group, TokenStream, TokenTree};
use quote::ToTokens;

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
