//! The wrapper of one transition, and the method that keeps the user's body.

mod declaration;

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Type, spanned::Spanned};

use super::Writer;
use crate::{
    names,
    state_machine::model::{Action, Argument, Transition},
};

/// The parts of one wrapper.
pub(super) struct Wrapper<'a> {
    pub(super) writer: &'a Writer<'a>,
    pub(super) transition: &'a Transition,
    pub(super) action: Action,
    /// The machine: `self`, or what the guard lends that sets it back.
    pub(super) this: TokenStream,
}

impl Writer<'_> {
    /// All that is made from one `#[transition]` method.
    pub(super) fn transition(&self, transition: &Transition) -> TokenStream {
        if !transition.is_sound() {
            return transition.method.to_token_stream();
        }
        let wrapper = Wrapper::of(self, transition);
        let (body, method) = (wrapper.kept(), wrapper.tokens());
        quote! { #method #body }
    }
}

impl<'a> Wrapper<'a> {
    pub(in crate::state_machine::emit) fn of(writer: &'a Writer<'a>, transition: &'a Transition) -> Self {
        let mut wrapper =
            Self { writer, transition, action: transition.action(&writer.door), this: TokenStream::new() };
        wrapper.this = if wrapper.is_guarded() {
            let undo = names::local("undo");
            quote! { #undo.machine() }
        } else {
            wrapper.receiver().to_token_stream()
        };
        wrapper
    }

    /// Whether state and log are set back when the transition ends early: it waits, or what it runs may change the state,
    /// or a hook may panic.
    pub(in crate::state_machine::emit) fn is_guarded(&self) -> bool {
        self.transition.is_async() || self.may_move() || self.has_hooks()
    }

    fn receiver(&self) -> Ident {
        let span = self.transition.method.sig.receiver().map_or_else(Span::mixed_site, |one| one.self_token.span);
        Ident::new("self", span)
    }

    /// The body beside a fault: one that answers `impl Trait` must still answer it.
    fn stand_in(&self) -> TokenStream {
        let output = self.transition.method.sig.output.to_token_stream().to_string();
        if !output.contains("impl ") || self.is_empty() {
            return quote! { ::core::unimplemented!() };
        }
        let (kept, receiver) = (self.kept_name(), self.receiver());
        let values = self.values();
        let wait = self.transition.is_async().then(|| quote! { .await });
        let call = quote! { Self::#kept(#receiver, #(#values),*)#wait };
        match self.action {
            Action::Succeeds(_) => quote! { ::core::result::Result::Ok(#call) },
            Action::Fails { .. } => quote! {
                match #call {
                    ::core::result::Result::Ok(__out) => ::core::result::Result::Ok(__out),
                    ::core::result::Result::Err(_) => ::core::unimplemented!(),
                }
            },
        }
    }

    /// The arguments, handed to the body.
    fn values(&self) -> Vec<TokenStream> {
        let values = self.transition.arguments.iter().filter_map(|argument| {
            let (name, cfgs) = (argument.name.as_ref()?, &argument.cfgs);
            Some(quote! { #cfgs #name })
        });
        values.collect()
    }

    /// Section by section: choose, act, compare, change.
    fn steps(&self) -> TokenStream {
        let (choose, act, change) = (self.choose(), self.act(), self.change());
        let silent = self.is_empty() || self.is_inside();
        let out = if silent {
            quote! { () }
        } else {
            names::local("out").to_token_stream()
        };
        let done = self.is_guarded().then(|| {
            let undo = names::local("undo");
            quote! { #undo.done(); }
        });
        quote! {
            #choose
            #act
            #change
            #done
            ::core::result::Result::Ok(#out)
        }
    }

    fn choose(&self) -> TokenStream {
        let (from, to, error, receiver) =
            (names::local("from"), names::local("to"), names::local("error"), self.receiver());
        let (state, mark) = (self.writer.state_fn(), names::local("mark"));
        let lent = self.transition.arguments.iter().map(Argument::lent);
        let (pattern, fun) = if self.transition.is_mixed() {
            let internal = names::local("internal");
            (quote! { (#to, #internal) }, self.writer.choose_fn(self.transition))
        } else {
            (to.to_token_stream(), self.writer.check_fn(self.transition))
        };
        let refusal = self.refusal(&error.to_token_stream());
        let marked = (self.writer.model.has_log() && self.is_guarded()).then(|| {
            let log = self.writer.hidden("log");
            quote! { let #mark = Self::#log(#receiver).len(); }
        });
        let known = (self.is_told() || self.is_guarded()).then(|| quote! { let #from = Self::#state(#receiver); });
        quote! {
            #known
            let #pattern = match Self::#fun(#receiver, #(#lent),*) {
                ::core::result::Result::Ok(#to) => #to,
                ::core::result::Result::Err(#error) => return ::core::result::Result::Err(#refusal),
            };
            #marked
        }
    }

    /// A refusal as the wrapper's error.
    fn refusal(&self, error: &TokenStream) -> TokenStream {
        match (&self.writer.model.args.error, &self.action) {
            (Some(_), _) => {
                let convert = self.writer.hidden("refusal");
                quote! { Self::#convert(#error) }
            }
            (None, Action::Succeeds(_)) => error.clone(),
            (None, Action::Fails { .. }) => {
                let door = &self.writer.door;
                quote! { #door::TransitionError::widen(#error) }
            }
        }
    }

    fn act(&self) -> TokenStream {
        let reason = self.reason();
        let undo = self.is_guarded().then(|| self.undo());
        if self.is_empty() {
            return quote! { #reason #undo };
        }
        if self.is_inside() {
            let body = &self.transition.method.body;
            return quote! { #reason #body #undo };
        }
        let (kept, this, out, values) = (self.kept_name(), &self.this, names::local("out"), self.values());
        let wait = self.transition.is_async().then(|| quote! { .await });
        let call = quote! { Self::#kept(#this, #(#values),*)#wait };
        let compare = self.may_move().then(|| self.compare("moved"));
        let run = match &self.action {
            Action::Succeeds(_) => {
                let probe = self.probe();
                quote! { let #out = #call; #probe }
            }
            Action::Fails { err, .. } => self.fallible(&call, err),
        };
        quote! { #reason #undo #run #compare }
    }

    fn undo(&self) -> TokenStream {
        let (undo, from, mark, door) = (names::local("undo"), names::local("from"), self.mark(), &self.writer.door);
        let (back, receiver, machine) = (self.writer.hidden("back"), self.receiver(), &self.writer.machine);
        quote! { let mut #undo = #door::Undo::new(#receiver, #machine.copied(&#from), #mark, Self::#back); }
    }

    fn fallible(&self, call: &TokenStream, err: &TokenStream) -> TokenStream {
        let (out, error, door) = (names::local("out"), names::local("error"), &self.writer.door);
        let place = err.span();
        let failed = match &self.writer.model.args.error {
            None => quote! { #door::TransitionError::Action(#error) },
            Some(own) if same(err, own) => error.to_token_stream(),
            Some(own) => {
                let error = names::at(&error, place);
                quote_spanned! { names::spot(place) => <#own as ::core::convert::From<_>>::from(#error) }
            }
        };
        quote! {
            let #out = match #call {
                ::core::result::Result::Ok(#out) => #out,
                ::core::result::Result::Err(#error) => return ::core::result::Result::Err(#failed),
            };
        }
    }

    /// How long the log was.
    fn mark(&self) -> TokenStream {
        if self.writer.model.has_log() {
            names::local("mark").to_token_stream()
        } else {
            quote! { 0 }
        }
    }

    /// Neither the body nor a hook of the state that is left may change the state.
    pub(super) fn compare(&self, moved: &str) -> TokenStream {
        let (from, found, this) = (names::local("from"), names::local("found"), &self.this);
        let (state, machine, text) = (self.writer.state_fn(), &self.writer.machine, self.transition.text());
        let moved = Ident::new(moved, Span::mixed_site());
        let moved = quote! { #machine.#moved(#text, &#from, &#found) };
        let moved = match self.writer.model.args.error {
            Some(_) => self.refusal(&moved),
            None => moved,
        };
        quote! {
            let #found = Self::#state(#this);
            if #machine.differ(&#found, &#from) {
                return ::core::result::Result::Err(#moved);
            }
        }
    }

    /// An alias of `Result` that does not say so is refused.
    fn probe(&self) -> Option<TokenStream> {
        let ty = self.transition.plain_answer()?;
        let (door, out) = (&self.writer.door, names::at(&names::local("out"), ty.span()));
        Some(quote_spanned! { names::spot(ty.span()) =>
            {
                #[allow(unused_imports, reason = "generated by Bailiwick")]
                use #door::PlainAnswer as _;
                #door::Answer::of(&#out).__bailiwick_plain();
            }
        })
    }
}

/// Whether two types are written alike.
fn same(left: &TokenStream, right: &Type) -> bool {
    left.to_string() == right.to_token_stream().to_string()
}
