//! Roles: attributes on methods that have a meaning only inside another macro.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{Attribute, Meta, Path};

use crate::{codes::UNKNOWN_OPTION, faults::Faults};

/// One role on one method.
#[derive(Clone)]
pub(crate) struct Role {
    /// Its name, as the list of roles spells it.
    pub(crate) name: &'static str,
    /// The word in the source.
    pub(crate) span: Span,
    /// What stands in its parentheses.
    pub(crate) tokens: TokenStream,
    /// Its path, if it has more than one segment: what it names is used, and an import of it is not idle.
    pub(crate) path: Option<Path>,
}

/// Takes the attributes whose last path segment is one of `roles`.
pub(crate) fn take(attrs: &mut Vec<Attribute>, roles: &[&'static str]) -> Vec<Role> {
    let mut taken = Vec::new();
    attrs.retain(|attr| match role(&attr.meta, roles) {
        Some(role) => {
            taken.push(role);
            false
        }
        None => true,
    });
    taken
}

fn role(meta: &Meta, roles: &[&'static str]) -> Option<Role> {
    let last = meta.path().segments.last()?;
    let name = roles.iter().find(|role| last.ident == **role)?;
    let tokens = match meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let path = (meta.path().segments.len() > 1).then(|| meta.path().clone());
    Some(Role { name, span: last.ident.span(), tokens, path })
}

/// Takes the `cfg_attr` that hold roles: a macro runs before their conditions are known.
pub(crate) fn take_hidden(attrs: &mut Vec<Attribute>, roles: &[&'static str]) -> Vec<Role> {
    let mut found = Vec::new();
    attrs.retain(|attr| match &attr.meta {
        Meta::List(list) if list.path.is_ident("cfg_attr") => {
            let hidden = hidden_in(&list.tokens, roles);
            let none = hidden.is_empty();
            found.extend(hidden);
            none
        }
        _ => true,
    });
    found
}

/// A role stands at the start of a comma-separated part, perhaps behind a path; the first part is the condition.
fn hidden_in(tokens: &TokenStream, roles: &[&'static str]) -> Vec<Role> {
    let mut found = Vec::new();
    let mut part = 0;
    let mut last: Option<Role> = None;
    for tree in tokens.clone() {
        match tree {
            TokenTree::Punct(punct) if punct.as_char() == ',' => {
                part += 1;
                found.extend(last.take());
            }
            TokenTree::Ident(word) if part > 0 => {
                let name = roles.iter().find(|role| word == **role);
                last = name.map(|name| Role { name, span: word.span(), tokens: TokenStream::new(), path: None });
            }
            _ => {}
        }
    }
    found.extend(last);
    found
}

impl Role {
    /// Reports what stands in the parentheses of a role that has no options.
    pub(crate) fn refuse_options(&self, faults: &mut Faults) {
        let shown = faults.owner().shown;
        if !self.tokens.is_empty() {
            faults
                .on(&self.tokens, UNKNOWN_OPTION, format!("`#[{}]` has no options", self.name))
                .help(format!("write `#[{}]`; options stand in `{shown}`", self.name));
        }
    }
}
