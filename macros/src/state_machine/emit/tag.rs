//! Names of what a machine has for itself. They differ from machine to machine of a type, also where a `name` was forgotten:
//! the names that users read clash then, and nothing else does.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::Writer;
use crate::{names, state_machine::model::Model};

/// What tells a machine from others of its type: its name, if it has one, and its field.
pub(super) struct Tag {
    name: Option<Ident>,
    field: Option<Ident>,
}

impl Tag {
    pub(super) fn of(model: &Model) -> Self {
        Self { name: model.args.name.clone(), field: model.args.field.clone() }
    }

    /// It comes last in a name: in front, a machine `log` would take the names of a log.
    fn suffix(&self) -> String {
        let part = |word: &str, of: &Option<Ident>| of.as_ref().map(|of| format!("_{word}_{}", names::text(of)));
        part("of", &self.name).unwrap_or_default() + &part("in", &self.field).unwrap_or_default()
    }

    /// A hidden function: `__bailiwick_state_in_status`.
    pub(super) fn local(&self, word: &str) -> Ident {
        names::local(&format!("bailiwick_{word}{}", self.suffix()))
    }

    /// The static that holds the facts.
    pub(super) fn machine(&self, ty: &Ident) -> Ident {
        names::shouted("STATE_MACHINE", ty, &self.suffix().to_uppercase())
    }

    /// The alias of the enum of the states.
    pub(super) fn alias(&self, ty: &Ident) -> Ident {
        let part = |word: &str, of: &Option<Ident>| of.as_ref().map(|of| format!("{word}{}", names::camel(of)));
        let suffix = part("Of", &self.name).unwrap_or_default() + &part("In", &self.field).unwrap_or_default();
        names::hidden("States", ty, &suffix)
    }

    /// The module of the enum of the transitions.
    pub(super) fn module(&self, ty: &Ident) -> Ident {
        format_ident!("__bailiwick_{}{}", names::snake(ty), self.suffix(), span = ty.span())
    }

    /// The enum of the transitions: `OrderTransition`, `OrderPaymentTransition`.
    pub(super) fn listing(&self, ty: &Ident) -> Ident {
        let camel = self.name.as_ref().map(names::camel).unwrap_or_default();
        format_ident!("{}{camel}Transition", names::text(ty), span = ty.span())
    }
}

impl Writer<'_> {
    /// A second machine without a name implements it again, wherever in the crate it is, and rustc says so by its name.
    pub(super) fn only(&self) -> Option<TokenStream> {
        let (door, ty) = (names::door(), names::moved(self.model.block.self_ty.to_token_stream(), Span::mixed_site()));
        let (impl_generics, _, where_clause) = self.model.block.generics.split_for_impl();
        let unnamed = self.model.args.name.is_none() && self.has_facts();
        // Else the lints on lifetimes would speak of those of the block.
        let derived = (!self.model.block.generics.params.is_empty()).then(|| quote! { #[automatically_derived] });
        unnamed.then(|| {
            quote! {
                #derived
                impl #impl_generics #door::AFurtherStateMachineOfATypeNeedsAName for #ty #where_clause {}
            }
        })
    }
}
