//! One written option, and the value that it has.

use proc_macro2::{Delimiter, Ident, Span, TokenStream, TokenTree};
use syn::{
    LitInt, LitStr, Token,
    parse::{Parse, ParseStream, Parser},
};

use super::options::{Grammar, Opt, Options};
use crate::{codes::LITERAL_FORMAT, faults::Faults};

/// One option that was written.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// Its name.
    pub(crate) name: Ident,
    /// Whether another name was written, and this is the one that was suggested.
    pub(super) guessed: bool,
    option: &'static Opt,
    value: Value,
}

#[derive(Debug, Clone)]
enum Value {
    Flag,
    Is(TokenStream),
    List(TokenStream),
}

impl Entry {
    /// The option `name` with the tokens after it; `None`, and a fault, if they are no value.
    pub(super) fn new(name: Ident, option: &'static Opt, rest: TokenStream, faults: &mut Faults) -> Option<Self> {
        let Some(value) = value(rest) else {
            Self { name, guessed: false, option, value: Value::Flag }.malformed(faults);
            return None;
        };
        Some(Self { name, guessed: false, option, value })
    }

    /// The option that was suggested for another name, if what was written looks like a value of it.
    pub(super) fn guessed(name: Ident, option: &'static Opt, rest: TokenStream) -> Option<Self> {
        let (value, example) = (value(rest)?, option.example);
        let fits = match &value {
            Value::Flag => !example.contains(['=', '(']),
            Value::Is(_) => example.split('(').next().is_some_and(|head| head.contains('=')),
            Value::List(_) => example.split('=').next().is_some_and(|head| head.contains('(')),
        };
        fits.then_some(Self { name, guessed: true, option, value })
    }

    /// Reads the value after `=` as `T`.
    pub(crate) fn read<T: Parse>(&self, faults: &mut Faults) -> Option<T> {
        self.peek().map_err(|_| self.malformed(faults)).ok()
    }

    /// Reads the value after `=` with a parser of its own.
    pub(crate) fn read_with<P: Parser>(&self, parser: P, faults: &mut Faults) -> Option<P::Output> {
        let Value::Is(tokens) = &self.value else {
            self.malformed(faults);
            return None;
        };
        parser.parse2(tokens.clone()).map_err(|_| self.malformed(faults)).ok()
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
        let alone = self.is_alone();
        if !alone {
            self.malformed(faults);
        }
        alone
    }

    /// Whether nothing stands after the name.
    pub(crate) fn is_alone(&self) -> bool {
        matches!(self.value, Value::Flag)
    }

    /// Reads the options in the parentheses.
    pub(crate) fn options(&self, grammar: &'static Grammar, faults: &mut Faults) -> Option<Options> {
        let Value::List(tokens) = &self.value else {
            self.malformed(faults);
            return None;
        };
        Some(Options::parse(grammar, tokens.clone(), faults).placed(self.name.clone()))
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
