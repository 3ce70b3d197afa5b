//! Calls of a value on itself, read from the tokens of a body.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::names;

/// Words after which a parenthesis is no call.
const BEFORE_VALUES: [&str; 8] = ["return", "break", "in", "if", "else", "match", "while", "move"];

/// The methods that a body calls on its `self`: `self.pay(…)`, `(*self).pay(…)`, and `Self::pay(self, …)` or the same with
/// the name of its type. A call on another value is none of them.
pub(crate) fn on_self(body: TokenStream, ty: Option<&Ident>) -> Vec<Ident> {
    let all: Vec<TokenTree> = body.into_iter().collect();
    let (mut found, mut elsewhere) = (Vec::new(), false);
    for (at, token) in all.iter().enumerate() {
        match token {
            // The `self` of a block inside is another.
            TokenTree::Ident(word) if word == "impl" || word == "trait" => elsewhere = true,
            TokenTree::Ident(word) => {
                let before = &all[..at];
                let is_called =
                    |given: &Group| is_self_before_dot(before) || is_own_path(before, ty) && is_first(given.stream());
                found.extend(given(&all[at + 1..]).filter(|given| is_called(given)).map(|_| word.clone()));
            }
            TokenTree::Group(group) if elsewhere && group.delimiter() == Delimiter::Brace => elsewhere = false,
            TokenTree::Group(group) => found.extend(on_self(group.stream(), ty)),
            _ => {}
        }
    }
    found
}

/// The arguments that follow the name of a function, behind a turbofish or not.
fn given(after: &[TokenTree]) -> Option<&Group> {
    let start = match after {
        [a, b, c, ..] if is(a, ':') && is(b, ':') && is(c, '<') => 3 + closing(&after[3..])?,
        _ => 0,
    };
    match after.get(start) {
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Parenthesis => Some(group),
        _ => None,
    }
}

/// How many tokens there are up to the `>` that closes, and with it.
fn closing(tokens: &[TokenTree]) -> Option<usize> {
    let mut depth = 1_usize;
    for (at, token) in tokens.iter().enumerate() {
        let arrow = at > 0 && is(&tokens[at - 1], '-');
        if is(token, '<') {
            depth += 1;
        } else if is(token, '>') && !arrow {
            depth -= 1;
        }
        if depth == 0 {
            return Some(at + 1);
        }
    }
    None
}

/// `self.`, `(*self).`, `(&mut *self).`
fn is_self_before_dot(before: &[TokenTree]) -> bool {
    match before {
        [.., TokenTree::Ident(this), dot] => this == "self" && is(dot, '.'),
        [rest @ .., TokenTree::Group(group), dot] => {
            let called = match rest {
                [.., equals, more] if is(more, '>') => !is(equals, '='),
                [.., TokenTree::Ident(word)] => !BEFORE_VALUES.iter().any(|value| word == value),
                [.., TokenTree::Group(group)] => group.delimiter() != Delimiter::Brace,
                _ => false,
            };
            is(dot, '.') && !called && group.delimiter() == Delimiter::Parenthesis && is_self(group.stream())
        }
        _ => false,
    }
}

/// `Self::`, `Order::`, `Order::<T>::`, `<Self>::`
fn is_own_path(before: &[TokenTree], ty: Option<&Ident>) -> bool {
    let [path @ .., a, b] = before else { return false };
    let own = |word: &Ident| word == "Self" || ty.is_some_and(|ty| names::same(word, ty));
    if !is(a, ':') || !is(b, ':') {
        return false;
    }
    match path {
        [.., TokenTree::Ident(word)] => own(word),
        [.., last] if is(last, '>') => {
            let Some(start) = path.iter().rposition(|token| is(token, '<')) else { return false };
            match (&path[..start], &path[start + 1..path.len() - 1]) {
                ([.., TokenTree::Ident(word), a, b], _) if is(a, ':') && is(b, ':') => own(word),
                (_, [TokenTree::Ident(word)]) => own(word),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether the first of some arguments is `self`.
fn is_first(arguments: TokenStream) -> bool {
    is_self(arguments.into_iter().take_while(|token| !is(token, ',')).collect())
}

/// Whether a value is `self`, lent again or not.
fn is_self(value: TokenStream) -> bool {
    let lent = |token: &TokenTree| {
        is(token, '&') || is(token, '*') || matches!(token, TokenTree::Ident(word) if word == "mut")
    };
    let rest: Vec<TokenTree> = value.into_iter().skip_while(lent).collect();
    match &rest[..] {
        [TokenTree::Ident(word)] => word == "self",
        [TokenTree::Group(group)] => is_self(group.stream()),
        _ => false,
    }
}

fn is(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}
