//! The facts of the machine, its graph, and what is checked of it.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{GenericParam, spanned::Spanned};

use super::{Writer, doc};
use crate::{
    behaviour::receiver::without_self,
    names,
    state_machine::{
        check::{self, Found},
        grammar::{Edge, Source, Target},
        model::Transition,
    },
};

impl Writer<'_> {
    /// `Order`, or `Order.payment`.
    pub(super) fn machine_name(&self) -> String {
        let name = self.model.args.name.as_ref().map(|name| format!(".{}", names::text(name)));
        names::text(self.ty) + &name.unwrap_or_default()
    }

    /// Whether the machine has facts: it says what its states are, and nothing is wrong with it.
    pub(super) fn has_facts(&self) -> bool {
        self.model.args.states.is_some() && self.health.is_sound()
    }

    /// The alias of the enum.
    pub(super) fn alias(&self) -> TokenStream {
        if !self.has_facts() {
            return TokenStream::new();
        }
        let (alias, states) = (&self.alias, &self.states);
        quote! {
            #[doc(hidden)]
            type #alias = #states;
        }
    }

    /// The static that everything is read from.
    pub(super) fn facts(&self) -> TokenStream {
        if !self.has_facts() {
            return TokenStream::new();
        }
        let (states, machine, door, made) = (&self.states, &self.machine, &self.door, self.made());
        let p = names::door();
        let edges = self.model.transitions.iter().flat_map(|one| one.edges.iter().map(|edge| self.edge(one, edge)));
        quote! {
            #[doc(hidden)]
            static #machine: #door::Machine<#states> = {
                use #door as #p;
                const EDGES: &[#p::Edge] = &[#(#edges)*];
                #made
            };
        }
    }

    /// The one expression that asks whether the enum is a set of states, at the enum.
    fn made(&self) -> TokenStream {
        let (states, place) = (&self.states, self.states.span());
        let (door, p, name) = (names::at(&names::door(), place), names::door(), self.machine_name());
        let codes = ["invalid_transition", "guard_failed", "state_moved"].map(|word| self.code(word));
        let [invalid_transition, guard_failed, state_moved] = codes;
        let seen = self.seen().into_iter().map(Literal::u64_unsuffixed);
        let texts = quote! {
            #p::Texts {
                machine: #name,
                invalid_transition: #invalid_transition,
                guard_failed: #guard_failed,
                state_moved: #state_moved,
                seen: &[#(#seen),*],
            }
        };
        let (audit, emit) = (self.model.args.audit.is_some(), self.model.args.emit.is_some());
        let stores = (audit || emit).then(|| quote! { .stores(#audit, #emit) });
        quote_spanned! { names::spot(place) => #door::Machine::<#states>::new(&#texts, EDGES) #stores }
    }

    fn edge(&self, transition: &Transition, edge: &Edge) -> TokenStream {
        let (door, cfgs, text) = (names::door(), transition.method.cfgs(), transition.text());
        let sources = edge.sources.iter().map(|source| source.text());
        let target = match &edge.target {
            Target::State(name) => names::text(name),
            Target::Internal => String::new(),
        };
        let guard = edge.guard.as_ref().map(|guard| guard.text()).unwrap_or_default();
        let is_async = transition.is_async();
        let arguments = transition.arguments.iter().filter_map(|argument| {
            let (name, cfgs) = (names::text(argument.name.as_ref()?), &argument.cfgs);
            Some(quote! { #cfgs #door::Borrowed(#name) })
        });
        let doc = doc::first_paragraph(&transition.method.attrs);
        quote! {
            #cfgs
            #door::edge(
                [#text, #target, #guard, #doc],
                &[#(#door::Borrowed(#sources)),*],
                &[#(#arguments),*],
                #is_async,
            ),
        }
    }

    /// The checks of the whole graph: each stops the compiler at a word of the user.
    fn rules(&self) -> TokenStream {
        if !self.has_facts() {
            return TokenStream::new();
        }
        let found = Found { machine: &self.machine };
        let named = self.model.args.typestate.map(|_| self.whole(&check::typestate_unnamed(&found)));
        let whole = [check::unreachable_state(&found), check::dead_end(&found)].map(|found| self.whole(&found));
        let idle = self.is_ambiguous().then(|| self.each(&check::idle(&found)));
        let terminal = self.each(&check::leaves_terminal(&found));
        let (unheard, machine) = (self.unheard(), &self.machine);
        quote! { const _: () = if !#machine.is_sound() { #terminal #idle #(#whole)* #named }; #unheard }
    }

    /// What refers to the door: the machine's own methods, the checks, and the trait.
    pub(super) fn block_beside(&self) -> TokenStream {
        let (own, rules, sent, machine) = (self.own(), self.rules(), self.sent(), self.trait_impl());
        let (paths, only) = (self.model.block.role_paths(), self.only());
        let (module, listing) = (self.tag.module(self.ty), &self.listing);
        self.model.args.root.block(&quote! {
            use #module::#listing;
            #paths #only #own #rules #sent #machine
        })
    }

    /// The future of every `async` transition can be sent, if its types are known.
    fn sent(&self) -> TokenStream {
        let known = self.model.transitions.iter().filter(|one| self.has_facts() && self.names_its_types(one));
        let asks: Vec<TokenStream> = known.map(|one| self.ask_send(one)).collect();
        if asks.is_empty() {
            return TokenStream::new();
        }
        quote! { const _: () = { #(#asks)* }; }
    }

    /// Whether a transition waits, and its future has no type that only a caller knows.
    fn names_its_types(&self, one: &Transition) -> bool {
        let unnamed =
            |generics: &syn::Generics| generics.params.iter().any(|param| !matches!(param, GenericParam::Lifetime(_)));
        let service = one.arguments.iter().any(|argument| argument.ty.to_token_stream().to_string().contains("impl "));
        let generic = unnamed(&self.model.block.generics) || unnamed(&one.method.sig.generics);
        one.is_async() && one.is_sound() && !service && !generic
    }

    fn ask_send(&self, one: &Transition) -> TokenStream {
        let (name, cfgs, machine) = (one.name(), one.method.cfgs(), names::local("machine"));
        let (ty, block) = (&self.model.block.self_ty, &self.model.block.generics);
        let mut generics = block.clone();
        generics.params.extend(one.method.sig.generics.params.iter().cloned());
        let (impl_generics, where_clause) = (generics.split_for_impl().0, &block.where_clause);
        let taken = one.arguments.iter().map(|argument| {
            let (name, cfgs, ty) = (&argument.name, &argument.cfgs, without_self(&argument.ty, ty));
            quote! { #cfgs #name: #ty }
        });
        let values = one.arguments.iter().map(|argument| {
            let (name, cfgs) = (&argument.name, &argument.cfgs);
            quote! { #cfgs #name }
        });
        let (lifetime, door) = (one.lifetime(), names::at(&names::door(), name.span()));
        let called = names::quiet(name);
        let ask = quote_spanned! { names::spot(name.span()) =>
            #door::assert_send(&<#ty>::#called(#machine, #(#values),*));
        };
        let old = one.is_deprecated().then(|| quote! { deprecated, });
        quote! {
            #cfgs
            #[allow(dead_code, #old clippy::too_many_arguments, reason = "generated by Bailiwick")]
            fn #called #impl_generics(#machine: &#lifetime mut #ty, #(#taken),*) #where_clause { #ask }
        }
    }

    /// Whether only the enum can tell if a transition is ever taken: `_` stands beside another source.
    fn is_ambiguous(&self) -> bool {
        let any = |transition: &Transition| {
            let mut sources = transition.edges.iter().flat_map(|edge| &edge.sources);
            transition.edges.len() > 1 && sources.any(|source| matches!(source, Source::Any(_)))
        };
        self.model.transitions.iter().any(any)
    }

    /// What is wrong with the graph is shown at the enum.
    fn whole(&self, found: &TokenStream) -> TokenStream {
        let place = self.states.span();
        let (door, found) = (names::at(&names::door(), place), names::moved(found.clone(), place));
        quote_spanned! { names::spot(place) => #door::refuse(#found); }
    }

    /// What is wrong with an edge is shown at its first source; the edges are counted by the compiler, after `cfg`.
    fn each(&self, found: &TokenStream) -> TokenStream {
        let (text, at) = (names::local("found"), names::local("at"));
        let edges = self.model.transitions.iter().flat_map(|one| one.edges.iter().map(move |edge| (one, edge)));
        let ask = edges.map(|(transition, edge)| {
            let cfgs = transition.method.cfgs();
            let place = names::spot(edge.sources.first().map_or(edge.role, Source::span));
            let (door, text, value) =
                (names::at(&names::door(), place), names::at(&text, place), names::at(&at, place));
            quote_spanned! { place => #cfgs let #at = #door::refuse_at(&#text, #value); }
        });
        quote! {
            let (#text, #at) = (#found, 0);
            #(#ask)*
            let _ = #at;
        }
    }

    /// `GRAPH`.
    pub(super) fn graph(&self) -> TokenStream {
        let (vis, door) = (&self.vis, names::door());
        let name = proc_macro2::Ident::new(&self.prefixed("graph").to_string().to_uppercase(), self.ty.span());
        let docs = doc::graph(self.model, &self.machine_name());
        let value = self.graph_value(&door.to_token_stream());
        quote! {
            #docs
            #vis const #name: #door::Graph = #value;
        }
    }

    fn graph_value(&self, door: &TokenStream) -> TokenStream {
        let machine = &self.machine;
        if self.has_facts() {
            quote! { #machine.graph() }
        } else {
            quote! { #door::no_graph() }
        }
    }

    /// `impl StateMachine`. The bound in the where clause is not judged here: the static says what is wrong with it.
    fn trait_impl(&self) -> TokenStream {
        if self.model.args.states.is_none() {
            return TokenStream::new();
        }
        let (states, door, machine, place) = (&self.states, names::door(), &self.machine, self.states.span());
        let ty = names::moved(self.model.block.self_ty.to_token_stream(), place);
        let there = names::at(&door, place);
        let mut generics = self.model.block.generics.clone();
        let clause: syn::WherePredicate = syn::parse_quote!(for<'__bailiwick> #states: #door::State);
        generics.make_where_clause().predicates.push(clause);
        let (impl_generics, _, where_clause) = generics.split_for_impl();
        let (graph, state) = (self.graph_value(&door.to_token_stream()), self.state_fn());
        let facts = self.body(quote! { #machine.facts() });
        let read = self.body(quote! { Self::#state(self) });
        let event = self.model.has_log().then(|| self.event());
        let log = self.model.has_log().then(|| {
            let log = self.hidden("log");
            let body = self.body(quote! { ::core::option::Option::Some(Self::#log(self)) });
            quote! {
                const LOGGED: ::core::primitive::bool = true;
                #event
                fn log(&self) -> ::core::option::Option<&#door::TransitionLog> { #body }
            }
        });
        let impl_generics = names::moved(impl_generics.to_token_stream(), place);
        let head = quote_spanned! { names::spot(place) => impl #impl_generics #there::StateMachine<#states> for #ty };
        quote! {
            #[automatically_derived]
            #head #where_clause {
                const GRAPH: #door::Graph = #graph;
                fn facts() -> &'static #door::MachineFacts { #facts }
                fn state(&self) -> #states { #read }
                #log
            }
        }
    }
}

impl Edge {
    /// Whether `_` is a source of it.
    pub(super) fn is_from_any(&self) -> bool {
        self.sources.iter().any(|source| matches!(source, Source::Any(_)))
    }
}

impl Source {
    /// Where it stands.
    pub(in crate::state_machine) fn span(&self) -> Span {
        match self {
            Self::State(name) => name.span(),
            Self::Any(span) => *span,
        }
    }

    /// The name of the state, or `_`.
    pub(in crate::state_machine) fn text(&self) -> String {
        match self {
            Self::State(name) => names::text(name),
            Self::Any(_) => "_".into(),
        }
    }
}
