//! `trigger`: a transition called by its name.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::Writer;
use crate::{
    names,
    state_machine::model::{Action, Argument, Transition},
    syntax::signature,
};

impl Writer<'_> {
    /// The transitions that may be called by name.
    fn triggerable(&self) -> Vec<&Transition> {
        let open = |one: &&Transition| one.is_sound() && one.edges.iter().all(|edge| edge.no_trigger.is_none());
        self.model.transitions.iter().filter(open).collect()
    }

    /// `trigger`.
    pub(super) fn trigger(&self) -> TokenStream {
        if self.model.args.trigger.is_none() || self.is_taken("trigger") {
            return TokenStream::new();
        }
        let (vis, p, name) = (&self.vis, names::door(), self.prefixed("trigger"));
        let all = self.triggerable();
        let wait = all.iter().any(|one| one.is_async()).then(|| quote! { async });
        let (called, given, this) = (names::local("name"), names::local("given"), names::this());
        let error = self.model.args.error.as_ref().map(|error| quote! { <#error> });
        let arms = all.iter().map(|one| self.arm(one, &given));
        let known = all.iter().map(|one| {
            let (cfgs, text) = (one.method.cfgs(), one.text());
            quote! { #cfgs #text }
        });
        let code = self.code("unknown_transition");
        let body = self.body(quote! {
            match #called {
                #(#arms)*
                _ => #p::Err(::core::convert::From::from(
                    #p::UnknownTransition::new(#code, #called, #p::vec![#(#known),*]),
                )),
            }
        });
        quote! {
            /// Calls a transition by its name; its arguments are the fields of one object. The output is dropped.
            ///
            /// # Errors
            /// No transition that may be called by name has this one, the arguments do not fit, or the transition refuses.
            #vis #wait fn #name(
                &mut #this,
                #called: &::core::primitive::str,
                #given: #p::Json,
            ) -> #p::Result<(), #p::TriggerError #error> {
                #body
            }
        }
    }

    /// `order/…`.
    pub(super) fn code(&self, word: &str) -> String {
        format!("{}/{word}", names::snake(self.ty))
    }

    fn arm(&self, transition: &Transition, given: &Ident) -> TokenStream {
        let (p, cfgs, text, name) = (names::door(), transition.method.cfgs(), transition.text(), transition.name());
        let (call, this, code) = (names::local("call"), names::this(), self.code("bad_arguments"));
        let (error, name) = (names::local("error"), names::quiet(name));
        let locals = transition.arguments.iter().filter_map(|argument| decoded(argument, &call));
        let values = transition.arguments.iter().filter_map(lent);
        let keys = transition.arguments.iter().filter_map(|argument| {
            let (cfgs, name) = (&argument.cfgs, names::text(argument.name.as_ref()?));
            Some(quote! { #cfgs #name })
        });
        let wait = transition.is_async().then(|| quote! { .await });
        let refused = match (&self.model.args.error, transition.action(&self.door)) {
            (Some(_), _) => error.to_token_stream(),
            (None, Action::Succeeds(_)) => quote! { #p::TransitionError::widen(#error) },
            (None, Action::Fails { err, .. }) => {
                let error = names::at(&error, err.span());
                quote_spanned! { names::spot(err.span()) => #p::general(#error) }
            }
        };
        quote! {
            #cfgs
            #text => {
                let #call = #p::Call::new(#code, &#given, &[#(#keys),*])?;
                #(#locals)*
                match Self::#name(#this, #(#values),*)#wait {
                    #p::Ok(_) => #p::Ok(()),
                    #p::Err(#error) =>
                        #p::Err(#p::TriggerError::Refused(#refused)),
                }
            }
        }
    }
}

/// The owned type that an argument is decoded as, and whether it must be mutable.
fn owned(ty: &Type) -> (TokenStream, bool) {
    let p = names::door();
    match signature::reference(ty) {
        Some((inner, mutable)) => match inner {
            Type::Slice(slice) => {
                let item = &slice.elem;
                (quote! { #p::Vec<#item> }, mutable)
            }
            inner if signature::is_named(inner, "str") => (quote! { #p::String }, mutable),
            inner => (inner.to_token_stream(), mutable),
        },
        None => (ty.to_token_stream(), false),
    }
}

/// An optional reference is decoded as an optional owned value.
fn optional(ty: &Type) -> Option<&Type> {
    signature::argument_of(ty, "Option").filter(|inner| signature::reference(inner).is_some())
}

fn local(argument: &Argument) -> Option<Ident> {
    let name = argument.name.as_ref()?;
    Some(names::local(&format!("argument_{}", names::text(name))))
}

/// The argument, read.
fn decoded(argument: &Argument, call: &Ident) -> Option<TokenStream> {
    let p = names::door();
    let (local, cfgs, name) = (local(argument)?, &argument.cfgs, names::text(argument.name.as_ref()?));
    let (ty, mutable) = match optional(&argument.ty) {
        Some(inner) => {
            let (inner, _) = owned(inner);
            (quote! { #p::Option<#inner> }, false)
        }
        None => owned(&argument.ty),
    };
    let mutable = mutable.then(|| quote! { mut });
    let place = names::spot(argument.ty.span());
    let read = quote_spanned! { place => #p::Call::argument::<#ty>(&#call, #name) };
    Some(quote! { #cfgs let #mutable #local = #read?; })
}

/// The argument, as the transition takes it.
fn lent(argument: &Argument) -> Option<TokenStream> {
    let (local, cfgs) = (local(argument)?, &argument.cfgs);
    Some(match (optional(&argument.ty), signature::reference(&argument.ty)) {
        (Some(inner), _) if is_slice(inner) => quote! { #cfgs #local.as_deref() },
        (Some(_), _) => quote! { #cfgs #local.as_ref() },
        (None, Some((_, true))) => quote! { #cfgs &mut #local },
        (None, Some((_, false))) => quote! { #cfgs &#local },
        (None, None) => quote! { #cfgs #local },
    })
}

/// Whether the owned form of a reference is another type: `String` for `&str`, `Vec<T>` for `&[T]`.
fn is_slice(ty: &Type) -> bool {
    signature::reference(ty)
        .is_some_and(|(inner, _)| matches!(inner, Type::Slice(_)) || signature::is_named(inner, "str"))
}
