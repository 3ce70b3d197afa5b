//! Roles with a slip of one letter. rustc would know no such attribute, and could not say what was meant. A word that is further
//! away may be an attribute of someone else, and so may one whose content is not that of the role.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};

use crate::{
    codes::UNKNOWN_OPTION,
    faults::Faults,
    names,
    suggest::{list, slip},
};

/// The item with the roles that were meant; each slip is reported.
pub(in crate::state_machine) fn mended(item: TokenStream, roles: &[&'static str], faults: &mut Faults) -> TokenStream {
    let one = |token: TokenTree| match token {
        TokenTree::Group(block) if block.delimiter() == Delimiter::Brace => {
            with(&block, members(block.stream(), roles, faults))
        }
        other => other,
    };
    item.into_iter().map(one).collect()
}

/// Attributes of methods and of their arguments; bodies are not looked into.
fn members(tokens: TokenStream, roles: &[&'static str], faults: &mut Faults) -> TokenStream {
    let mut hash = false;
    let one = |token: TokenTree| {
        let attribute = std::mem::replace(&mut hash, matches!(&token, TokenTree::Punct(mark) if mark.as_char() == '#'));
        match token {
            TokenTree::Group(group) if attribute && group.delimiter() == Delimiter::Bracket => {
                with(&group, role(group.stream(), roles, faults))
            }
            TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis => {
                with(&group, members(group.stream(), roles, faults))
            }
            other => other,
        }
    };
    tokens.into_iter().map(one).collect()
}

fn role(attribute: TokenStream, roles: &[&'static str], faults: &mut Faults) -> TokenStream {
    let mut tokens: Vec<TokenTree> = attribute.into_iter().collect();
    let path = matches!(tokens.get(1), Some(TokenTree::Punct(mark)) if mark.as_char() == ':');
    let content = tokens.get(1).cloned();
    if let Some(TokenTree::Ident(word)) = tokens.first_mut().filter(|_| !path)
        && let Some(meant) = slip(&names::text(word), roles.iter().copied())
        && fits(meant, content.as_ref())
    {
        let text = names::text(word);
        let (known, own) = (list(roles.iter().copied()), format!("`#[other::{text}]`"));
        faults
            .at(word.span(), UNKNOWN_OPTION, format!("unknown role `{text}`; did you mean `{meant}`?"))
            .help(format!("the roles are {known}; write an attribute of another crate with its path: {own}"));
        *word = Ident::new(meant, word.span());
    }
    tokens.into_iter().collect()
}

/// Whether what stands behind the word could be that of the role.
fn fits(role: &str, content: Option<&TokenTree>) -> bool {
    match (role, content) {
        ("transition", Some(TokenTree::Group(group))) => group.stream().to_string().contains("=>"),
        ("on_enter" | "on_exit", Some(TokenTree::Group(group))) => {
            let state = |token| match token {
                TokenTree::Ident(_) => true,
                TokenTree::Punct(mark) => mark.as_char() == '|',
                _ => false,
            };
            group.stream().into_iter().all(state)
        }
        ("on_transition" | "reason", content) => content.is_none(),
        _ => false,
    }
}

fn with(group: &Group, inner: TokenStream) -> TokenTree {
    let mut copy = Group::new(group.delimiter(), inner);
    copy.set_span(group.span());
    copy.into()
}
