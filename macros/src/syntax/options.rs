//! Options of attributes: `name`, `name = value`, `name(…)`, with commas between. All macros read them here, so that the
//! same mistake has the same words everywhere.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::{
    Attribute, LitInt, LitStr, Meta, Token,
    ext::IdentExt,
    parse::{Parse, ParseStream, Parser},
};

use crate::{
    codes::{CONFLICT, DUPLICATE, LITERAL_FORMAT, MISSING_OPTION, UNKNOWN_OPTION},
    faults::Faults,
    suggest::{did_you_mean, list},
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
}

/// One option that was written.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: Ident,
    option: &'static Opt,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Flag,
    Is(TokenStream),
    List(TokenStream),
}

impl Options {
    /// Reads the tokens between the parentheses of an attribute.
    pub(crate) fn parse(grammar: &'static Grammar, tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Self { grammar, entries: Vec::new(), place: None };
        options.add(tokens, faults);
        options
    }

    /// Reads every attribute of this name, such as `#[event(…)]`; several count as one.
    pub(crate) fn of(grammar: &'static Grammar, attributes: &[Attribute], faults: &mut Faults) -> Self {
        let mut options = Self { grammar, entries: Vec::new(), place: None };
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
            return;
        };
        if let Some(first) = self.entries.iter().find(|entry| entry.name == name).filter(|_| !option.repeats) {
            let text = format!("`{word}` is given twice");
            faults
                .at(name.span(), DUPLICATE, text)
                .and(first.name.span(), format!("`{word}` is first given here"))
                .help("keep one of them");
            return;
        }
        match value(rest) {
            Some(value) => self.entries.push(Entry { name, option, value }),
            None => Entry { name, option, value: Value::Flag }.malformed(faults),
        }
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

    /// Reports a required option that is missing: at the attribute, or at `fallback` if there is none.
    pub(crate) fn missing(&self, name: &str, fallback: Span, faults: &mut Faults) {
        let Some(option) = self.grammar.option(name) else { return };
        let span = self.place.as_ref().map_or(fallback, Ident::span);
        let attribute = self.grammar.shown.trim_end_matches(']');
        faults
            .at(span, MISSING_OPTION, format!("`{}` needs the option `{name}`", self.grammar.shown))
            .help(format!("write `{attribute}({})]`", option.example));
    }
}

impl Entry {
    /// Reads the value after `=` as `T`.
    pub(crate) fn read<T: Parse>(&self, faults: &mut Faults) -> Option<T> {
        self.peek().map_err(|_| self.malformed(faults)).ok()
    }

    /// Reads the value after `=` as `T`, and reports nothing.
    pub(crate) fn peek<T: Parse>(&self) -> syn::Result<T> {
        match &self.value {
            Value::Is(tokens) => syn::parse2(tokens.clone()),
            Value::Flag | Value::List(_) => Err(syn::Error::new(self.name.span(), "no value")),
        }
    }

    /// Reads the text after `=`, which must not be empty.
    pub(crate) fn text(&self, faults: &mut Faults) -> Option<LitStr> {
        let text: LitStr = self.read(faults)?;
        if text.value().trim().is_empty() {
            faults.at(text.span(), LITERAL_FORMAT, format!("`{}` is empty", self.name)).help(self.example());
            return None;
        }
        Some(text)
    }

    /// Reads a name that is stored and matched against patterns: one word without `*`, `?` and brackets.
    pub(crate) fn stored_name(&self, faults: &mut Faults) -> Option<LitStr> {
        let name = self.text(faults)?;
        let wrong = |letter: char| letter.is_whitespace() || matches!(letter, '*' | '?' | '[' | ']');
        if name.value().contains(wrong) {
            let text = format!("`{}` has a space or one of `*?[]` in it", self.name);
            faults.at(name.span(), LITERAL_FORMAT, text).help(self.example());
            return None;
        }
        Some(name)
    }

    /// Reads the number after `=`, from 1.
    pub(crate) fn number(&self, faults: &mut Faults) -> Option<(u32, Span)> {
        let literal: LitInt = self.read(faults)?;
        match literal.base10_parse::<u32>() {
            Ok(number) if number > 0 => Some((number, literal.span())),
            _ => {
                let text = format!("`{}` is a whole number from 1", self.name);
                faults.at(literal.span(), LITERAL_FORMAT, text).help(self.example());
                None
            }
        }
    }

    /// The option stands alone: `audit`.
    pub(crate) fn flag(&self, faults: &mut Faults) -> bool {
        let alone = matches!(self.value, Value::Flag);
        if !alone {
            self.malformed(faults);
        }
        alone
    }

    /// Whether the option is a list: `publish(…)`.
    pub(crate) fn is_list(&self) -> bool {
        matches!(self.value, Value::List(_))
    }

    /// Reads the options in the parentheses.
    pub(crate) fn options(&self, grammar: &'static Grammar, faults: &mut Faults) -> Option<Options> {
        let Value::List(tokens) = &self.value else {
            self.malformed(faults);
            return None;
        };
        let mut options = Options::parse(grammar, tokens.clone(), faults);
        options.place = Some(self.name.clone());
        Some(options)
    }

    /// Reads what stands in the parentheses with a parser of its own.
    pub(crate) fn inside<P: Parser>(&self, parser: P, faults: &mut Faults) -> Option<P::Output> {
        let Value::List(tokens) = &self.value else {
            self.malformed(faults);
            return None;
        };
        parser.parse2(tokens.clone()).map_err(|_| self.malformed(faults)).ok()
    }

    /// Reports that the value has the wrong form.
    pub(crate) fn malformed(&self, faults: &mut Faults) {
        let text = format!("`{}` has a value of the wrong form", self.name);
        match &self.value {
            Value::Is(tokens) | Value::List(tokens) if !tokens.is_empty() => faults.on(tokens, LITERAL_FORMAT, text),
            _ => faults.at(self.name.span(), LITERAL_FORMAT, text),
        }
        .help(self.example());
    }

    fn example(&self) -> String {
        format!("write `{}`", self.option.example)
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

/// Nothing, `= …`, or `(…)` and nothing after it.
fn value(rest: TokenStream) -> Option<Value> {
    if rest.is_empty() {
        return Some(Value::Flag);
    }
    let mut tokens = rest.clone().into_iter();
    if let (Some(TokenTree::Group(group)), None) = (tokens.next(), tokens.next()) {
        return (group.delimiter() == Delimiter::Parenthesis).then(|| Value::List(group.stream()));
    }
    let assigned = |input: ParseStream<'_>| {
        input.parse::<Token![=]>()?;
        if input.is_empty() { Err(input.error("no value")) } else { input.parse::<TokenStream>() }
    };
    assigned.parse2(rest).map(Value::Is).ok()
}
