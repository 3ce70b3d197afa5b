//! `check_x`: which transition of a method is taken, or why none is.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::Writer;
use crate::{
    names,
    state_machine::{
        grammar::{Edge, Guard, Source, Target},
        model::Transition,
    },
    syntax::{
        returns::Answer,
        signature::{self},
    },
};

impl Writer<'_> {
    /// `check_x`, `can_x`, and for a method whose transitions partly stay the function that says which.
    pub(super) fn checks(&self, transition: &Transition) -> TokenStream {
        let (vis, cfgs) = (&transition.method.vis, transition.method.cfgs());
        let (impl_generics, _, where_clause) = transition.method.sig.generics.split_for_impl();
        let (states, p, text) = (&self.states, names::door(), transition.text());
        let (check, can) = (self.check_fn(transition), named(transition, "can"));
        let taken: Vec<TokenStream> = self.taken(transition);
        let names: Vec<TokenStream> = self.passed(transition);
        let this = names::this();
        let choose = transition.is_mixed().then(|| self.choose(transition, &taken));
        let body = self.body(match &choose {
            None => self.choice(transition),
            Some(_) => {
                let (fun, to) = (self.choose_fn(transition), names::local("to"));
                quote! { Self::#fun(#this, #(#names),*).map(|(#to, _)| #to) }
            }
        });
        let asked = self.body(quote! { #p::agreed(Self::#check(#this, #(#names),*)) });
        let check_doc = format!(
            "Where [`{text}`](Self::{text}) leads, with the guards asked; nothing is changed.\n\n# Errors\nThe transition does \
             not start from the state, or a guard refuses it.",
        );
        let can_doc = format!("Whether [`{text}`](Self::{text}) starts from the state and its guards agree.");
        quote! {
            #choose
            #cfgs
            #[doc = #check_doc]
            #[inline]
            #vis fn #check #impl_generics(
                &#this, #(#taken),*
            ) -> #p::Result<#states, #p::TransitionError> #where_clause {
                #body
            }
            #cfgs
            #[doc = #can_doc]
            #[must_use]
            #[inline]
            #vis fn #can #impl_generics(&#this, #(#taken),*) -> ::core::primitive::bool #where_clause {
                #asked
            }
        }
    }

    /// `check_x`.
    pub(super) fn check_fn(&self, transition: &Transition) -> Ident {
        named(transition, "check")
    }

    /// The function that says which of a method's transitions is taken.
    pub(super) fn choose_fn(&self, transition: &Transition) -> Ident {
        names::local(&format!("bailiwick_state_machine_choose_{}", transition.text()))
    }

    fn choose(&self, transition: &Transition, taken: &[TokenStream]) -> TokenStream {
        let (cfgs, fun) = (transition.method.cfgs(), self.choose_fn(transition));
        let this = names::this();
        let (impl_generics, _, where_clause) = transition.method.sig.generics.split_for_impl();
        let (states, p, body) = (&self.states, names::door(), self.body(self.choice(transition)));
        quote! {
            #cfgs
            #[doc(hidden)]
            #[inline]
            fn #fun #impl_generics(
                &#this, #(#taken),*
            ) -> #p::Result<(#states, ::core::primitive::bool), #p::TransitionError> #where_clause {
                #body
            }
        }
    }

    /// The arguments of `check_x`.
    fn taken(&self, transition: &Transition) -> Vec<TokenStream> {
        let taken = transition.arguments.iter().filter_map(|argument| {
            let (name, cfgs, ty) = (argument.name.as_ref()?, &argument.cfgs, argument.by_reference());
            Some(quote! { #cfgs #name: #ty })
        });
        taken.collect()
    }

    /// The arguments of `check_x`, passed on.
    fn passed(&self, transition: &Transition) -> Vec<TokenStream> {
        let passed = transition.arguments.iter().filter_map(|argument| {
            let (name, cfgs) = (argument.name.as_ref()?, &argument.cfgs);
            Some(quote! { #cfgs #name })
        });
        passed.collect()
    }

    /// The body: a `match`, where each state has one transition; else one question after the other.
    fn choice(&self, transition: &Transition) -> TokenStream {
        let (from, state, this) = (names::local("from"), self.state_fn(), names::this());
        let rest = if one_each(&transition.edges) { self.arms(transition) } else { self.questions(transition) };
        quote! {
            let #from = Self::#state(#this);
            #rest
        }
    }

    fn arms(&self, transition: &Transition) -> TokenStream {
        let (from, machine, text, p) = (names::local("from"), &self.machine, transition.text(), names::door());
        let arms = transition.edges.iter().map(|edge| {
            let (pattern, target) = (self.pattern(edge), self.target(edge, transition));
            let taken = quote! { #p::Ok(#target) };
            match &edge.guard {
                None => quote! { #pattern => #taken, },
                Some(guard) => self.guarded(transition, &pattern, guard, &taken),
            }
        });
        quote! {
            match #from {
                #(#arms)*
                _ => #p::Err(#machine.illegal(#text, #from)),
            }
        }
    }

    /// One arm with a guard; a single guard that answers `bool` needs no book-keeping.
    fn guarded(
        &self,
        transition: &Transition,
        pattern: &TokenStream,
        guard: &Guard,
        taken: &TokenStream,
    ) -> TokenStream {
        let (from, machine, text, p) = (names::local("from"), &self.machine, transition.text(), names::door());
        if let Some((name, condition)) = self.plain(transition, guard) {
            return quote! {
                #pattern => if #condition { #taken } else {
                    #p::Err(#machine.refused(#text, #from, #name))
                },
            };
        }
        let (asked, condition) = (names::local("asked"), self.condition(transition, guard));
        quote! {
            #pattern => {
                let mut #asked = #p::Asked::new();
                if #condition { #taken } else {
                    #asked.refuse(#text);
                    #p::Err(#machine.none(#text, #from, #asked))
                }
            }
        }
    }

    fn questions(&self, transition: &Transition) -> TokenStream {
        let (from, asked, machine) = (names::local("from"), names::local("asked"), &self.machine);
        let (p, text) = (names::door(), transition.text());
        let guards = transition.edges.iter().any(|edge| edge.guard.is_some());
        let begin = guards.then(|| quote! { let mut #asked = #p::Asked::new(); });
        let end = if guards {
            quote! { #machine.none(#text, #from, #asked) }
        } else {
            quote! { #machine.illegal(#text, #from) }
        };
        let questions = transition.edges.iter().map(|edge| {
            let (starts, target) = (self.starts(edge), self.target(edge, transition));
            let taken = quote! { return #p::Ok(#target); };
            match &edge.guard {
                None => quote! { if #starts { #taken } },
                Some(guard) => {
                    let condition = self.condition(transition, guard);
                    quote! { if #starts { if #condition { #taken } #asked.refuse(#text); } }
                }
            }
        });
        quote! { #begin #(#questions)* #p::Err(#end) }
    }

    /// The sources that are named, as a pattern.
    pub(super) fn pattern(&self, edge: &Edge) -> TokenStream {
        let named = edge.sources.iter().filter_map(|source| match source {
            Source::State(name) => Some(self.state(name)),
            Source::Any(_) => None,
        });
        quote! { #(#named)|* }
    }

    /// Whether the edge starts from the state, as a condition.
    pub(super) fn starts(&self, edge: &Edge) -> TokenStream {
        let (from, machine, pattern) = (names::local("from"), &self.machine, self.pattern(edge));
        let any = edge.is_from_any();
        match (pattern.is_empty(), any) {
            (true, _) => quote! { #machine.leaves(&#from) },
            (false, false) => quote! { match #from { #pattern => true, _ => false } },
            (false, true) => quote! { match #from { #pattern => true, _ => #machine.leaves(&#from) } },
        }
    }

    /// Where an edge leads; in a method whose transitions partly stay, also whether this one does.
    fn target(&self, edge: &Edge, transition: &Transition) -> TokenStream {
        let from = names::local("from");
        let target = match &edge.target {
            Target::State(name) => self.state(name),
            Target::Internal => quote! { #from },
        };
        let internal = edge.is_internal();
        if transition.is_mixed() {
            quote! { (#target, #internal) }
        } else {
            target
        }
    }

    /// The name and the call of a single guard that is declared as `bool`.
    fn plain(&self, transition: &Transition, guard: &Guard) -> Option<(String, TokenStream)> {
        let (name, not) = match guard {
            Guard::Method(name) => (name, None),
            Guard::Not(_, inner) => match &**inner {
                Guard::Method(name) => (name, Some(quote! { ! })),
                _ => return None,
            },
            _ => return None,
        };
        let method = self.model.method(name)?;
        let Answer::Plain(ty) = Answer::of(&method.sig.output) else { return None };
        let call = self.ask(transition, name);
        signature::is_named(ty, "bool").then(|| (names::text(name), quote! { #not #call }))
    }

    /// The guards as a condition that remembers the last answer.
    fn condition(&self, transition: &Transition, guard: &Guard) -> TokenStream {
        let join = |parts: &[Guard]| parts.iter().map(|part| self.condition(transition, part)).collect::<Vec<_>>();
        match guard {
            Guard::Method(name) => {
                let (asked, p, text) = (names::local("asked"), self.door_at(name.span()), names::text(name));
                let call = self.ask(transition, name);
                quote_spanned! { names::spot(name.span()) => #p::Asked::answer(&mut #asked, #text, #call) }
            }
            Guard::Not(_, inner) => {
                let inner = self.condition(transition, inner);
                quote! { !(#inner) }
            }
            Guard::All(parts) => {
                let parts = join(parts);
                quote! { (#(#parts)&&*) }
            }
            Guard::Any(parts) => {
                let parts = join(parts);
                quote! { (#(#parts)||*) }
            }
        }
    }

    /// The call of a guard, at its word.
    fn ask(&self, transition: &Transition, name: &Ident) -> TokenStream {
        let takes = self.model.method(name).is_some_and(|method| !signature::arguments(&method.sig).is_empty());
        let place = names::spot(name.span());
        let arguments = transition.arguments.iter().filter(|_| takes).filter_map(|argument| {
            let (name, cfgs) = (argument.name.as_ref()?, &argument.cfgs);
            let mut name = name.clone();
            name.set_span(place.resolved_at(name.span()));
            Some(quote! { #cfgs #name })
        });
        quote_spanned! { place => Self::#name(self, #(#arguments),*) }
    }
}

/// `check_pay`, at the method's word.
fn named(transition: &Transition, word: &str) -> Ident {
    Ident::new(&format!("{word}_{}", transition.text()), transition.name().span())
}

/// Whether no two transitions of a method start from the same state, as far as names show it.
fn one_each(edges: &[Edge]) -> bool {
    let mut seen: Vec<&Ident> = Vec::new();
    edges.iter().flat_map(|edge| &edge.sources).all(|source| match source {
        Source::State(name) => {
            let new = !seen.iter().any(|known| names::same(known, name));
            seen.push(name);
            new
        }
        Source::Any(_) => false,
    })
}
