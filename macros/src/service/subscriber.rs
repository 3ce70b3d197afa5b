//! `#[subscribe]`: `#[subscribe(name = "…")]`, `#[subscribe(remote)]`, `#[subscribe("order.*")]`.

use proc_macro2::{TokenStream, TokenTree};
use syn::{LitStr, Token, Type, parse::Parser};

use crate::{
    codes::{CONFLICT, LITERAL_FORMAT},
    faults::Faults,
    names,
    syntax::{Grammar, Opt, Options, impl_block::Method, roles::Role, signature},
};

/// The options of `#[subscribe]`.
pub(super) const SUBSCRIBE: Grammar =
    Grammar::new("#[subscribe]", &[Opt::new("name", "name = \"billing.welcome\""), Opt::new("remote", "remote")]);

/// A `#[subscribe]` method.
pub(super) struct Subscriber {
    pub(super) method: Method,
    pub(super) name: Option<LitStr>,
    pub(super) remote: bool,
    pub(super) pattern: Option<LitStr>,
}

impl Subscriber {
    /// Reads the role.
    pub(super) fn read(method: &Method, role: &Role, faults: &mut Faults) -> Self {
        let (pattern, rest) = split(role.tokens.clone());
        let mut options = Options::parse(&SUBSCRIBE, rest, faults);
        let name = options.take("name").and_then(|entry| entry.text(faults));
        let remote = options.take("remote");
        if let (Some(remote), Some(pattern)) = (&remote, &pattern) {
            faults
                .at(remote.name.span(), CONFLICT, "a pattern is matched in this process")
                .and(pattern.span(), "the pattern is given here")
                .help("remove `remote`, or subscribe to one event with `&Recorded<E>`");
        }
        let remote = remote.is_some_and(|entry| entry.flag(faults));
        pattern.iter().for_each(|pattern| glob(pattern, faults));
        Self { method: method.clone(), name, remote, pattern }
    }

    /// The name of the subscription.
    pub(super) fn name(&self, service: &str) -> String {
        let own = || format!("{service}.{}", names::text(self.method.name()));
        self.name.as_ref().map_or_else(own, LitStr::value)
    }

    /// The `E` of `&Recorded<E>`.
    pub(super) fn event(&self) -> Option<&Type> {
        let first = signature::arguments(&self.method.sig).into_iter().next()?;
        signature::reference(first.ty).and_then(|(ty, _)| signature::argument_of(ty, "Recorded"))
    }
}

/// A pattern comes first, before the options.
fn split(tokens: TokenStream) -> (Option<LitStr>, TokenStream) {
    let starts = matches!(tokens.clone().into_iter().next(), Some(TokenTree::Literal(_)));
    let read = |input: syn::parse::ParseStream<'_>| {
        let pattern: LitStr = input.parse()?;
        let _: Option<Token![,]> = input.parse()?;
        Ok((pattern, input.parse::<TokenStream>()?))
    };
    match starts.then(|| read.parse2(tokens.clone())) {
        Some(Ok((pattern, rest))) => (Some(pattern), rest),
        _ => (None, tokens),
    }
}

/// `*` any characters, `?` one, `[ab]` and `[!ab]` a class.
fn glob(pattern: &LitStr, faults: &mut Faults) {
    let text = pattern.value();
    let mut open = false;
    let mut wrong = text.trim().is_empty().then_some("the pattern is empty");
    for letter in text.chars() {
        match letter {
            '[' if open => wrong = Some("a class inside a class"),
            '[' => open = true,
            ']' if !open => wrong = Some("a `]` without its `[`"),
            ']' => open = false,
            _ => {}
        }
    }
    if let Some(wrong) = wrong.or(open.then_some("a `[` without its `]`")) {
        faults
            .at(pattern.span(), LITERAL_FORMAT, format!("{wrong} in the pattern `{text}`"))
            .help("`*` is any characters, `?` one, `[ab]` one of them and `[!ab]` none of them");
    }
}
