//! The typestate facade: a type for each state, with the transitions that start from it.

mod step;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use syn::{GenericParam, Generics, parse_quote};

use super::Writer;
use crate::{
    cfgs, names,
    state_machine::grammar::{Edge, Source, Target},
};

/// The names of the facade.
struct Facade {
    /// `OrderIn`.
    one: Ident,
    /// `OrderTyped`.
    any: Ident,
    /// `order_state`.
    module: Ident,
}

impl Writer<'_> {
    fn facade_names(&self) -> Facade {
        let name = self.model.args.name.as_ref();
        let (camel, ty, span) = (name.map(names::camel).unwrap_or_default(), names::text(self.ty), self.ty.span());
        let snake = name.map(|name| format!("{}_", names::text(name))).unwrap_or_default();
        Facade {
            one: format_ident!("{ty}{camel}In", span = span),
            any: format_ident!("{ty}{camel}Typed", span = span),
            module: format_ident!("{}_{snake}state", names::snake(self.ty), span = span),
        }
    }

    /// The states that are named, sources first.
    fn named(&self) -> Vec<&Ident> {
        let mut states = self.model.named_sources();
        for edge in self.model.transitions.iter().flat_map(|one| &one.edges) {
            if let Target::State(name) = &edge.target
                && !states.iter().any(|known| names::same(known, name))
            {
                states.push(name);
            }
        }
        states
    }

    /// The `cfg` of a state: it is there where a transition that names it is.
    fn cfg(&self, state: &Ident) -> Option<TokenStream> {
        let is = |edge: &Edge| {
            matches!(&edge.target, Target::State(name) if names::same(name, state))
                || edge.sources.iter().any(|source| matches!(source, Source::State(name) if names::same(name, state)))
        };
        let named = self.model.transitions.iter().filter(|one| one.edges.iter().any(is));
        let all: Vec<Vec<_>> = named.map(|one| cfgs::of(&one.method.attrs)).collect();
        if all.iter().any(Vec::is_empty) {
            return None;
        }
        let each = all.iter().map(|cfgs| {
            let asked = cfgs.iter().filter_map(|cfg| Some(&cfg.meta.require_list().ok()?.tokens));
            quote! { all(#(#asked),*) }
        });
        Some(quote! { #[cfg(any(#(#each),*))] })
    }

    /// `typed`.
    pub(super) fn typed(&self) -> Option<TokenStream> {
        self.model.args.typestate.filter(|_| !self.is_taken("typed"))?;
        let (vis, name, Facade { one, any, .. }) = (&self.vis, self.prefixed("typed"), self.facade_names());
        let (this, from, state, machine) = (names::this(), names::local("from"), self.state_fn(), &self.machine);
        let sources = self.model.named_sources();
        let cases = self.named().into_iter().map(|name| {
            let (wanted, cfg) = (self.state(name), self.cfg(name));
            let is = match sources.iter().any(|source| names::same(source, name)) {
                true => quote! { match #from { #wanted => true, _ => false } },
                false => quote! { !#machine.differ(&#from, &#wanted) },
            };
            quote! { #cfg if #is { return #any::#name(#one::__bailiwick_new(#this)); } }
        });
        let arguments = self.arguments(None);
        let body = self.body(quote! {
            let #from = Self::#state(&#this);
            #(#cases)*
            ::core::unreachable!("a state that no transition names does not compile")
        });
        Some(quote! {
            /// The machine with its state in its type.
            #vis fn #name(#this) -> #any #arguments {
                #body
            }
        })
    }

    /// The arguments of the facade's types: those of the block, and the marker.
    fn arguments(&self, marker: Option<&TokenStream>) -> TokenStream {
        let params = self.model.block.generics.params.iter().map(|param| match param {
            GenericParam::Lifetime(param) => {
                let name = &param.lifetime;
                quote! { #name }
            }
            GenericParam::Type(param) => {
                let name = &param.ident;
                quote! { #name }
            }
            GenericParam::Const(param) => {
                let name = &param.ident;
                quote! { #name }
            }
        });
        let all: Vec<TokenStream> = params.chain(marker.cloned()).collect();
        if all.is_empty() {
            TokenStream::new()
        } else {
            quote! { <#(#all),*> }
        }
    }

    /// The parameters of the block and one for the marker.
    fn generics(&self) -> Generics {
        let mut generics = self.model.block.generics.clone();
        generics.params.push(parse_quote!(__S));
        generics
    }

    /// The same, and one for the machine: so no trait of a public facade names a machine that is not.
    fn free(&self) -> Generics {
        let mut generics = self.generics();
        generics.params.push(parse_quote!(__M));
        generics
    }

    /// The markers, the facade's types, and the transitions on them.
    pub(super) fn facade(&self) -> Vec<TokenStream> {
        if self.model.args.typestate.is_none() || self.model.args.states.is_none() {
            return Vec::new();
        }
        let states = self.named();
        let impls = states.iter().map(|state| self.steps_from(state));
        let types = [self.markers(&states), self.any(&states), self.one(), self.inner(), self.lent()];
        types.into_iter().chain([self.debug_one(), self.debug_any(&states)]).chain(impls).collect()
    }

    fn markers(&self, states: &[&Ident]) -> TokenStream {
        let (vis, Facade { one, module, .. }) = (&self.vis, self.facade_names());
        let doc = format!("The states of [`{one}`], as types.");
        let markers = states.iter().map(|state| {
            let (doc, cfg) = (format!("`{}`.", names::text(state)), self.cfg(state));
            quote! {
                #cfg
                #[doc = #doc]
                #[derive(::core::fmt::Debug, ::core::clone::Clone, ::core::marker::Copy)]
                pub struct #state;
            }
        });
        quote! {
            #[doc = #doc]
            #[allow(unreachable_pub, dead_code, non_camel_case_types, reason = "generated by Bailiwick")]
            #vis mod #module { #(#markers)* }
        }
    }

    fn any(&self, states: &[&Ident]) -> TokenStream {
        let (vis, Facade { one, any, module }) = (&self.vis, self.facade_names());
        let (generics, clause) = (&self.model.block.generics.params, &self.model.block.generics.where_clause);
        let variants = states.iter().map(|state| {
            let doc = format!("In the state `{}`.", names::text(state));
            let (arguments, cfg) = (self.arguments(Some(&quote! { #module::#state })), self.cfg(state));
            quote! { #cfg #[doc = #doc] #state(#one #arguments), }
        });
        let generics = (!generics.is_empty()).then(|| quote! { <#generics> });
        let doc = format!("`{}` with its state in its type, whichever it is.", names::text(self.ty));
        quote! {
            #[doc = #doc]
            #[must_use]
            #[allow(
                unreachable_pub,
                dead_code,
                missing_debug_implementations,
                non_camel_case_types,
                private_interfaces,
                reason = "generated by Bailiwick"
            )]
            #vis enum #any #generics #clause { #(#variants)* }
        }
    }

    fn one(&self) -> TokenStream {
        let (vis, Facade { one, .. }, ty) = (&self.vis, self.facade_names(), &self.model.block.self_ty);
        let (generics, door) = (self.generics(), &self.door);
        let (params, clause) = (&generics.params, &generics.where_clause);
        let doc = format!("`{}` in one state, with the transitions that start from it.", names::text(self.ty));
        quote! {
            #[doc = #doc]
            #[must_use]
            #[allow(unreachable_pub, dead_code, missing_debug_implementations, private_interfaces, reason = "generated by Bailiwick")]
            #vis struct #one<#params, __M = #ty> #clause {
                machine: #door::Held<__M>,
                state: ::core::marker::PhantomData<fn() -> (__S, #ty)>,
            }
        }
    }

    fn inner(&self) -> TokenStream {
        let (Facade { one, .. }, ty, generics) = (self.facade_names(), &self.model.block.self_ty, self.generics());
        let (impl_generics, _, clause) = generics.split_for_impl();
        let (arguments, machine) = (self.arguments(Some(&quote! { __S })), names::local("machine"));
        let door = &self.door;
        quote! {
            #[allow(unreachable_pub, dead_code, private_interfaces, reason = "generated by Bailiwick")]
            impl #impl_generics #one #arguments #clause {
                fn __bailiwick_new(#machine: #ty) -> Self {
                    Self { machine: #door::Held::new(#machine), state: ::core::marker::PhantomData }
                }

                /// The machine, for reading.
                #[must_use]
                pub fn get(&self) -> &#ty {
                    self.machine.get()
                }

                /// The machine, without its state in its type.
                #[must_use]
                pub fn into_inner(self) -> #ty {
                    self.machine.into_inner()
                }
            }
        }
    }

    /// No `Deref`: a method that does not start from the state would be found through it.
    fn lent(&self) -> TokenStream {
        let (Facade { one, .. }, free) = (self.facade_names(), self.free());
        let arguments = self.arguments(Some(&quote! { __S, __M }));
        let (impl_generics, _, clause) = free.split_for_impl();
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::convert::AsRef<__M> for #one #arguments #clause {
                fn as_ref(&self) -> &__M { self.machine.get() }
            }
        }
    }

    /// `Debug` of the machine; one without parameters may have none.
    fn debug_one(&self) -> TokenStream {
        let (Facade { one, .. }, door) = (self.facade_names(), &self.door);
        if self.model.block.generics.params.is_empty() {
            return quote! {
                #[automatically_derived]
                impl<__S> ::core::fmt::Debug for #one<__S> {
                    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                        #[allow(unused_imports, reason = "generated by Bailiwick")]
                        use #door::NoDebug as _;
                        self.machine.__bailiwick_debug(f)
                    }
                }
            };
        }
        let mut generics = self.free();
        generics.make_where_clause().predicates.push(parse_quote!(__M: ::core::fmt::Debug));
        let (impl_generics, _, clause) = generics.split_for_impl();
        let arguments = self.arguments(Some(&quote! { __S, __M }));
        quote! {
            #[automatically_derived]
            impl #impl_generics ::core::fmt::Debug for #one #arguments #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    ::core::fmt::Debug::fmt(self.machine.get(), f)
                }
            }
        }
    }

    /// The bound is not judged here: without it, the impl does not hold.
    fn debug_any(&self, states: &[&Ident]) -> TokenStream {
        let (Facade { any, .. }, ty) = (self.facade_names(), &self.model.block.self_ty);
        let (mut generics, arguments) = (self.model.block.generics.clone(), self.arguments(None));
        if !generics.params.is_empty() {
            let bound: syn::WherePredicate = parse_quote!(for<'__bailiwick> #ty: ::core::fmt::Debug);
            generics.make_where_clause().predicates.push(bound);
        }
        let ((impl_generics, _, clause), held) = (generics.split_for_impl(), names::local("held"));
        let arms = states.iter().map(|state| {
            let cfg = self.cfg(state);
            quote! { #cfg Self::#state(#held) => ::core::fmt::Debug::fmt(#held, f), }
        });
        let never = states.is_empty().then(|| quote! { _ => ::core::result::Result::Ok(()), });
        quote! {
            #[automatically_derived]
            #[allow(private_bounds, reason = "generated by Bailiwick")]
            impl #impl_generics ::core::fmt::Debug for #any #arguments #clause {
                fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                    match self { #(#arms)* #never }
                }
            }
        }
    }
}
