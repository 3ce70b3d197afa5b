//! The blocking facade has the methods of the async form: the same names with as many arguments, and no others.

use std::collections::BTreeSet;

use proc_macro2::{TokenStream, TokenTree};
use syn::{FnArg, ImplItem, Item, ItemImpl, Token, Type, Visibility, parse::Parser as _, punctuated::Punctuated};

use super::{Finding, source::Source};

/// What the facade has under the same name.
const TYPES: &[&str] =
    &["Audit", "Commands", "Db", "Find", "Repository", "Scoped", "Session", "Transitions", "UnitOfWork"];
/// Where their methods are written.
const ASYNC: &[&str] = &["app", "repository", "unit_of_work"];
const FACADE: &[&str] = &["blocking"];

/// A type, a method of it, and how many arguments that takes beside `self`.
pub type Method = (String, String, usize);

/// What differs between the two forms.
pub fn check(sources: &[Source]) -> Vec<Finding> {
    compare(&methods(sources, ASYNC), &methods(sources, FACADE))
}

/// What one form has and the other has not.
pub fn compare(all: &BTreeSet<Method>, facade: &BTreeSet<Method>) -> Vec<Finding> {
    let told = |(owner, name, arguments): &Method, what: &str| {
        let what = format!("`{owner}::{name}` with {arguments} arguments is {what}");
        Finding::new("runtime/src/blocking", 1, "facade", what)
    };
    let missing = all.difference(facade).map(|method| told(method, "not in the facade"));
    missing.chain(facade.difference(all).map(|method| told(method, "in the facade alone"))).collect()
}

/// The public methods of both forms: first the async ones.
pub fn both(sources: &[Source]) -> [BTreeSet<Method>; 2] {
    [methods(sources, ASYNC), methods(sources, FACADE)]
}

fn methods(sources: &[Source], rooms: &[&str]) -> BTreeSet<Method> {
    let here = sources.iter().filter(|source| source.runtime_room().is_some_and(|room| rooms.contains(&room)));
    let items = here.flat_map(|source| &source.syntax.items);
    let inherent = items.filter_map(|item| match item {
        Item::Impl(block) if block.trait_.is_none() => Some(block),
        _ => None,
    });
    inherent.flat_map(of_block).collect()
}

fn of_block(block: &ItemImpl) -> Vec<Method> {
    let Type::Path(path) = &*block.self_ty else { return Vec::new() };
    let owner = path.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
    if !TYPES.contains(&owner.as_str()) {
        return Vec::new();
    }
    let own = block.items.iter().flat_map(|item| match item {
        ImplItem::Fn(method) if matches!(method.vis, Visibility::Public(_)) => {
            vec![(method.sig.ident.to_string(), besides_self(&method.sig.inputs))]
        }
        ImplItem::Macro(list) if list.mac.path.is_ident("forward") => forwarded(list.mac.tokens.clone()),
        _ => Vec::new(),
    });
    own.map(|(name, arguments)| (owner.clone(), name, arguments)).collect()
}

/// The methods in a list of signatures: after `fn` a name, perhaps its generics, then the arguments.
fn forwarded(list: TokenStream) -> Vec<(String, usize)> {
    let mut tokens = list.into_iter();
    let mut found = Vec::new();
    while let Some(token) = tokens.next() {
        if !matches!(&token, TokenTree::Ident(word) if word == "fn") {
            continue;
        }
        let name = tokens.next().map(|name| name.to_string()).unwrap_or_default();
        let arguments = tokens.find_map(|token| match token {
            TokenTree::Group(group) if group.delimiter() == proc_macro2::Delimiter::Parenthesis => Some(group.stream()),
            _ => None,
        });
        let parse = Punctuated::<FnArg, Token![,]>::parse_terminated;
        let arguments = parse.parse2(arguments.unwrap_or_default()).map_or(usize::MAX, |inputs| besides_self(&inputs));
        found.push((name, arguments));
    }
    found
}

fn besides_self(inputs: &Punctuated<FnArg, Token![,]>) -> usize {
    inputs.iter().filter(|input| matches!(input, FnArg::Typed(_))).count()
}
