//! A method that is a transition.

use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote, quote_spanned};
use syn::{Attribute, FnArg, Lifetime, ReceiverKind, Signature, Type, parse_quote, spanned::Spanned};

use crate::{
    cfgs,
    faults::Faults,
    names,
    state_machine::grammar::{self, Edge, Target},
    syntax::{
        impl_block::Method,
        returns::Answer,
        signature::{self, Receiver},
    },
};

/// A `#[transition]` method.
pub(in crate::state_machine) struct Transition {
    /// Its place among the members of the block.
    pub(in crate::state_machine) member: usize,
    /// The method, without `#[reason]`, and with `&mut self`: beside a fault it can still be called.
    pub(in crate::state_machine) method: Method,
    /// The signature as it was written.
    pub(in crate::state_machine) written: Signature,
    pub(in crate::state_machine) arguments: Vec<Argument>,
    /// Those that could be read.
    pub(in crate::state_machine) edges: Vec<Edge>,
}

/// One argument.
pub(in crate::state_machine) struct Argument {
    /// Its name; `None` if it is a pattern.
    pub(in crate::state_machine) name: Option<Ident>,
    pub(in crate::state_machine) ty: Type,
    /// All of it, without `#[reason]`.
    pub(in crate::state_machine) whole: FnArg,
    pub(in crate::state_machine) cfgs: TokenStream,
    /// Where `#[reason]` stands.
    pub(in crate::state_machine) reason: Option<Span>,
}

/// What the body answers.
pub(in crate::state_machine) enum Action {
    /// No failure: this type.
    Succeeds(TokenStream),
    /// These halves of a `Result`.
    Fails { ok: TokenStream, err: TokenStream },
}

impl Transition {
    /// Reads a method.
    pub(super) fn read(member: usize, method: &Method, faults: &mut Faults) -> Self {
        let roles = method.roles.iter().filter(|role| role.name == "transition");
        let edges: Vec<Edge> = roles.filter_map(|role| grammar::transition(role, faults)).collect();
        let mut method = method.clone();
        let reasons: Vec<Option<Span>> = method.sig.inputs.iter_mut().filter_map(take_reason).collect();
        let arguments = signature::arguments(&method.sig);
        let arguments = arguments.iter().zip(reasons).map(|(argument, reason)| Argument {
            name: argument.name.cloned(),
            ty: argument.ty.clone(),
            whole: argument.whole.clone(),
            cfgs: cfgs_of(argument.whole),
            reason,
        });
        let arguments = arguments.collect();
        let written = method.sig.clone();
        mend_receiver(&mut method.sig);
        Self { member, method, written, arguments, edges }
    }

    /// The method's name.
    pub(in crate::state_machine) fn name(&self) -> &Ident {
        self.method.name()
    }

    /// The name as text.
    pub(in crate::state_machine) fn text(&self) -> String {
        names::text(self.name())
    }

    /// Whether it is on its way out: what is made of it calls it all the same.
    pub(in crate::state_machine) fn is_deprecated(&self) -> bool {
        self.method.attrs.iter().any(|attr| attr.path().is_ident("deprecated"))
    }

    /// Whether its body waits.
    pub(in crate::state_machine) fn is_async(&self) -> bool {
        self.method.sig.asyncness.is_some()
    }

    /// The lifetime of `&'a mut self`.
    pub(in crate::state_machine) fn lifetime(&self) -> Option<Lifetime> {
        match &self.method.sig.receiver()?.kind {
            ReceiverKind::Reference(_, lifetime, _) => lifetime.clone(),
            _ => None,
        }
    }

    /// Whether the type of the answer is said to be an alias of `Result`.
    pub(in crate::state_machine) fn fallible(&self) -> bool {
        self.edges.iter().any(|edge| edge.fallible.is_some())
    }

    /// Whether some of its transitions stay and others move: the caller must then learn which.
    pub(in crate::state_machine) fn is_mixed(&self) -> bool {
        let internal = self.edges.iter().filter(|edge| edge.is_internal()).count();
        internal > 0 && internal < self.edges.len()
    }

    /// The argument that is the reason.
    pub(in crate::state_machine) fn reason(&self) -> Option<&Argument> {
        self.arguments.iter().find(|argument| argument.reason.is_some())
    }

    /// Whether the method can become a wrapper: its arguments have plain names.
    pub(in crate::state_machine) fn is_sound(&self) -> bool {
        self.arguments.iter().all(|argument| argument.name.is_some())
    }

    /// What the body answers; `door` is where an alias is asked.
    pub(in crate::state_machine) fn action(&self, door: &TokenStream) -> Action {
        let answer = Answer::of(&self.method.sig.output);
        match answer {
            Answer::Result { ok, err } => Action::Fails { ok: ok.to_token_stream(), err: err.to_token_stream() },
            Answer::Alias(ty) | Answer::Plain(ty) if self.fallible() || is_result(ty) => {
                let half = |name: Ident| quote_spanned! { ty.span() => <#ty as #door::Outcome>::#name };
                let word = |text: &str| Ident::new(text, names::spot(ty.span()));
                Action::Fails { ok: half(word("Output")), err: half(word("Error")) }
            }
            Answer::Alias(ty) | Answer::Plain(ty) => Action::Succeeds(ty.to_token_stream()),
            Answer::Nothing => Action::Succeeds(quote! { () }),
        }
    }

    /// The answer that may be an alias of `Result` without saying so.
    pub(in crate::state_machine) fn plain_answer(&self) -> Option<&Type> {
        match Answer::of(&self.method.sig.output) {
            Answer::Alias(ty) | Answer::Plain(ty) if !self.fallible() && !is_result(ty) => {
                matches!(ty, Type::Path(_)).then_some(ty)
            }
            _ => None,
        }
    }
}

/// Makes the receiver `&mut self`, whatever it is, or whether there is one.
fn mend_receiver(sig: &mut Signature) {
    if signature::receiver(sig) == Receiver::Mutable {
        return;
    }
    let mut mended: syn::Receiver = parse_quote!(&mut self);
    match sig.inputs.first_mut() {
        Some(FnArg::Receiver(written)) => {
            mended.self_token = written.self_token;
            *written = mended;
        }
        _ => sig.inputs.insert(0, FnArg::Receiver(mended)),
    }
}

/// `Result` under any path and with any arguments.
fn is_result(ty: &Type) -> bool {
    signature::is_named(ty, "Result")
}

impl Edge {
    /// Whether the state stays and is neither left nor entered.
    pub(in crate::state_machine) fn is_internal(&self) -> bool {
        matches!(self.target, Target::Internal)
    }
}

impl Argument {
    /// As `check_x` takes it: by shared reference.
    pub(in crate::state_machine) fn by_reference(&self) -> TokenStream {
        match &self.ty {
            Type::Reference(reference) => {
                let (lifetime, inner) = (&reference.lifetime, &reference.elem);
                quote! { &#lifetime #inner }
            }
            Type::ImplTrait(several) if several.bounds.len() > 1 => quote! { &(#several) },
            ty => quote! { &#ty },
        }
    }

    /// Its value for `check_x`.
    pub(in crate::state_machine) fn lent(&self) -> TokenStream {
        let (name, cfgs) = (&self.name, &self.cfgs);
        match &self.ty {
            Type::Reference(reference) if reference.mutability.is_some() => quote! { #cfgs &*#name },
            Type::Reference(_) => quote! { #cfgs #name },
            _ => quote! { #cfgs &#name },
        }
    }
}

fn cfgs_of(argument: &FnArg) -> TokenStream {
    let attributes: &[Attribute] = match argument {
        FnArg::Typed(typed) => &typed.attrs,
        FnArg::Receiver(_) => &[],
    };
    cfgs::of(attributes).into_iter().map(ToTokens::to_token_stream).collect()
}

/// Takes `#[reason]` off an argument after the receiver, and says where it stood.
fn take_reason(argument: &mut FnArg) -> Option<Option<Span>> {
    let FnArg::Typed(typed) = argument else { return None };
    let is_reason = |attribute: &Attribute| attribute.path().segments.last().is_some_and(|last| last.ident == "reason");
    let span = typed.attrs.iter().find(|attribute| is_reason(attribute)).map(|attribute| attribute.path().span());
    typed.attrs.retain(|attribute| !is_reason(attribute));
    Some(span)
}
