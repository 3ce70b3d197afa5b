//! An `impl` block whose bodies stay tokens: a half-typed body is no syntax fault, and bodies cost no parsing.

use proc_macro2::{Group, Span, TokenStream, TokenTree};
use quote::{ToTokens, TokenStreamExt, quote};
use syn::{
    Attribute, Generics, Ident, Path, Signature, Token, Type, Visibility, braced,
    ext::IdentExt,
    parse::{Parse, ParseStream, discouraged::Speculative},
    spanned::Spanned,
    token::Brace,
};

use super::roles::{self, Role};
use crate::{cfgs, output::fallback};

/// The block: what stands before the brace, and its members.
#[derive(Clone)]
pub(crate) struct ImplBlock {
    pub(crate) attrs: Vec<Attribute>,
    unsafety: Option<Token![unsafe]>,
    impl_token: Token![impl],
    pub(crate) generics: Generics,
    pub(crate) trait_: Option<Path>,
    for_token: Option<Token![for]>,
    pub(crate) self_ty: Type,
    brace: Brace,
    inner: Vec<Attribute>,
    pub(crate) members: Vec<Member>,
    /// Why methods could not be read.
    pub(crate) broken: Vec<syn::Error>,
}

/// A method, or something that no macro looks into.
#[derive(Clone)]
pub(crate) enum Member {
    Method(Box<Method>),
    Other(TokenStream),
}

/// A method: its roles are taken off, its body is not parsed.
#[derive(Clone)]
pub(crate) struct Method {
    pub(crate) roles: Vec<Role>,
    /// Spans of roles that hide in `cfg_attr`.
    pub(crate) hidden_roles: Vec<Role>,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) vis: Visibility,
    defaultness: Option<Token![default]>,
    pub(crate) sig: Signature,
    pub(crate) body: TokenStream,
}

impl ImplBlock {
    /// The methods, in order.
    pub(crate) fn methods(&self) -> impl Iterator<Item = &Method> {
        self.members.iter().filter_map(|member| match member {
            Member::Method(method) => Some(&**method),
            Member::Other(_) => None,
        })
    }

    /// Takes the attributes called `roles` off the methods and keeps them beside them.
    pub(crate) fn take_roles(&mut self, roles: &'static [&'static str]) {
        for member in &mut self.members {
            match member {
                Member::Method(method) => {
                    method.hidden_roles = roles::hidden(&method.attrs, roles);
                    method.roles = roles::take(&mut method.attrs, roles);
                }
                Member::Other(tokens) => *tokens = fallback::without_roles(tokens.clone(), roles),
            }
        }
    }

    /// The name of the type, without path and arguments; `None` for a type that has none.
    pub(crate) fn type_name(&self) -> Option<&Ident> {
        super::signature::last_segment(&self.self_ty).map(|segment| &segment.ident)
    }
}

impl Method {
    /// The `#[cfg]` attributes, for everything that is made from the method.
    pub(crate) fn cfgs(&self) -> TokenStream {
        cfgs::of(&self.attrs).into_iter().map(ToTokens::to_token_stream).collect()
    }

    /// The method's name.
    pub(crate) fn name(&self) -> &Ident {
        &self.sig.ident
    }

    /// The method's name, where it stands.
    pub(crate) fn span(&self) -> Span {
        self.sig.ident.span()
    }
}

impl Parse for ImplBlock {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let unsafety = input.parse()?;
        let impl_token = input.parse()?;
        let mut generics: Generics = parse_generics(input)?;
        let (trait_, for_token, self_ty) = parse_head(input)?;
        generics.where_clause = input.parse()?;
        let content;
        let brace = braced!(content in input);
        let inner = content.call(Attribute::parse_inner)?;
        let (mut members, mut broken) = (Vec::new(), Vec::new());
        while !content.is_empty() {
            members.push(member(&content, &mut broken)?);
        }
        Ok(Self { attrs, unsafety, impl_token, generics, trait_, for_token, self_ty, brace, inner, members, broken })
    }
}

/// `impl <T as Trait>::Out {}` starts with `<` too, so the generics are tried on a fork.
fn parse_generics(input: ParseStream<'_>) -> syn::Result<Generics> {
    let ahead = input.fork();
    let generics = ahead.parse::<Generics>();
    if ahead.peek(Token![::]) || generics.is_err() {
        return Ok(Generics::default());
    }
    input.advance_to(&ahead);
    generics
}

fn parse_head(input: ParseStream<'_>) -> syn::Result<(Option<Path>, Option<Token![for]>, Type)> {
    let first: Type = input.parse()?;
    if !input.peek(Token![for]) {
        return Ok((None, None, first));
    }
    let Type::Path(path) = first else { return Err(syn::Error::new(first.span(), "expected a trait")) };
    Ok((Some(path.path), input.parse()?, input.parse()?))
}

fn member(input: ParseStream<'_>, broken: &mut Vec<syn::Error>) -> syn::Result<Member> {
    let ahead = input.fork();
    match ahead.parse::<Method>() {
        Ok(method) => {
            input.advance_to(&ahead);
            Ok(Member::Method(Box::new(method)))
        }
        Err(error) => {
            let (tokens, method) = other_member(input)?;
            broken.extend(method.then_some(error));
            Ok(Member::Other(tokens))
        }
    }
}

impl Parse for Method {
    fn parse(input: ParseStream<'_>) -> syn::Result<Self> {
        let attrs = input.call(Attribute::parse_outer)?;
        let (vis, defaultness) = (input.parse()?, input.parse()?);
        let sig = input.parse()?;
        let TokenTree::Group(body) = input.parse::<TokenTree>()? else { return Err(input.error("expected a body")) };
        if body.delimiter() != proc_macro2::Delimiter::Brace {
            return Err(syn::Error::new(body.span(), "expected a body"));
        }
        let body = TokenTree::Group(body).into();
        Ok(Self { roles: Vec::new(), hidden_roles: Vec::new(), attrs, vis, defaultness, sig, body })
    }
}

/// A constant, a type, a macro call, or what does not parse: up to its `;`, its body, or the end. Says whether it has an
/// `fn`.
fn other_member(input: ParseStream<'_>) -> syn::Result<(TokenStream, bool)> {
    let mut tokens = TokenStream::new();
    let (mut value, mut method) = (false, false);
    while !input.is_empty() {
        let tree: TokenTree = input.parse()?;
        if let TokenTree::Ident(word) = &tree {
            value |= word == "const" || word == "type";
            method |= word == "fn" && input.peek(Ident::peek_any);
        }
        let ends = match &tree {
            TokenTree::Punct(punct) => punct.as_char() == ';',
            TokenTree::Group(group) => (!value || method) && is_brace(group),
            _ => false,
        };
        tokens.append(tree);
        if ends {
            break;
        }
    }
    Ok((tokens, method))
}

fn is_brace(group: &Group) -> bool {
    group.delimiter() == proc_macro2::Delimiter::Brace
}

impl ToTokens for ImplBlock {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, unsafety, impl_token, generics, trait_, for_token, self_ty, brace, inner, members, .. } =
            self;
        let (head, where_clause) = (&generics.params, &generics.where_clause);
        let (lt, gt) = (&generics.lt_token, &generics.gt_token);
        tokens.append_all(quote! {
            #(#attrs)* #unsafety #impl_token #lt #head #gt #trait_ #for_token #self_ty #where_clause
        });
        brace.surround(tokens, |tokens| {
            tokens.append_all(inner);
            tokens.append_all(members);
        });
    }
}

impl ToTokens for Member {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match self {
            Self::Method(method) => method.to_tokens(tokens),
            Self::Other(other) => other.to_tokens(tokens),
        }
    }
}

impl ToTokens for Method {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        let Self { attrs, vis, defaultness, sig, body, .. } = self;
        tokens.append_all(quote! { #(#attrs)* #vis #defaultness #sig #body });
    }
}

/// What [`describe`] says of an `impl` block.
pub(crate) const IMPL: &str = "an `impl` block";

/// What an item is, and the word that says so.
pub(crate) fn describe(item: &TokenStream) -> (&'static str, TokenStream) {
    let word = item.clone().into_iter().find_map(|tree| match tree {
        TokenTree::Ident(word) => kind(&word.to_string()).map(|kind| (kind, word.into_token_stream())),
        _ => None,
    });
    word.unwrap_or_else(|| ("something else", item.clone()))
}

fn kind(word: &str) -> Option<&'static str> {
    Some(match word {
        "impl" => IMPL,
        "struct" => "a struct",
        "enum" => "an enum",
        "union" => "a union",
        "trait" => "a trait",
        "fn" => "a function",
        "mod" => "a module",
        "type" => "a type alias",
        "use" => "an import",
        "static" | "const" => "a constant",
        "macro_rules" => "a macro",
        _ => return None,
    })
}
