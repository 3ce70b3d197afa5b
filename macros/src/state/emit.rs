//! The implementation of `State`, and the traits that write and read the stored name.

use proc_macro2::{Ident, TokenStream};
use quote::quote_spanned;
use syn::parse_quote;

use super::{
    check,
    model::{Model, State},
};
use crate::{names, names::code, pipeline::Health};

/// All implementations; nothing if no variant can be a state.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    let Some(first) = model.initial().filter(|state| state.is_plain()).or_else(|| model.plain().next()) else {
        return TokenStream::new();
    };
    let members = if health.is_sound() { sound(model) } else { faulty() };
    let warning = warning(model).filter(|_| health.is_sound());
    let texts = [display(model), from_str(model), serialize(model), deserialize(model)].into_iter().flatten();
    let (p, ident, initial) = (names::door(), &model.input.ident, &first.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    let all = model.plain().map(|state| &state.ident);
    model.args.root.block(&code! {
        #[automatically_derived]
        impl #generics #p::State for #ident #types #wheres {
            const ALL: &'static [Self] = &[#(Self::#all),*];
            const INITIAL: Self = Self::#initial;
            #members
        }
        #(#texts)*
        #warning
    })
}

/// Members beside a fault; without facts, nothing is said about the transitions of the set.
fn faulty() -> TokenStream {
    let p = names::door();
    code! {
        const FACTS: &'static [#p::StateNode] = &[];
        fn index(self) -> usize { ::core::unimplemented!() }
        fn name(self) -> &'static str { ::core::unimplemented!() }
        fn from_name(_: &str) -> #p::Result<Self, #p::UnknownState> { ::core::unimplemented!() }
    }
}

fn sound(model: &Model) -> TokenStream {
    let (p, idents) = (names::door(), || model.states.iter().map(|state| &state.ident));
    let (rows, places) = (model.states.iter().map(row), 0..model.states.len());
    let (variants, others) = (idents(), idents());
    let (stored, found) = (model.states.iter().map(|state| &state.name), from_name(model));
    code! {
        const FACTS: &'static [#p::StateNode] = &[#(#rows),*];
        fn index(self) -> usize {
            match self { #(Self::#variants => #places),* }
        }
        fn name(self) -> &'static str {
            match self { #(Self::#others => #stored),* }
        }
        fn from_name(__text: &str) -> #p::Result<Self, #p::UnknownState> { #found }
    }
}

/// `state_node("shipped", "Shipped", [false, false, false], &[Borrowed("sent")])`.
fn row(state: &State) -> TokenStream {
    let (p, name, variant, args) = (names::door(), &state.name, names::text(&state.ident), &state.args);
    let marks = [&args.initial, &args.terminal, &args.external].map(Option::is_some);
    let aliases = &args.aliases;
    code!(#p::state_node(#name, #variant, [#(#marks),*], &[#(#p::Borrowed(#aliases)),*]))
}

fn from_name(model: &Model) -> TokenStream {
    let (p, set) = (names::door(), names::text(&model.input.ident));
    if let Some(other) = model.unknown() {
        return code!(#p::Ok(#p::known_state_or(#set, __text, Self::#other)));
    }
    let code = format!("{}/unknown_state", names::snake(&model.input.ident));
    code!(#p::known_state(#set, #code, __text))
}

fn display(model: &Model) -> Option<TokenStream> {
    let (p, ident) = (names::door(), &model.input.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    model.writes("Display").then(|| {
        code! {
            #[automatically_derived]
            impl #generics ::core::fmt::Display for #ident #types #wheres {
                fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result { #p::show_state(self, __f) }
            }
        }
    })
}

fn from_str(model: &Model) -> Option<TokenStream> {
    let (p, ident) = (names::door(), &model.input.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    model.writes("FromStr").then(|| {
        code! {
            #[automatically_derived]
            impl #generics ::core::str::FromStr for #ident #types #wheres {
                type Err = #p::UnknownState;
                fn from_str(__text: &str) -> #p::Result<Self, #p::UnknownState> {
                    #p::parse_state(__text)
                }
            }
        }
    })
}

fn serialize(model: &Model) -> Option<TokenStream> {
    let (p, ident) = (names::door(), &model.input.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    model.writes("Serialize").then(|| {
        code! {
            #[automatically_derived]
            impl #generics #p::serde::Serialize for #ident #types #wheres {
                fn serialize<__S: #p::serde::Serializer>(&self, __serializer: __S) -> #p::Result<__S::Ok, __S::Error> {
                    #p::serialize_state(self, __serializer)
                }
            }
        }
    })
}

fn deserialize(model: &Model) -> Option<TokenStream> {
    let (p, ident) = (names::door(), &model.input.ident);
    let mut reads = model.input.generics.clone();
    reads.params.insert(0, parse_quote!('de));
    let ((_, types, wheres), (generics, ..)) = (model.input.generics.split_for_impl(), reads.split_for_impl());
    model.writes("Deserialize").then(|| {
        code! {
            #[automatically_derived]
            impl #generics #p::serde::Deserialize<'de> for #ident #types #wheres {
                fn deserialize<__D: #p::serde::Deserializer<'de>>(__deserializer: __D) -> #p::Result<Self, __D::Error> {
                    #p::deserialize_state(__deserializer)
                }
            }
        }
    })
}

/// A warning on stable: a deprecated constant, used once. rustc says nothing of this kind about the tokens of a derive, so
/// the constant has the span of the enum's name.
fn warning(model: &Model) -> Option<TokenStream> {
    let text = check::no_terminal(model)?;
    let constant = Ident::new("NO_TERMINAL_STATE", model.input.ident.span());
    let used = quote_spanned!(constant.span()=> #constant);
    Some(code! {
        const _: () = {
            #[deprecated(note = #text)]
            const #constant: () = ();
            #used
        };
    })
}
