//! Options of attributes: `name`, `name = value`, `name(…)`, with commas between. All macros read them here, so that the
//! same mistake has the same words everywhere.

use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use syn::{
    Attribute, Meta,
    ext::IdentExt,
    parse::{ParseStream, Parser},
};

use super::entry::Entry;
use crate::{
    codes::{CONFLICT, DUPLICATE, LITERAL_FORMAT, MISSING_OPTION, UNKNOWN_OPTION},
    faults::Faults,
    suggest::{did_you_mean, list, nearest},
};

/// One option that an attribute has.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opt {
    /// Its name.
    pub(crate) name: &'static str,
    /// How it is written.
    pub(crate) example: &'static str,
    repeats: bool,
}

impl Opt {
    /// An option that may occur once.
    pub(crate) const fn new(name: &'static str, example: &'static str) -> Self {
        Self { name, example, repeats: false }
    }

    /// The option may occur more than once.
    pub(crate) const fn repeats(mut self) -> Self {
        self.repeats = true;
        self
    }
}

/// The options of one attribute.
#[derive(Debug)]
pub(crate) struct Grammar {
    /// As users write it: `#[event]`.
    pub(crate) shown: &'static str,
    /// What it stands on, if its options differ by that: ` on a field`.
    place: &'static str,
    /// All its options.
    pub(crate) options: &'static [Opt],
}

impl Grammar {
    /// The attribute `shown`, such as `#[event]`, with these options.
    pub(crate) const fn new(shown: &'static str, options: &'static [Opt]) -> Self {
        Self { shown, place: "", options }
    }

    /// The attribute has these options at one place only: ` on a field`.
    pub(crate) const fn only(mut self, place: &'static str) -> Self {
        self.place = place;
        self
    }

    fn names(&self) -> impl Iterator<Item = &'static str> {
        self.options.iter().map(|option| option.name)
    }

    fn option(&self, name: &str) -> Option<&'static Opt> {
        self.options.iter().find(|option| option.name == name)
    }
}

/// The options that were written, each of them known.
#[derive(Debug)]
pub(crate) struct Options {
    grammar: &'static Grammar,
    entries: Vec<Entry>,
    place: Option<Ident>,
    spoilt: Vec<String>,
}

impl Options {
    /// Reads the tokens between the parentheses of an attribute.
    pub(crate) fn parse(grammar: &'static Grammar, tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Self { grammar, entries: Vec::new(), place: None, spoilt: Vec::new() };
        options.add(tokens, faults);
        options
    }

    /// Missing options are reported at `place`.
    pub(super) fn placed(mut self, place: Ident) -> Self {
        self.place = Some(place);
        self
    }

    /// Reads every attribute of this name, such as `#[event(…)]`; several count as one.
    pub(crate) fn of(grammar: &'static Grammar, attributes: &[Attribute], faults: &mut Faults) -> Self {
        let mut options = Self { grammar, entries: Vec::new(), place: None, spoilt: Vec::new() };
        let word = grammar.shown.trim_start_matches("#[").trim_end_matches(']');
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident(word)) {
            options.place = options.place.or_else(|| attribute.path().get_ident().cloned());
            match &attribute.meta {
                Meta::List(listed) => options.add(listed.tokens.clone(), faults),
                Meta::Path(_) => {}
                Meta::NameValue(pair) => {
                    let text = format!("`{}` takes its options in parentheses", grammar.shown);
                    faults.at(pair.eq_token.span, LITERAL_FORMAT, text).help(options.listed());
                }
            }
        }
        options
    }

    fn listed(&self) -> String {
        let (Grammar { shown, place, options }, names) = (self.grammar, list(self.grammar.names()));
        match options.len() {
            0 => format!("`{shown}` has no options{place}"),
            1 => format!("the only option of `{shown}`{place} is {names}"),
            _ => format!("the options of `{shown}`{place} are {names}"),
        }
    }

    fn add(&mut self, tokens: TokenStream, faults: &mut Faults) {
        for piece in pieces(tokens) {
            let read = |input: ParseStream<'_>| Ok((input.call(Ident::parse_any)?, input.parse::<TokenStream>()?));
            let first = piece.first().map_or_else(Span::mixed_site, TokenTree::span);
            let Ok((name, rest)) = read.parse2(piece.into_iter().collect()) else {
                faults.at(first, LITERAL_FORMAT, "an option starts with its name").help(self.listed());
                continue;
            };
            self.add_one(name, rest, faults);
        }
    }

    fn add_one(&mut self, name: Ident, rest: TokenStream, faults: &mut Faults) {
        let word = name.to_string();
        let Some(option) = self.grammar.option(&word) else {
            let near = did_you_mean(&word, self.grammar.names());
            let text = format!("unknown `{}` option `{word}`{}{near}", self.grammar.shown, self.grammar.place);
            faults.at(name.span(), UNKNOWN_OPTION, text).help(self.listed());
            self.guess(&word, name.span(), rest);
            return;
        };
        self.forget_guess(&word);
        if let Some(first) = self.entries.iter().find(|entry| entry.name == name).filter(|_| !option.repeats) {
            let text = format!("`{word}` is given twice");
            faults
                .at(name.span(), DUPLICATE, text)
                .and(first.name.span(), format!("`{word}` is first given here"))
                .help("keep one of them");
            self.spoilt.push(word);
            return;
        }
        match Entry::new(name, option, rest, faults) {
            Some(entry) => self.entries.push(entry),
            None => self.spoilt.push(word),
        }
    }

    /// Takes the value of an unknown option for the one that is suggested, unless that one is written itself: so nothing
    /// else fails in the wake of a slip.
    fn guess(&mut self, word: &str, span: Span, rest: TokenStream) {
        let near = nearest(word, self.grammar.names()).unwrap_or_default();
        if let Some(option) = self.grammar.option(near).filter(|_| !self.written(near)) {
            self.entries.extend(Entry::guessed(Ident::new(near, span), option, rest));
        }
        self.spoilt.push(near.to_owned());
    }

    fn forget_guess(&mut self, name: &str) {
        self.entries.retain(|entry| !entry.guessed || entry.name != name);
    }

    /// Takes an option out.
    pub(crate) fn take(&mut self, name: &str) -> Option<Entry> {
        let index = self.entries.iter().position(|entry| entry.name == name)?;
        Some(self.entries.remove(index))
    }

    /// Takes all occurrences of an option out.
    pub(crate) fn take_all(&mut self, name: &str) -> Vec<Entry> {
        self.entries.extract_if(.., |entry| entry.name == name).collect()
    }

    /// Whether an option was written.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.entries.iter().any(|entry| entry.name == name)
    }

    /// Whether an option was written, rightly or wrongly.
    pub(crate) fn written(&self, name: &str) -> bool {
        self.has(name) || self.spoilt.iter().any(|spoilt| spoilt == name)
    }

    /// Whether an option was unknown, repeated or unreadable: what the others mean together is then not known.
    pub(crate) fn spoilt(&self) -> bool {
        !self.spoilt.is_empty()
    }

    /// Reports two options that exclude each other; the second is to go.
    pub(crate) fn exclude(&self, keep: &str, drop: &str, faults: &mut Faults) {
        let find = |name: &str| self.entries.iter().find(|entry| entry.name == name);
        if let (Some(keep), Some(drop)) = (find(keep), find(drop)) {
            let text = format!("`{}` and `{}` exclude each other", keep.name, drop.name);
            faults
                .at(drop.name.span(), CONFLICT, text)
                .and(keep.name.span(), format!("`{}` is given here", keep.name))
                .help(format!("remove `{}`", drop.name));
        }
    }

    /// Reports a required option, unless it was written, rightly or wrongly: at the attribute, or at `fallback` if there
    /// is none.
    pub(crate) fn require(&self, name: &str, fallback: Span, faults: &mut Faults) {
        let Some(option) = self.grammar.option(name).filter(|_| !self.written(name)) else { return };
        let span = self.place.as_ref().map_or(fallback, Ident::span);
        let attribute = self.grammar.shown.trim_end_matches(']');
        faults
            .at(span, MISSING_OPTION, format!("`{}` needs the option `{name}`", self.grammar.shown))
            .help(format!("write `{attribute}({})]`", option.example));
    }
}

/// What stands between commas; a comma between `<` and `>` belongs to a type.
fn pieces(tokens: TokenStream) -> Vec<Vec<TokenTree>> {
    let mut pieces = vec![Vec::new()];
    let (mut depth, mut before) = (0_u32, ' ');
    for token in tokens {
        let mark = if let TokenTree::Punct(punct) = &token { punct.as_char() } else { ' ' };
        match mark {
            '<' => depth += 1,
            '>' if !matches!(before, '-' | '=') => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                pieces.push(Vec::new());
                before = ' ';
                continue;
            }
            _ => {}
        }
        before = mark;
        if let Some(last) = pieces.last_mut() {
            last.push(token);
        }
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}
