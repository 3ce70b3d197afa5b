//! The sink of everything that is wrong: macros go on after a fault, and all faults leave together.

use proc_macro2::{Span, TokenStream};
use quote::{ToTokens, quote_spanned};

use crate::codes::{Owner, Rule};

/// The faults of one item.
///
/// A sink that holds faults and is dropped without [`Faults::into_tokens`] panics in debug builds: a fault that nobody
/// reads would let wrong code pass.
#[derive(Debug)]
pub(crate) struct Faults {
    owner: &'static Owner,
    list: Vec<Fault>,
}

/// One mistake of the user.
#[derive(Debug)]
pub(crate) struct Fault {
    rule: Rule,
    text: String,
    place: Place,
    seconds: Vec<(Place, String)>,
    help: Option<String>,
}

/// From the first token of what is wrong to its last.
#[derive(Debug, Clone, Copy)]
struct Place {
    start: Span,
    end: Span,
}

impl Place {
    fn of(tokens: &impl ToTokens) -> Option<Self> {
        let mut tokens = tokens.to_token_stream().into_iter();
        let start = tokens.next()?.span();
        let end = tokens.last().map_or(start, |last| last.span());
        Some(Self { start, end })
    }
}

impl From<Span> for Place {
    fn from(span: Span) -> Self {
        Self { start: span, end: span }
    }
}

impl Faults {
    /// An empty sink of the macro `owner`.
    pub(crate) fn new(owner: &'static Owner) -> Self {
        Self { owner, list: Vec::new() }
    }

    /// Reports a fault at one token.
    pub(crate) fn at(&mut self, span: Span, rule: Rule, text: impl Into<String>) -> &mut Fault {
        self.push(span.into(), rule, text.into())
    }

    /// Reports a fault that underlines several tokens, such as a type.
    pub(crate) fn on(&mut self, tokens: &impl ToTokens, rule: Rule, text: impl Into<String>) -> &mut Fault {
        let place = Place::of(tokens).unwrap_or_else(|| Span::mixed_site().into());
        self.push(place, rule, text.into())
    }

    /// Reports what `syn` could not read, as `rule`.
    pub(crate) fn syntax(&mut self, error: &syn::Error, rule: Rule) {
        let mut text = error.to_string();
        if let Some(first) = text.get(..1).filter(|first| *first != "I").map(str::to_lowercase) {
            text.replace_range(..1, &first);
        }
        self.at(error.span(), rule, text);
    }

    fn push(&mut self, place: Place, rule: Rule, text: String) -> &mut Fault {
        self.list.push(Fault { rule, text, place, seconds: Vec::new(), help: None });
        let last = self.list.len() - 1;
        &mut self.list[last]
    }

    /// Whether anything was reported.
    pub(crate) fn any(&self) -> bool {
        !self.list.is_empty()
    }

    /// How many faults were reported so far.
    pub(crate) fn count(&self) -> usize {
        self.list.len()
    }

    /// The macro that reports.
    pub(crate) fn owner(&self) -> &'static Owner {
        self.owner
    }

    /// All faults as `compile_error!`, in the order of their phases.
    pub(crate) fn into_tokens(mut self) -> TokenStream {
        let mut list = std::mem::take(&mut self.list);
        list.sort_by_key(|fault| fault.rule.phase);
        list.iter().map(|fault| fault.tokens(self.owner)).collect()
    }
}

impl Drop for Faults {
    fn drop(&mut self) {
        if cfg!(debug_assertions) && self.any() && !std::thread::panicking() {
            panic!("{} faults of {} were dropped unread", self.list.len(), self.owner.shown);
        }
    }
}

impl Fault {
    /// Shows a second place of the same fault.
    pub(crate) fn and(&mut self, span: Span, text: impl Into<String>) -> &mut Self {
        self.seconds.push((span.into(), text.into()));
        self
    }

    /// Adds the line that says how to put it right.
    pub(crate) fn help(&mut self, text: impl Into<String>) -> &mut Self {
        self.help = Some(text.into());
        self
    }

    fn tokens(&self, owner: &Owner) -> TokenStream {
        let code = owner.code(self.rule);
        let mut text = format!("{} [{code}]", self.text);
        for help in self.help.iter().cloned().chain([owner.section(self.rule)]) {
            text.push_str(&format!("\n= help: {help}"));
        }
        let seconds = self.seconds.iter().map(|(place, text)| compile_error(*place, &format!("{text} [{code}]")));
        let first = compile_error(self.place, &text);
        [first].into_iter().chain(seconds).collect()
    }
}

/// The macro's name stands at the first token and its braces at the last: rustc underlines what lies between.
fn compile_error(place: Place, text: &str) -> TokenStream {
    let text = quote_spanned!(place.end=> { #text });
    quote_spanned!(place.start=> ::core::compile_error! #text)
}
