//! The logs of state machines: which columns they are of, and where they are.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned as _;

use super::model::Model;
use crate::{names, names::code};

/// `LOGS` and `TRANSITIONED`, if the entity keeps a log.
pub(super) fn constant(model: &Model) -> Option<TokenStream> {
    let p = names::door();
    let code = format!("{}/undeclared_transition", names::snake(&model.input.ident));
    let all: Vec<_> = model.logs().map(|(name, column, _)| {
        let (at, ty, member) = (names::spot(name.span()), &column.ty, &column.ident);
        let p = names::at(&names::door(), at);
        let place = model.place(&column.ident);
        quote_spanned!(at=> #p::Logged::<Self>::of::<#ty>(#place, #code, |__entity| <#ty as #p::State>::name(__entity.#member))
                .heard(#p::hear_transition::<Self>))
    }).collect();
    let events = model.logs().map(|(name, column, _)| {
        let (at, ty) = (names::spot(name.span()), &column.ty);
        let p = names::at(&names::door(), at);
        quote_spanned!(at=> <Self as #p::StateMachine<#ty>>::EVENT)
    });
    (!all.is_empty()).then(|| {
        code! {
            const LOGS: &'static [#p::Logged<Self>] = &[#(#all),*];
            const TRANSITIONED: &'static [#p::EventSpec] = &[#(#events),*];
        }
    })
}

/// What `read` answers: a log knows the state that was read.
pub(super) fn noted(logs: &Option<TokenStream>, read: &TokenStream) -> TokenStream {
    let p = names::door();
    match logs {
        Some(_) => code!(#p::Ok(#p::noted(#read))),
        None => code!(#p::Ok(#read)),
    }
}

/// By which a machine finds its log.
pub(super) fn traits(model: &Model) -> TokenStream {
    let ident = &model.input.ident;
    let all = model.logs().map(|(name, column, log)| {
        let (at, ty, member) = (names::spot(name.span()), &column.ty, &log.ident);
        let p = names::at(&names::door(), at);
        let held = quote_spanned!(names::spot(log.ty.span())=> &self.#member);
        let lent = quote_spanned!(names::spot(log.ty.span())=> &mut self.#member);
        quote_spanned! {at=>
            #[automatically_derived]
            impl #p::Logs<#ty> for #ident {
                fn log_of(&self) -> &#p::TransitionLog { #held }
                fn log_of_mut(&mut self) -> &mut #p::TransitionLog { #lent }
            }
        }
    });
    all.collect()
}
