//! What a method answers: the two halves of its `Result`.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::{GenericArgument, PathArguments, ReturnType, Type, TypeParamBound, spanned::Spanned};

use super::signature::{last_segment, type_arguments, ungrouped};

/// A return type, read.
#[derive(Clone, Copy)]
pub(crate) enum Answer<'a> {
    /// `()` or no arrow.
    Nothing,
    /// `Result<T, E>`, under whatever path.
    Result { ok: &'a Type, err: &'a Type },
    /// A name that ends with `Result` and hides one half or both, such as `io::Result<T>`.
    Alias(&'a Type),
    /// Anything else.
    Plain(&'a Type),
}

impl<'a> Answer<'a> {
    /// Reads a return type.
    pub(crate) fn of(output: &'a ReturnType) -> Self {
        match output {
            ReturnType::Default => Self::Nothing,
            ReturnType::Type(_, ty) => Self::of_type(ty),
        }
    }

    /// Reads a type.
    pub(crate) fn of_type(ty: &'a Type) -> Self {
        let ty = ungrouped(ty);
        if matches!(ty, Type::Tuple(tuple) if tuple.elems.is_empty()) {
            return Self::Nothing;
        }
        let Some(segment) = last_segment(ty).filter(|segment| segment.ident.to_string().ends_with("Result")) else {
            return Self::Plain(ty);
        };
        match type_arguments(segment)[..] {
            [ok, err] if segment.ident == "Result" => Self::Result { ok, err },
            _ => Self::Alias(ty),
        }
    }

    /// Whether it is a `Result` of some spelling.
    pub(crate) fn is_result(&self) -> bool {
        matches!(self, Self::Result { .. } | Self::Alias(_))
    }

    /// The type of the good answer; an alias is asked through the door.
    pub(crate) fn ok(&self) -> TokenStream {
        match self {
            Self::Result { ok, .. } => ok.to_token_stream(),
            Self::Alias(ty) => quote_spanned! { ty.span() => <#ty as __p::Outcome>::Output },
            Self::Nothing | Self::Plain(_) => quote_spanned! { Span::mixed_site() => () },
        }
    }

    /// The type of the error; an alias is asked through the door.
    pub(crate) fn err(&self) -> TokenStream {
        match self {
            Self::Result { err, .. } => err.to_token_stream(),
            Self::Alias(ty) => quote_spanned! { ty.span() => <#ty as __p::Outcome>::Error },
            Self::Nothing | Self::Plain(_) => quote_spanned! { Span::mixed_site() => ::core::convert::Infallible },
        }
    }

    /// Where the error's type stands.
    pub(crate) fn err_span(&self) -> Option<Span> {
        match self {
            Self::Result { err, .. } => Some(err.span()),
            Self::Alias(ty) => Some(ty.span()),
            Self::Nothing | Self::Plain(_) => None,
        }
    }
}

/// The `T` of `impl Stream<Item = T>`.
pub(crate) fn stream_item(output: &ReturnType) -> Option<&Type> {
    let ReturnType::Type(_, ty) = output else { return None };
    let Type::ImplTrait(bounds) = ungrouped(ty) else { return None };
    bounds.bounds.iter().find_map(|bound| {
        let TypeParamBound::Trait(bound) = bound else { return None };
        let segment = bound.path.segments.last().filter(|segment| segment.ident == "Stream")?;
        let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
        arguments.args.iter().find_map(|argument| match argument {
            GenericArgument::AssocType(item) if item.ident == "Item" => Some(&item.ty),
            _ => None,
        })
    })
}
