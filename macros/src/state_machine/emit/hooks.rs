//! The change of the state, its record, and the hooks around it.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, quote, quote_spanned};

use super::{Writer, wrapper::Wrapper};
use crate::{
    names,
    state_machine::{
        check,
        grammar::{Source, Target},
        model::{Hook, When},
    },
    syntax::signature::{self, Receiver},
};

impl Writer<'_> {
    /// Hooks of states that no transition names: a check of each stands at its word. A word that is no state is rustc's to
    /// report, and the check answers nothing then.
    pub(super) fn unheard(&self) -> TokenStream {
        let asks = check::unheard(self.model).into_iter().map(|(hook, state)| {
            let (place, cfgs, named) = (names::spot(state.span()), hook.method.cfgs(), self.state(state));
            let found = names::moved(check::hook_state(&self.machine, hook, state), place);
            let door = names::at(&names::door(), place);
            quote_spanned! { place => #cfgs const _: () = { let _ = #named; #door::refuse(#found); }; }
        });
        asks.collect()
    }
}

impl Wrapper<'_> {
    /// The hooks that this transition may run.
    fn hooks(&self, when: When) -> Vec<&Hook> {
        let all = self.writer.model.hooks.iter();
        all.filter(|hook| hook.when == when && hook.concerns(self.transition)).collect()
    }

    /// Whether a hook of the state that is left could change it.
    pub(super) fn may_move_on_exit(&self) -> bool {
        self.hooks(When::Exit).iter().any(|hook| signature::receiver(&hook.method.sig) == Receiver::Mutable)
    }

    /// Whether anyone is told of the transition.
    pub(super) fn is_told(&self) -> bool {
        self.writer.model.has_log() || self.has_hooks()
    }

    /// Whether the transition may run a hook.
    pub(super) fn has_hooks(&self) -> bool {
        [When::Exit, When::Enter, When::Always].into_iter().any(|when| !self.hooks(when).is_empty())
    }

    /// What is stored as the reason: an owned one is copied before the body takes it, unless the body does not.
    pub(super) fn reason(&self) -> Option<TokenStream> {
        let argument = self.transition.reason().filter(|_| self.is_told())?;
        let (given, kept, door) = (argument.name.as_ref()?, names::local("given"), &self.writer.door);
        let reason = names::local("reason");
        let lent = !argument.ty.to_token_stream().to_string().contains("String");
        Some(if lent || !self.takes(given) {
            quote! { let #reason = #door::reason(&#given); }
        } else {
            quote! {
                let #kept = ::core::clone::Clone::clone(&#given);
                let #reason = #door::reason(&#kept);
            }
        })
    }

    /// Steps 5 to 8: exit, change, record, enter, and the hooks of all transitions.
    pub(super) fn change(&self) -> TokenStream {
        let (to, this, place, machine) =
            (names::local("to"), &self.this, self.writer.hidden("place"), &self.writer.machine);
        let taken = self.is_told().then(|| self.taken());
        let record = self.record();
        let always = self.calls(When::Always);
        if self.transition.edges.iter().all(|edge| edge.is_internal()) {
            let to = (!self.is_told()).then(|| quote! { let _ = #to; });
            return quote! { #to #taken #record #always };
        }
        let (mut exit, enter) = (self.calls(When::Exit), self.moving(self.calls(When::Enter)));
        if self.may_move_on_exit() {
            exit.extend(self.compare("moved_by_hook"));
        }
        let exit = self.moving(exit);
        let value = if self.is_told() {
            quote! { #machine.copied(&#to) }
        } else {
            to.to_token_stream()
        };
        quote! {
            #taken
            #exit
            *Self::#place(#this) = #value;
            #record
            #enter
            #always
        }
    }

    /// Only if the state is left: in a method whose transitions partly stay, that is known when it runs.
    fn moving(&self, calls: TokenStream) -> TokenStream {
        let internal = names::local("internal");
        if calls.is_empty() || !self.transition.is_mixed() {
            return calls;
        }
        quote! { if !#internal { #calls } }
    }

    /// What hooks are told and the log keeps.
    fn taken(&self) -> TokenStream {
        let (from, to, taken, machine) =
            (names::local("from"), names::local("to"), names::local("taken"), &self.writer.machine);
        let (text, internal, reason) = (self.transition.text(), names::local("internal"), names::local("reason"));
        let reason = match self.transition.reason() {
            Some(_) => quote! { #reason.as_deref() },
            None => quote! { ::core::option::Option::None },
        };
        let moves = quote! { #machine.change(#text, (&#from, &#to), #reason) };
        let stays = quote! { #machine.stay(#text, &#from, #reason) };
        let value = if self.transition.is_mixed() {
            quote! { if #internal { #stays } else { #moves } }
        } else if self.transition.edges.iter().all(|edge| edge.is_internal()) {
            quote! { { let _ = #to; #stays } }
        } else {
            moves
        };
        quote! { let #taken = #value; }
    }

    fn record(&self) -> Option<TokenStream> {
        self.writer.model.has_log().then_some(())?;
        let (machine, taken, this) = (&self.writer.machine, names::local("taken"), &self.this);
        let (log, version) = (self.writer.hidden("log_place"), names::local("version"));
        let number = self.writer.model.args.version.as_ref().map_or_else(
            || quote! { ::core::option::Option::None },
            |_| {
                let read = self.writer.hidden("version");
                quote! { Self::#read(#this) }
            },
        );
        Some(quote! {
            let #version = #number;
            #machine.record(Self::#log(#this), &#taken, #version);
        })
    }

    /// The calls of the hooks of one moment, in the order written.
    fn calls(&self, when: When) -> TokenStream {
        self.hooks(when).into_iter().map(|hook| self.call(hook)).collect()
    }

    fn call(&self, hook: &Hook) -> TokenStream {
        let (name, this, taken, cfgs) = (hook.method.name(), &self.this, names::local("taken"), hook.method.cfgs());
        let place = names::spot(name.span());
        let taken = names::at(&taken, place);
        let wait = hook.method.sig.asyncness.is_some().then(|| quote! { .await });
        let call = quote_spanned! { place => Self::#name(#this, &#taken)#wait; };
        if self.is_certain(hook) {
            return quote! { #cfgs { #call } };
        }
        let moment = names::local(if hook.when == When::Exit { "from" } else { "to" });
        let states = hook.states.iter().map(|state| self.writer.state(state));
        quote! { #cfgs match #moment { #(#states)|* => { #call } _ => {} } }
    }

    /// Whether the transition runs the hook whenever it moves.
    fn is_certain(&self, hook: &Hook) -> bool {
        let known = |name: &Ident| hook.names(name);
        let mut moves = self.transition.edges.iter().filter(|edge| !edge.is_internal());
        match hook.when {
            When::Always => true,
            When::Enter => moves.all(|edge| matches!(&edge.target, Target::State(name) if known(name))),
            When::Exit => {
                moves.all(|edge| edge.sources.iter().all(|source| matches!(source, Source::State(name) if known(name))))
            }
        }
    }
}
