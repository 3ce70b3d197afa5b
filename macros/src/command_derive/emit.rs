//! The implementations of `Command` and `Targeted`.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::spanned::Spanned;

use super::{args::FieldArgs, model::Model};
use crate::{names, names::code, pipeline::Health};

/// Both implementations; nothing if the item borrows, because the traits cannot hold then.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    if model.borrows {
        return TokenStream::new();
    }
    let (command, targeted) = (command(model, health), targeted(model));
    model.args.root.block(&code!(#command #targeted))
}

fn command(model: &Model, health: Health) -> TokenStream {
    let (p, ident, name) = (names::door(), &model.input.ident, model.name());
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    let (redacted, target) = (redacted(model), model.target().filter(|_| health.is_sound()).map(target));
    code! {
        #[automatically_derived]
        impl #generics #p::Command for #ident #types #wheres {
            const NAME: &'static str = #name;
            #redacted
            #target
        }
    }
}

fn redacted(model: &Model) -> Option<TokenStream> {
    let naming = model.naming();
    let hidden = model.fields.iter().filter(|field| field.redact.is_some());
    let names: Vec<_> = hidden.filter_map(|field| field.stored_name(naming)).collect();
    (!names.is_empty()).then(|| code!(const REDACTED: &'static [&'static str] = &[#(#names),*];))
}

fn target(field: &FieldArgs) -> TokenStream {
    let (p, member) = (names::door(), &field.member);
    let text = quote_spanned!(names::spot(member.span())=> &self.#member);
    code! {
        fn target(&self) -> #p::Option<#p::String> { #p::Some(#p::key_text(#text)) }
    }
}

fn targeted(model: &Model) -> Option<TokenStream> {
    let FieldArgs { member, ty, .. } = model.target()?;
    let (p, ident) = (names::door(), &model.input.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    Some(code! {
        #[automatically_derived]
        impl #generics #p::Targeted for #ident #types #wheres {
            type Id = #ty;
            fn target_id(&self) -> &#ty { &self.#member }
        }
    })
}
