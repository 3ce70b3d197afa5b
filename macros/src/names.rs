//! Every identifier that macros write.

use proc_macro2::{Group, Ident, Span, TokenStream, TokenTree};
use syn::ext::IdentExt;

/// `quote!` whose own words are ours. Its locals are written `__name`: even a constant of the user's then has another name.
macro_rules! code {
    ($($tokens:tt)*) => { ::quote::quote_spanned!(::proc_macro2::Span::mixed_site()=> $($tokens)*) };
}
pub(crate) use code;

/// The alias of the door inside generated blocks.
pub(crate) fn door() -> Ident {
    local("p")
}

/// A local, a hidden function or an alias that no user can name: `__{word}`.
pub(crate) fn local(word: &str) -> Ident {
    Ident::new(&format!("__{word}"), Span::mixed_site())
}

/// The location of a user's word for an expression of ours: an error in it stands there, and its locals stay ours.
pub(crate) fn spot(place: Span) -> Span {
    place.resolved_at(Span::mixed_site())
}

/// The `self` of a method that is ours.
pub(crate) fn this() -> Ident {
    Ident::new("self", Span::mixed_site())
}

/// A user's word in code of ours: rustc's lints about the word, such as `deprecated`, are silent then.
pub(crate) fn quiet(ident: &Ident) -> Ident {
    let mut ours = ident.clone();
    ours.set_span(spot(ident.span()));
    ours
}

/// The same words at another place: an error in them stands there, and they mean what they meant.
pub(crate) fn moved(tokens: TokenStream, place: Span) -> TokenStream {
    let one = |token: TokenTree| match token {
        TokenTree::Group(group) => {
            let mut there = Group::new(group.delimiter(), moved(group.stream(), place));
            there.set_span(place.resolved_at(group.span()));
            TokenTree::Group(there)
        }
        mut token => {
            token.set_span(place.resolved_at(token.span()));
            token
        }
    };
    tokens.into_iter().map(one).collect()
}

/// The same local at a user's word.
pub(crate) fn at(local: &Ident, place: Span) -> Ident {
    Ident::new(&local.to_string(), spot(place))
}

/// An item beside a user's type, with the type's name in its own: `NewOrder`, `OrderPatch`.
pub(crate) fn beside(prefix: &str, of: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("{prefix}{}{suffix}", text(of)), of.span())
}

/// A hidden item that belongs to a user's type: `__Bailiwick{maker}{type}{suffix}`, at the type's own span.
pub(crate) fn hidden(maker: &str, of: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("__Bailiwick{maker}{}{suffix}", text(of)), of.span())
}

/// A hidden constant or static that belongs to a user's type: `__BAILIWICK_{MAKER}_{TYPE}{SUFFIX}`.
pub(crate) fn shouted(maker: &str, of: &Ident, suffix: &str) -> Ident {
    Ident::new(&format!("__BAILIWICK_{maker}_{}{suffix}", snake(of).to_uppercase()), of.span())
}

/// The name without `r#`, for texts and for parts of other names.
pub(crate) fn text(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// Whether two words name the same: `r#Paid` is `Paid`.
pub(crate) fn same(left: &Ident, right: &Ident) -> bool {
    text(left) == text(right)
}

/// A type's name as a module is written: `UserMeetings` is `user_meetings`.
pub(crate) fn snake(ident: &Ident) -> String {
    let letters: Vec<char> = text(ident).chars().collect();
    let mut out = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let after_small = index > 0 && !letters[index - 1].is_uppercase() && letters[index - 1] != '_';
        let before_small = index > 0 && letters.get(index + 1).is_some_and(|next| next.is_lowercase());
        if letter.is_uppercase() && (after_small || before_small) && !out.ends_with('_') {
            out.push('_');
        }
        out.extend(letter.to_lowercase());
    }
    out
}

/// A method's name as a type is written: `send_welcome` is `SendWelcome`.
pub(crate) fn camel(ident: &Ident) -> String {
    let text = text(ident);
    let words = text.split('_').filter(|word| !word.is_empty());
    words
        .flat_map(|word| word.chars().enumerate().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }))
        .collect()
}
