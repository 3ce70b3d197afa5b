//! The fallback item: the user's tokens without our attributes, also if they do not parse.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

/// Copies an item token by token and leaves out `#[role]` attributes.
pub(crate) fn without_roles(item: TokenStream, roles: &[&str]) -> TokenStream {
    let mut kept = Vec::new();
    let mut tokens = item.into_iter().peekable();
    while let Some(token) = tokens.next() {
        match token {
            TokenTree::Punct(punct) if punct.as_char() == '#' => match tokens.peek() {
                Some(TokenTree::Group(group)) if is_role(group, roles) => drop(tokens.next()),
                _ => kept.push(TokenTree::Punct(punct)),
            },
            TokenTree::Group(group) => kept.push(TokenTree::Group(inside(&group, roles))),
            other => kept.push(other),
        }
    }
    kept.into_iter().collect()
}

fn inside(group: &Group, roles: &[&str]) -> Group {
    let mut copy = Group::new(group.delimiter(), without_roles(group.stream(), roles));
    copy.set_span(group.span());
    copy
}

/// Whether the group is `[path::role …]`.
fn is_role(group: &Group, roles: &[&str]) -> bool {
    if group.delimiter() != Delimiter::Bracket {
        return false;
    }
    let mut last = None;
    for token in group.stream() {
        match token {
            TokenTree::Ident(ident) => last = Some(ident),
            TokenTree::Punct(punct) if punct.as_char() == ':' => {}
            _ => break,
        }
    }
    last.is_some_and(|last| roles.iter().any(|role| last == role))
}

#[cfg(test)]
mod tests {
    use quote::quote;

    use super::without_roles;

    #[test]
    fn roles_go_and_everything_else_stays() {
        let item = quote! {
            impl A {
                #[handle(create)] #[inline] fn a(&self) { self. }
                #[bailiwick::roles::handle] fn b() {}
            }
        };
        let kept = quote! { impl A { #[inline] fn a(&self) { self. } fn b() {} } };
        assert_eq!(without_roles(item, &["handle"]).to_string(), kept.to_string());
    }
}
