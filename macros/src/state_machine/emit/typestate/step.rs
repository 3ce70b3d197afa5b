//! The transitions on the types of the facade.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Facade;
use crate::{
    behaviour::receiver::without_self,
    names,
    state_machine::{
        check,
        emit::Writer,
        grammar::{Edge, Source, Target},
        model::{Action, Hook, Transition, When},
    },
};

/// Where a transition leads from one state, and whether it always does.
struct Way<'a> {
    targets: Vec<&'a Ident>,
    certain: bool,
    /// Whether a hook that runs there may move on: to any state.
    further: bool,
}

impl Writer<'_> {
    /// The transitions that start from one state.
    pub(super) fn steps_from(&self, state: &Ident) -> TokenStream {
        let (Facade { one, module, .. }, generics) = (self.facade_names(), &self.model.block.generics);
        let (impl_generics, _, clause) = generics.split_for_impl();
        let arguments = self.arguments(Some(&quote! { #module::#state }));
        let steps = self
            .model
            .transitions
            .iter()
            .filter(|one| one.is_sound() && (self.health.is_sound() || !one.hides_the_facade()))
            .filter_map(|transition| {
                let way = self.way(transition, state)?;
                Some(self.step(transition, &way))
            });
        let steps: Vec<TokenStream> = steps.collect();
        if steps.is_empty() {
            return TokenStream::new();
        }
        let (lints, cfg) = (self.lints(), self.cfg(state));
        quote! {
            #cfg
            #lints
            impl #impl_generics #one #arguments #clause { #(#steps)* }
        }
    }

    /// Where a transition leads from a state; `None` if it does not start there.
    fn way<'b>(&self, transition: &'b Transition, state: &'b Ident) -> Option<Way<'b>> {
        let left = |edge: &Edge| !edge.is_internal() && edge.sources.iter().any(|source| is(source, state));
        let live = self.model.transitions.iter().flat_map(|one| &one.edges).any(left);
        let (mut targets, mut certain, mut further): (Vec<&Ident>, bool, bool) = (Vec::new(), false, false);
        for edge in &transition.edges {
            let named = edge.sources.iter().any(|source| is(source, state));
            let any = live && edge.sources.iter().any(|source| matches!(source, Source::Any(_)));
            if certain || !(named || any) {
                continue;
            }
            let target = match &edge.target {
                Target::State(name) => name,
                Target::Internal => state,
            };
            if !targets.iter().any(|known| names::same(known, target)) {
                targets.push(target);
            }
            certain = edge.guard.is_none();
            further |= self.may_move_on(edge);
        }
        (!targets.is_empty()).then_some(Way { targets, certain, further })
    }

    /// Whether a hook that runs after the change calls a transition.
    fn may_move_on(&self, edge: &Edge) -> bool {
        let runs = |hook: &&Hook| match (hook.when, &edge.target) {
            (When::Always, _) => true,
            (When::Enter, Target::State(name)) => hook.names(name),
            _ => false,
        };
        self.model.hooks.iter().filter(runs).any(|hook| check::moves(self.model, &hook.method))
    }

    /// `pay`, and `pay_returning` if there is an output.
    fn step(&self, transition: &Transition, way: &Way<'_>) -> TokenStream {
        let ok = match transition.action(&self.door) {
            Action::Succeeds(ok) | Action::Fails { ok, .. } => ok,
        };
        let (plain, output) = (self.facade_method(transition, way, None), without_self(&ok, &self.model.block.self_ty));
        let returning = (output.to_string() != "()" && !self.clashes(&format!("{}_returning", transition.text())))
            .then(|| self.facade_method(transition, way, Some(&output)));
        quote! { #plain #returning }
    }

    fn facade_method(&self, transition: &Transition, way: &Way<'_>, output: Option<&TokenStream>) -> TokenStream {
        let (ty, vis, cfgs) = (&self.model.block.self_ty, &transition.method.vis, transition.method.cfgs());
        let (sig, call) = (&transition.method.sig, names::quiet(transition.name()));
        let (text, wait) = (transition.text(), transition.is_async());
        let (asyncness, wait) = (wait.then(|| quote! { async }), wait.then(|| quote! { .await }));
        let name = if output.is_some() {
            format_ident!("{text}_returning", span = call.span())
        } else {
            transition.name().clone()
        };
        let (impl_generics, _, clause) = sig.generics.split_for_impl();
        let taken = transition.arguments.iter().map(|argument| {
            let (name, cfgs, ty) = (&argument.name, &argument.cfgs, without_self(&argument.ty, ty));
            quote! { #cfgs #name: #ty }
        });
        let values = transition.arguments.iter().map(|argument| {
            let (name, cfgs) = (&argument.name, &argument.cfgs);
            quote! { #cfgs #name }
        });
        let (next, made) = self.next(way);
        let (out, machine) = (names::local("out"), names::local("machine"));
        let (answer, value) = match output {
            Some(output) => (quote! { (#next, #output) }, quote! { (#made, #out) }),
            None => (next, made),
        };
        let (returned, good, bad) = self.outcome(transition, way, &answer, &value);
        let doc = format!("[`{text}`]({0}::{text}).", names::text(self.ty));
        let errors = (!self.is_never_refused(transition, way)).then(|| {
            quote! {
                ///
                /// # Errors
                /// As there; the error carries the machine.
            }
        });
        let body = self.body(quote! {
            let mut #machine = self.machine.into_inner();
            match <#ty>::#call(&mut #machine, #(#values),*)#wait {
                ::core::result::Result::Ok(#out) => #good,
                #bad
            }
        });
        quote! {
            #cfgs
            #[doc = #doc]
            #errors
            #vis #asyncness fn #name #impl_generics(self, #(#taken),*) -> #returned #clause {
                #body
            }
        }
    }

    /// The type that a transition leads to, and how it is made.
    fn next(&self, way: &Way<'_>) -> (TokenStream, TokenStream) {
        let (Facade { one, any, module }, machine) = (self.facade_names(), names::local("machine"));
        match way.targets[..] {
            [only] if !way.further => {
                let arguments = self.arguments(Some(&quote! { #module::#only }));
                (quote! { #one #arguments }, quote! { #one::__bailiwick_new(#machine) })
            }
            _ => {
                let (arguments, typed) = (self.arguments(None), self.prefixed("typed"));
                (quote! { #any #arguments }, quote! { #machine.#typed() })
            }
        }
    }

    /// Whether neither a guard nor the action can refuse: the answer is then no `Result`.
    fn is_never_refused(&self, transition: &Transition, way: &Way<'_>) -> bool {
        way.certain && matches!(transition.action(&self.door), Action::Succeeds(_))
    }

    /// The type of the answer, and the two arms of the `match` over it.
    fn outcome(
        &self,
        transition: &Transition,
        way: &Way<'_>,
        answer: &TokenStream,
        value: &TokenStream,
    ) -> (TokenStream, TokenStream, TokenStream) {
        let (door, error, machine) = (&self.door, names::local("error"), names::local("machine"));
        let action = transition.action(door);
        if self.is_never_refused(transition, way) {
            let bad = quote! { ::core::result::Result::Err(#error) => #door::cannot_be_refused(&#error), };
            return (answer.clone(), quote! { { let _ = &#machine; #value } }, bad);
        }
        let why = match (&self.model.args.error, action) {
            (Some(error), _) => quote! { #error },
            (None, Action::Succeeds(_)) => quote! { #door::TransitionError },
            (None, Action::Fails { err, .. }) => {
                let err = without_self(&err, &self.model.block.self_ty);
                quote! { #door::TransitionError<#err> }
            }
        };
        let bad = quote! {
            ::core::result::Result::Err(#error) => ::core::result::Result::Err(
                #door::Refused::new(Self::__bailiwick_new(#machine), #error),
            ),
        };
        let returned = quote! { ::core::result::Result<#answer, #door::Refused<Self, #why>> };
        (returned, quote! { ::core::result::Result::Ok(#value) }, bad)
    }
}

fn is(source: &Source, state: &Ident) -> bool {
    matches!(source, Source::State(name) if names::same(name, state))
}
