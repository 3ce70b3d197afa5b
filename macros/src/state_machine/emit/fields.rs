//! The only expressions that touch the user's fields, each at the field's word in the options.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{quote, quote_spanned};
use syn::spanned::Spanned;

use super::{Writer, wrapper::Wrapper};
use crate::names;

impl Writer<'_> {
    /// The function that reads the state.
    pub(super) fn state_fn(&self) -> Ident {
        self.hidden("state")
    }

    /// Accessors of the fields.
    pub(super) fn fields(&self) -> TokenStream {
        let Some(field) = self.model.args.field.as_ref().filter(|_| self.health.is_sound()) else {
            return TokenStream::new();
        };
        let (states, state, refusal) = (&self.states, self.state_fn(), self.refusal());
        let place = self.place_of("place", field, states);
        let args = &self.model.args;
        let log = args.log.as_ref().map(|log| self.log(log)).or_else(|| args.own_log.map(|at| self.own_log(at)));
        let version = self.model.args.version.as_ref().map(|version| self.version(version));
        let back = self.back();
        // The alias: a misspelt enum is not reported here again.
        let [held, machine, there] =
            [&names::local("held"), &self.machine, &self.alias].map(|name| names::at(name, field.span()));
        let read = quote_spanned! { names::spot(field.span()) =>
            #[doc(hidden)]
            #[inline]
            fn #state(&self) -> #there {
                let #held: &#there = &(*self).#field;
                #machine.copied(#held)
            }
        };
        quote! { #read #place #log #version #back #refusal }
    }

    /// A refusal as the error that all wrappers have: asked for once, at the error's type.
    fn refusal(&self) -> Option<TokenStream> {
        let error = self.model.args.error.as_ref()?;
        let (name, p, refused) = (self.hidden("refusal"), self.door_at(error.span()), names::local("error"));
        Some(quote_spanned! { names::spot(error.span()) =>
            #[doc(hidden)]
            #[cold]
            fn #name(#refused: #p::TransitionError) -> #error {
                <#error as ::core::convert::From<#p::TransitionError>>::from(#refused)
            }
        })
    }

    /// A field to be written.
    fn place_of(&self, word: &str, field: &Ident, ty: &TokenStream) -> TokenStream {
        let (name, p) = (self.hidden(word), self.door_at(field.span()));
        quote_spanned! { names::spot(field.span()) =>
            #[doc(hidden)]
            #[inline]
            fn #name(&mut self) -> &mut #ty {
                use #p::NoPlace as _;
                #p::Place::<'_, #ty, _>::new(&mut (*self).#field).__bailiwick_place()
            }
        }
    }

    fn log(&self, field: &Ident) -> TokenStream {
        let (name, p) = (self.hidden("log"), self.door_at(field.span()));
        let ty = quote_spanned! { names::spot(field.span()) => #p::TransitionLog };
        let place = self.place_of("log_place", field, &ty);
        quote_spanned! { names::spot(field.span()) =>
            #[doc(hidden)]
            #[inline]
            fn #name(&self) -> &#ty {
                &(*self).#field
            }
            #place
        }
    }

    /// The log that the type itself has for these states: an entity, which says so at its field.
    fn own_log(&self, at: Span) -> TokenStream {
        let (log, place, p, states) = (self.hidden("log"), self.hidden("log_place"), self.door_at(at), &self.alias);
        let states = names::at(states, at);
        quote_spanned! { names::spot(at) =>
            #[doc(hidden)]
            #[inline]
            fn #log(&self) -> &#p::TransitionLog {
                <Self as #p::Logs<#states>>::log_of(self)
            }
            #[doc(hidden)]
            #[inline]
            fn #place(&mut self) -> &mut #p::TransitionLog {
                <Self as #p::Logs<#states>>::log_of_mut(self)
            }
        }
    }

    fn version(&self, field: &Ident) -> TokenStream {
        let (name, p) = (self.hidden("version"), self.door_at(field.span()));
        quote_spanned! { names::spot(field.span()) =>
            #[doc(hidden)]
            #[inline]
            fn #name(&self) -> #p::Option<::core::primitive::u64> {
                #p::VersionNumber::__bailiwick_number((*self).#field)
            }
        }
    }

    /// Sets state and log back, if a transition may have to.
    fn back(&self) -> Option<TokenStream> {
        let mut sound = self.model.transitions.iter().filter(|one| one.is_sound());
        if !sound.any(|one| Wrapper::of(self, one).is_guarded()) {
            return None;
        }
        let (name, place, states, machine) = (self.hidden("back"), self.hidden("place"), &self.states, &self.machine);
        let (from, mark) = (names::local("from"), names::local("mark"));
        let log = self.hidden("log_place");
        let truncate = self.model.has_log().then(|| quote! { Self::#log(self).truncate(#mark); });
        Some(quote! {
            #[doc(hidden)]
            #[cold]
            fn #name(&mut self, #from: &#states, #mark: ::core::primitive::usize) {
                *Self::#place(self) = #machine.copied(#from);
                #truncate
            }
        })
    }
}
