//! The only expressions that touch the user's fields, each at the field's word in the options.

use proc_macro2::{Ident, TokenStream};
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
        let log = self.model.args.log.as_ref().map(|log| self.log(log));
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
