//! The words that stand in `#[serde(…)]`: some of them decide what is stored.

use proc_macro2::{Ident, Literal, TokenStream, TokenTree};
use syn::{Attribute, Meta};

/// One word of `#[serde(…)]`.
#[derive(Debug)]
pub(crate) struct Word {
    /// The word, as written.
    pub(crate) ident: Ident,
    /// The text after `=`; for `rename(serialize = "x")` the word is `serialize`.
    pub(crate) text: Option<String>,
    /// The word around it: `rename` in `rename(serialize = "x")`.
    pub(crate) inside: Option<String>,
}

/// All words of all `#[serde(…)]` attributes; what cannot be read is serde's to report.
pub(crate) fn serde_words(attributes: &[Attribute]) -> Vec<Word> {
    let mut words = Vec::new();
    for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("serde")) {
        if let Meta::List(list) = &attribute.meta {
            collect(list.tokens.clone(), None, &mut words);
        }
    }
    words
}

fn collect(tokens: TokenStream, inside: Option<&str>, words: &mut Vec<Word>) {
    let mut tokens = tokens.into_iter().peekable();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(ident) = token else { continue };
        let mut text = None;
        match tokens.peek() {
            Some(TokenTree::Punct(punct)) if punct.as_char() == '=' => {
                tokens.next();
                text = tokens.next().and_then(|value| literal(&value));
            }
            Some(TokenTree::Group(group)) => collect(group.stream(), Some(&ident.to_string()), words),
            _ => {}
        }
        words.push(Word { ident, text, inside: inside.map(str::to_owned) });
    }
}

fn literal(token: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = token else { return None };
    let literal: Literal = literal.clone();
    syn::parse2::<syn::LitStr>(TokenTree::Literal(literal).into()).ok().map(|text| text.value())
}
