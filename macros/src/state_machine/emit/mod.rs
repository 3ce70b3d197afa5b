//! What `#[state_machine]` writes: the user's block with wrappers in it, and beside it the enum of the transitions, the
//! facts, the checks of the graph and `StateMachine`.

mod choice;
mod doc;
mod fields;
mod graph;
mod hooks;
mod listing;
mod trigger;
mod typestate;
mod wrapper;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, format_ident, quote, quote_spanned};
use syn::Visibility;

use super::model::{Model, Transition};
use crate::{
    cfgs, names,
    pipeline::Health,
    syntax::impl_block::{ImplBlock, Member},
};

/// The block, then what stands beside it.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    let Some(writer) = Writer::of(model, health) else { return model.block.to_token_stream() };
    let block = writer.block();
    let cfgs: TokenStream = cfgs::of(&model.block.attrs).into_iter().map(ToTokens::to_token_stream).collect();
    let mut beside = vec![writer.alias(), writer.facts(), writer.block_beside()];
    beside.extend(writer.listing());
    beside.extend(writer.facade());
    beside.retain(|item| !item.is_empty());
    quote! { #block #(#cfgs #beside)* }
}

/// What every part names.
pub(super) struct Writer<'a> {
    model: &'a Model,
    health: Health,
    /// The type's name.
    ty: &'a Ident,
    /// The way to the door.
    door: TokenStream,
    /// The enum of the states, as the user wrote it.
    states: TokenStream,
    /// An alias of it, so that a misspelt enum is reported once.
    alias: Ident,
    /// The static that holds the facts.
    machine: Ident,
    /// The enum of the transitions.
    listing: Ident,
    /// The widest visibility of the transitions.
    vis: Visibility,
}

impl<'a> Writer<'a> {
    fn of(model: &'a Model, health: Health) -> Option<Self> {
        let ty = model.ty()?;
        let name = model.args.name.as_ref();
        let camel = name.map(names::camel).unwrap_or_default();
        let shout = name.map(|name| format!("_{}", names::text(name).to_uppercase())).unwrap_or_default();
        Some(Self {
            model,
            health,
            ty,
            door: model.args.root.door(),
            states: model.args.states.as_ref().map_or_else(|| quote! { () }, ToTokens::to_token_stream),
            alias: names::hidden("StateMachine", ty, &format!("{camel}States")),
            machine: names::shouted("STATE_MACHINE", ty, &shout),
            listing: format_ident!("{}{camel}Transition", names::text(ty), span = ty.span()),
            vis: widest(&model.transitions),
        })
    }

    /// `order`, for a machine without a name; `payment_order` with one.
    fn prefixed(&self, word: &str) -> Ident {
        let prefix = self.model.args.name.as_ref().map(|name| format!("{}_", names::text(name))).unwrap_or_default();
        format_ident!("{prefix}{word}", span = self.ty.span())
    }

    /// A hidden function of the machine. The name comes last: in front, a machine `log` would take the names of a log.
    fn hidden(&self, word: &str) -> Ident {
        let name = self.model.args.name.as_ref().map(|name| format!("_of_{}", names::text(name))).unwrap_or_default();
        names::local(&format!("bailiwick_{word}{name}"))
    }

    /// The alias of the door, at a word of the user.
    fn door_at(&self, place: Span) -> Ident {
        names::at(&names::door(), place)
    }

    /// A state, at the word that names it.
    fn state(&self, name: &Ident) -> TokenStream {
        let mut alias = self.alias.clone();
        alias.set_span(name.span().resolved_at(alias.span()));
        quote_spanned! { name.span().resolved_at(Span::mixed_site()) => #alias::#name }
    }

    /// A body, or its stand-in beside a fault.
    fn body(&self, body: TokenStream) -> TokenStream {
        if self.health.is_sound() {
            body
        } else {
            quote! { ::core::unimplemented!() }
        }
    }

    /// The user's block, with the transitions replaced.
    fn block(&self) -> ImplBlock {
        let mut block = self.model.block.clone();
        for transition in &self.model.transitions {
            block.members[transition.member] = Member::Other(self.transition(transition));
        }
        block
    }

    /// The block of what the machine has beside its transitions.
    fn own(&self) -> TokenStream {
        let (ty, lints) = (&self.model.block.self_ty, self.lints());
        let (impl_generics, _, where_clause) = self.model.block.generics.split_for_impl();
        let sound = self.model.transitions.iter().filter(|transition| transition.is_sound());
        let checks = sound.map(|transition| self.checks(transition));
        let (fields, available, graph) = (self.fields(), self.available(), self.graph());
        let (trigger, typed) = (self.trigger(), self.typed());
        quote! {
            #lints
            impl #impl_generics #ty #where_clause { #(#checks)* #available #graph #trigger #typed #fields }
        }
    }

    /// The lint levels of generated functions whose types the user wrote.
    fn lints(&self) -> TokenStream {
        let old = self.model.transitions.iter().any(Transition::is_deprecated).then(|| quote! { deprecated, });
        quote! {
            #[allow(
                dead_code,
                #old
                private_interfaces,
                unreachable_patterns,
                unreachable_pub,
                unused_variables,
                clippy::pedantic,
                clippy::ptr_arg,
                clippy::too_many_arguments,
                reason = "generated by Bailiwick"
            )]
        }
    }
}

/// The widest visibility among the transitions; that of the first, if they cannot be compared.
fn widest(transitions: &[Transition]) -> Visibility {
    let rank = |vis: &Visibility| match vis {
        Visibility::Public(_) => 3,
        Visibility::Restricted(restricted) if restricted.path.is_ident("crate") => 2,
        Visibility::Restricted(_) => 1,
        Visibility::Inherited => 0,
    };
    let all = transitions.iter().map(|transition| &transition.method.vis);
    let wide = all.fold(&Visibility::Inherited, |best, next| if rank(next) > rank(best) { next } else { best });
    wide.clone()
}
