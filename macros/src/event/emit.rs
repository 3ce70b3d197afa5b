//! The implementation of `Event`.

use proc_macro2::{Span, TokenStream};
use quote::{format_ident, quote_spanned};
use syn::{Member, spanned::Spanned as _};

use super::{
    args::EventKind,
    model::{Event, Hidden, Model, member_text},
};
use crate::{names, names::code, pipeline::Health};

/// `impl Event`; nothing if the item has parameters, because the trait cannot hold then.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    if !model.input.generics.params.is_empty() {
        return TokenStream::new();
    }
    let (p, ident) = (names::door(), &model.input.ident);
    let members = if health.is_sound() { sound(model) } else { faulty(model) };
    model.root.block(&code! {
        #[automatically_derived]
        impl #p::Event for #ident {
            #members
        }
    })
}

fn faulty(model: &Model) -> TokenStream {
    let (p, is_enum) = (names::door(), model.is_enum);
    code! {
        const SPECS: &'static [#p::EventSpec] = &[];
        const IS_ENUM: bool = #is_enum;
        fn index(&self) -> usize { ::core::unimplemented!() }
    }
}

fn sound(model: &Model) -> TokenStream {
    let (p, rows) = (names::door(), model.events.iter().map(row));
    let (index, is_enum) = (index(model), model.is_enum);
    let key = text(model, "key", Event::key);
    let subject = text(model, "subject", |event| event.subject().filter(|_| !event.hidden.is_empty()));
    code! {
        const SPECS: &'static [#p::EventSpec] = &[#(#rows),*];
        const IS_ENUM: bool = #is_enum;
        #index
        #key
        #subject
    }
}

/// `EventSpec::domain("order.placed", 2).upcasts(&[…])`.
fn row(event: &Event) -> TokenStream {
    let (p, version) = (names::door(), event.version());
    let name = event.args.name.as_ref();
    let mut row = code!(#p::EventSpec::domain(#name, #version));
    if let Some(kind) = event.remote() {
        let kind = match kind {
            EventKind::Domain => code!(Domain),
            EventKind::Notification => code!(Notification),
            EventKind::StateTransfer => code!(StateTransfer),
        };
        row = code!(#row.kind(#p::EventKind::#kind));
    }
    if let Some(topic) = &event.args.topic {
        row = code!(#row.publish(#topic));
    }
    let (aliases, upcasts, sensitive) = (&event.args.aliases, upcasts(event), sensitive(event));
    if !sensitive.is_empty() {
        row = code!(#row.sensitive(&[#(#sensitive),*]));
    }
    if !aliases.is_empty() {
        row = code!(#row.aliases(&[#(#aliases),*]));
    }
    if upcasts.is_empty() { row } else { code!(#row.upcasts(&[#(#upcasts),*])) }
}

/// `sensitive::<Sensitive<String>>("email")`: the type is judged at the field.
fn sensitive(event: &Event) -> Vec<TokenStream> {
    let name = |(hidden, _): (&Hidden, Span)| {
        let (p, ty, name) = (names::at(&names::door(), hidden.ty.span()), &hidden.ty, member_text(&hidden.member));
        quote_spanned!(hidden.ty.span()=> #p::sensitive::<#ty>(#name))
    };
    event.sensitive().map(name).collect()
}

fn upcasts(event: &Event) -> Vec<TokenStream> {
    let p = names::door();
    let mut steps: Vec<_> = event.args.upcasts.iter().collect();
    steps.sort_by_key(|step| step.from);
    let step = |step: &&super::args::Step| {
        let (from, path) = (step.from, &step.path);
        code!(#p::Upcast { from: #from, apply: #path })
    };
    steps.iter().map(step).collect()
}

fn index(model: &Model) -> TokenStream {
    let arms = model.events.iter().enumerate().map(|(index, event)| {
        let ident = &event.ident;
        code!(Self::#ident { .. } => #index)
    });
    let body = if model.is_enum { code!(match self { #(#arms),* }) } else { code!(0) };
    code! { fn index(&self) -> usize { #body } }
}

/// `fn key` or `fn subject`: the text of a field, if any event has one.
fn text(model: &Model, name: &str, field: impl Fn(&Event) -> Option<Member>) -> Option<TokenStream> {
    let (p, local, name) = (names::door(), names::local(name), format_ident!("{name}"));
    let keyed: Vec<_> = model.events.iter().filter_map(|event| field(event).map(|key| (event, key))).collect();
    let arms = keyed.iter().map(|(event, key)| {
        let ident = &event.ident;
        let path = if model.is_enum { code!(Self::#ident) } else { code!(Self) };
        let value = names::at(&local, key.span());
        let door = names::at(&p, key.span());
        let text = quote_spanned!(value.span()=> #door::key_text(#value));
        code!(#path { #key: #value, .. } => #p::Some(#text))
    });
    let rest = (keyed.len() < model.events.len()).then(|| code!(_ => #p::None));
    let body = code! { match self { #(#arms,)* #rest } };
    (!keyed.is_empty()).then(|| {
        code! { fn #name(&self) -> #p::Option<#p::String> { #body } }
    })
}
