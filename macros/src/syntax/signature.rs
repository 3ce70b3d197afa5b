//! Facts about a method's signature.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{
    FnArg, GenericArgument, Ident, Pat, PathArguments, PathSegment, ReceiverKind, Signature, Type, parse_quote_spanned,
};

/// How a method takes its `self`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Receiver {
    /// Not at all.
    None,
    /// `&self`.
    Shared,
    /// `&mut self`.
    Mutable,
    /// `self`, or with a type.
    Other,
}

/// One argument after the receiver.
#[derive(Clone, Copy)]
pub(crate) struct Argument<'a> {
    /// Its name; `None` when it is a pattern.
    pub(crate) name: Option<&'a Ident>,
    /// Its type, without the groups that `macro_rules!` leaves.
    pub(crate) ty: &'a Type,
    /// All of it.
    pub(crate) whole: &'a FnArg,
}

/// How a method takes its `self`.
pub(crate) fn receiver(signature: &Signature) -> Receiver {
    let Some(receiver) = signature.receiver() else { return Receiver::None };
    match &receiver.kind {
        ReceiverKind::Reference(_, _, None) => Receiver::Shared,
        ReceiverKind::Reference(_, _, Some(_)) => Receiver::Mutable,
        _ => Receiver::Other,
    }
}

/// The arguments after the receiver, in order.
pub(crate) fn arguments(signature: &Signature) -> Vec<Argument<'_>> {
    let typed = signature.inputs.iter().filter_map(|whole| match whole {
        FnArg::Receiver(_) => None,
        FnArg::Typed(typed) => {
            let name = match &*typed.pat {
                Pat::Ident(pattern) if pattern.subpat.is_none() && pattern.by_ref.is_none() => Some(&pattern.ident),
                _ => None,
            };
            Some(Argument { name, ty: ungrouped(&typed.ty), whole })
        }
    });
    typed.collect()
}

/// The type inside invisible groups and parentheses.
pub(crate) fn ungrouped(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => ungrouped(&group.elem),
        Type::Paren(paren) => ungrouped(&paren.elem),
        other => other,
    }
}

/// What a reference points to, and whether it is `&mut`.
pub(crate) fn reference(ty: &Type) -> Option<(&Type, bool)> {
    match ungrouped(ty) {
        Type::Reference(reference) => Some((ungrouped(&reference.elem), reference.mutability.is_some())),
        _ => None,
    }
}

/// What a reference to a named type refers to; any other type is itself.
pub(crate) fn owned(ty: &Type) -> &Type {
    let named = |inner: &Type| last_segment(inner).is_some_and(|last| last.ident != "str");
    reference(ty).map(|(inner, _)| inner).filter(|inner| named(inner)).unwrap_or(ty)
}

/// The last segment of a type that is a path.
pub(crate) fn last_segment(ty: &Type) -> Option<&PathSegment> {
    match ungrouped(ty) {
        Type::Path(path) => path.path.segments.last(),
        _ => None,
    }
}

/// The type arguments of a segment.
pub(crate) fn type_arguments(segment: &PathSegment) -> Vec<&Type> {
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Vec::new() };
    let types = arguments.args.iter().filter_map(|argument| match argument {
        GenericArgument::Type(ty) => Some(ungrouped(ty)),
        _ => None,
    });
    types.collect()
}

/// Whether a type's last segment is `name`.
pub(crate) fn is_named(ty: &Type, name: &str) -> bool {
    last_segment(ty).is_some_and(|segment| segment.ident == name)
}

/// The `E` of `Recorded<E>`.
pub(crate) fn argument_of<'a>(ty: &'a Type, name: &str) -> Option<&'a Type> {
    let segment = last_segment(ty).filter(|segment| segment.ident == name)?;
    type_arguments(segment).first().copied()
}

/// A type that borrows: it cannot be kept as a message.
pub(crate) fn borrowed(ty: &Type) -> Option<Span> {
    fn find(tokens: TokenStream) -> Option<Span> {
        let mut quote_mark = None;
        for tree in tokens {
            match tree {
                proc_macro2::TokenTree::Group(group) => {
                    if let Some(span) = find(group.stream()) {
                        return Some(span);
                    }
                }
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '&' => return Some(punct.span()),
                proc_macro2::TokenTree::Punct(punct) if punct.as_char() == '\'' => quote_mark = Some(punct.span()),
                proc_macro2::TokenTree::Ident(word) if quote_mark.is_some() => {
                    if word != "static" {
                        return Some(word.span());
                    }
                    quote_mark = None;
                }
                _ => quote_mark = None,
            }
        }
        None
    }
    find(ty.to_token_stream())
}

/// The type as a person writes it.
pub(crate) fn show(tokens: &impl ToTokens) -> String {
    let mut text = String::new();
    spell(tokens.to_token_stream(), &mut text);
    text
}

fn spell(tokens: TokenStream, text: &mut String) {
    for tree in tokens {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = brackets(group.delimiter());
                gap(text, open.starts_with('{'));
                text.push_str(open);
                spell(group.stream(), text);
                text.push_str(close);
            }
            TokenTree::Punct(punct) => {
                gap(text, matches!(punct.as_char(), '+' | '='));
                text.push(punct.as_char());
                if matches!(punct.as_char(), ',' | '+' | '=') || (punct.as_char() == '>' && text.ends_with("->")) {
                    text.push(' ');
                }
            }
            word => {
                let glued = text.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                gap(text, glued);
                text.push_str(&word.to_string());
            }
        }
    }
}

fn brackets(delimiter: Delimiter) -> (&'static str, &'static str) {
    match delimiter {
        Delimiter::Parenthesis => ("(", ")"),
        Delimiter::Bracket => ("[", "]"),
        Delimiter::Brace => ("{ ", " }"),
        Delimiter::None => ("", ""),
    }
}

fn gap(text: &mut String, wanted: bool) {
    if wanted && !text.is_empty() && !text.ends_with(' ') {
        text.push(' ');
    }
}

/// Whether a type is `&Context` or `&mut Context`.
pub(crate) fn is_context(ty: &Type) -> bool {
    reference(ty).is_some_and(|(ty, _)| is_named(ty, "Context"))
}

/// The signature as it is written out: a `Context` without its lifetime gets `<'_>`, which an `async fn` may not leave out.
pub(crate) fn with_lifetimes(signature: &Signature) -> Signature {
    let mut signature = signature.clone();
    for argument in &mut signature.inputs {
        if let FnArg::Typed(typed) = argument
            && is_context(&typed.ty)
        {
            complete(&mut typed.ty);
        }
    }
    signature
}

fn complete(ty: &mut Type) {
    match ty {
        Type::Group(group) => complete(&mut group.elem),
        Type::Paren(paren) => complete(&mut paren.elem),
        Type::Reference(reference) => complete(&mut reference.elem),
        Type::Path(path) => {
            if let Some(last) = path.path.segments.last_mut().filter(|last| last.arguments.is_none()) {
                let place = last.ident.span();
                last.arguments = PathArguments::AngleBracketed(parse_quote_spanned! { place => <'_> });
            }
        }
        _ => {}
    }
}
