//! The implementations of `Query` and `Answers`.

use proc_macro2::TokenStream;

use super::model::Model;
use crate::{names, names::code, pipeline::Health};

/// Both implementations; nothing if the item borrows, because the traits cannot hold then.
pub(super) fn emit(model: &Model, _health: Health) -> TokenStream {
    if model.borrows {
        return TokenStream::new();
    }
    let (p, ident, name, answers) = (names::door(), &model.input.ident, model.name(), answers(model));
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    model.args.root.block(&code! {
        #[automatically_derived]
        impl #generics #p::Query for #ident #types #wheres {
            const NAME: &'static str = #name;
        }
        #answers
    })
}

fn answers(model: &Model) -> Option<TokenStream> {
    let output = model.args.output.as_ref()?;
    let (p, ident) = (names::door(), &model.input.ident);
    let (generics, types, wheres) = model.input.generics.split_for_impl();
    Some(code! {
        #[automatically_derived]
        impl #generics #p::Answers for #ident #types #wheres {
            type Output = #output;
        }
    })
}
