//! The items that derives stand on, and what derives refuse in all of them.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Data, DeriveInput, Type, spanned::Spanned as _};

use crate::{
    codes::{LIFETIME_IN_PAYLOAD, Rule, SYNTAX, WRONG_ITEM},
    faults::Faults,
};

/// Reads a struct, an enum or a union.
pub(crate) fn parse(tokens: TokenStream, faults: &mut Faults) -> Option<DeriveInput> {
    syn::parse2(tokens).map_err(|error| faults.syntax(&error, SYNTAX)).ok()
}

/// Reports an item of the wrong kind, at its keyword: the macro `belongs` elsewhere.
pub(crate) fn wrong_item(input: &DeriveInput, belongs: &str, faults: &mut Faults) {
    misplaced(input, WRONG_ITEM, belongs, faults);
}

/// The same as a rule of the macro's own.
pub(crate) fn misplaced(input: &DeriveInput, rule: Rule, belongs: &str, faults: &mut Faults) {
    let (keyword, kind): (Span, _) = match &input.data {
        Data::Struct(data) => (data.struct_token.span, "a struct"),
        Data::Enum(data) => (data.enum_token.span, "an enum"),
        Data::Union(data) => (data.union_token.span, "a union"),
    };
    let text = format!("`{}` is {kind}; `{}` belongs on {belongs}", input.ident, faults.owner().shown);
    faults.at(keyword, rule, text);
}

/// Reports lifetimes of the item, or else borrowed types in its fields. Returns whether the item has lifetimes.
pub(crate) fn refuse_lifetimes(input: &DeriveInput, what: &str, faults: &mut Faults) -> bool {
    let help = "own the data: `String` for `&str`, `Vec<T>` for `&[T]`, `Arc<T>` for what is shared";
    let lifetimes: Vec<_> = input.generics.lifetimes().collect();
    if let Some(first) = lifetimes.first() {
        let text = format!("{what} cannot borrow, and `{}` has the lifetime `{}`", input.ident, first.lifetime);
        faults.on(&first.lifetime, LIFETIME_IN_PAYLOAD, text).help(help);
        return true;
    }
    for ty in types(&input.data) {
        if let Some(borrow) = borrow_in(ty) {
            faults.at(borrow, LIFETIME_IN_PAYLOAD, format!("{what} cannot borrow")).help(help);
        }
    }
    false
}

fn types(data: &Data) -> Vec<&Type> {
    let fields: Vec<_> = match data {
        Data::Struct(data) => data.fields.iter().collect(),
        Data::Enum(data) => data.variants.iter().flat_map(|variant| &variant.fields).collect(),
        Data::Union(_) => Vec::new(),
    };
    fields.into_iter().map(|field| &field.ty).collect()
}

/// The first `&` in a type, if it is not in the signature of a function pointer.
fn borrow_in(ty: &Type) -> Option<Span> {
    if let Type::Reference(reference) = ty {
        return Some(reference.and_token.span());
    }
    first_borrow(ty.to_token_stream())
}

fn first_borrow(tokens: TokenStream) -> Option<Span> {
    let mut signature = false;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) if ident == "fn" => signature = true,
            TokenTree::Punct(punct) if punct.as_char() == '&' && !signature => return Some(punct.span()),
            TokenTree::Group(group) if !signature => {
                if let Some(span) = first_borrow(group.stream()) {
                    return Some(span);
                }
            }
            _ => {}
        }
    }
    None
}
