//! The checked constructor and everything that leads to it.

use proc_macro2::TokenStream;
use quote::quote_spanned;
use syn::{WherePredicate, parse_quote, spanned::Spanned};

use super::{
    mirror,
    model::{Model, Shape},
};
use crate::{names, names::code, pipeline::Health};

/// All implementations; nothing if the item borrows, because serde could not make it then.
pub(super) fn emit(model: &Model, health: Health) -> TokenStream {
    if model.borrows {
        return TokenStream::new();
    }
    let (construct, try_from) = (construct(model, health), (!model.is_bare()).then(|| try_from(model)));
    let rest = match &model.shape {
        _ if !health.is_sound() => mirror::faulty(model),
        Shape::Newtype(_) => newtype(model),
        Shape::Named(_) => mirror::serde(model),
    };
    model.args.root.block(&code!(#construct #try_from #rest))
}

/// What it is made from: the type inside, or the tuple of the fields' types.
fn raw(model: &Model) -> TokenStream {
    match &model.shape {
        Shape::Newtype(field) => {
            let ty = &field.ty;
            code!(#ty)
        }
        Shape::Named(fields) => {
            let types = fields.iter().map(|field| &field.ty);
            code!((#(#types,)*))
        }
    }
}

fn construct(model: &Model, health: Health) -> TokenStream {
    let (p, ident, raw, locals) = (names::door(), &model.input.ident, raw(model), model.locals());
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    let members = model.fields().iter().map(|field| &field.ident);
    let (pattern, value) = match &model.shape {
        Shape::Newtype(_) => (code!(#(#locals)*), code!(Self(#(#locals)*))),
        Shape::Named(_) => (code!((#(#locals,)*)), code!(Self { #(#members: #locals),* })),
    };
    let body = match (&model.args.check, health) {
        (Some(check), Health::Sound) => {
            let name = names::text(ident);
            let verdict = quote_spanned!(names::spot(check.span())=> #check(#(&#locals),*));
            code!(#p::judge(#name, #verdict).map(|()| #value))
        }
        _ => code!({ let #pattern = __raw; ::core::unimplemented!() }),
    };
    let argument = if health.is_sound() { pattern } else { code!(__raw) };
    code! {
        #[automatically_derived]
        impl #generics #p::ValueObject for #ident #types #wheres {
            type Raw = #raw;
            fn new(#argument: #raw) -> #p::Result<Self, #p::Invalid> { #body }
        }
    }
}

fn try_from(model: &Model) -> TokenStream {
    let (p, ident, raw) = (names::door(), &model.input.ident, raw(model));
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    code! {
        #[automatically_derived]
        impl #generics ::core::convert::TryFrom<#raw> for #ident #types #wheres {
            type Error = #p::Invalid;
            fn try_from(__raw: #raw) -> #p::Result<Self, #p::Invalid> { <Self as #p::ValueObject>::new(__raw) }
        }
    }
}

fn newtype(model: &Model) -> TokenStream {
    let (text, serde, column) = (text(model), newtype_serde(model), column(model));
    let (ident, raw) = (&model.input.ident, raw(model));
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    code! {
        #[automatically_derived]
        impl #generics ::core::convert::AsRef<#raw> for #ident #types #wheres {
            fn as_ref(&self) -> &#raw { &self.0 }
        }
        #[automatically_derived]
        impl #generics ::core::convert::From<#ident #types> for #raw #wheres {
            fn from(__value: #ident #types) -> Self { __value.0 }
        }
        #text
        #serde
        #column
    }
}

/// A column, where the type inside can be one.
fn column(model: &Model) -> TokenStream {
    let (p, ident, raw) = (names::door(), &model.input.ident, raw(model));
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    let wheres = wheres.map(|wheres| &wheres.predicates);
    code!(#p::newtype! { [#generics] #ident #types, #raw, <Self as #p::ValueObject>::new, [#wheres] })
}

/// `Display`, for those types inside that have it: the higher-ranked bound is not judged before it is used.
fn text(model: &Model) -> TokenStream {
    let (ident, raw) = (&model.input.ident, raw(model));
    let generics = with_bound(model, &parse_quote!(for<'__a> #raw: ::core::fmt::Display));
    let (generics, types, wheres) = generics.split_for_impl();
    code! {
        #[automatically_derived]
        impl #generics ::core::fmt::Display for #ident #types #wheres {
            fn fmt(&self, __f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                ::core::fmt::Display::fmt(&self.0, __f)
            }
        }
    }
}

fn newtype_serde(model: &Model) -> TokenStream {
    let (p, ident, raw) = (names::door(), &model.input.ident, raw(model));
    let writes = with_bound(model, &parse_quote!(#raw: #p::serde::Serialize));
    let (write, types, may_write) = writes.split_for_impl();
    let mut reads = with_bound(model, &parse_quote!(#raw: #p::serde::Deserialize<'de>));
    reads.params.insert(0, parse_quote!('de));
    let (read, _, may_read) = reads.split_for_impl();
    code! {
        #[automatically_derived]
        impl #write #p::serde::Serialize for #ident #types #may_write {
            fn serialize<__S: #p::serde::Serializer>(&self, __serializer: __S) -> #p::Result<__S::Ok, __S::Error> {
                #p::serde::Serialize::serialize(&self.0, __serializer)
            }
        }
        #[automatically_derived]
        impl #read #p::serde::Deserialize<'de> for #ident #types #may_read {
            fn deserialize<__D: #p::serde::Deserializer<'de>>(__deserializer: __D) -> #p::Result<Self, __D::Error> {
                let __raw = <#raw as #p::serde::Deserialize<'de>>::deserialize(__deserializer)?;
                <Self as #p::ValueObject>::new(__raw).map_err(#p::serde::de::Error::custom)
            }
        }
    }
}

fn with_bound(model: &Model, bound: &WherePredicate) -> syn::Generics {
    let mut generics = model.input.generics.clone();
    generics.make_where_clause().predicates.push(bound.clone());
    generics
}
