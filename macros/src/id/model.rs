//! What the user meant: an identifier and what is inside.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput, Fields, Type};

use super::args;
use crate::{
    faults::Faults,
    paths::Root,
    syntax::{self, Options, wrong_item},
};

const INTEGERS: [&str; 12] = ["u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize"];

/// What an identifier is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Inner {
    /// A `Uuid`: it can be made from a clock.
    Uuid,
    /// A `String`: it is not `Copy`.
    Text,
    /// An integer.
    Integer,
}

/// One identifier.
pub(crate) struct Model {
    /// The way to the runtime.
    pub(super) root: Root,
    /// The item.
    pub(super) input: DeriveInput,
    /// The type inside.
    pub(super) ty: Type,
    /// What it is, if it may be inside.
    pub(super) inner: Option<Inner>,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let Some(ty) = newtype(&input.data) else {
            wrong_item(&input, "a newtype: `struct OrderId(Uuid);`", faults);
            return None;
        };
        let ty = ty.clone();
        let root = Root::read(Options::of(&args::STRUCT, &input.attrs, faults).take("crate"), faults);
        Some(Self { root, inner: inner(&ty), ty, input })
    }
}

fn newtype(data: &Data) -> Option<&Type> {
    let Data::Struct(data) = data else { return None };
    match &data.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => fields.unnamed.first().map(|field| &field.ty),
        _ => None,
    }
}

fn inner(ty: &Type) -> Option<Inner> {
    match ty {
        Type::Group(group) => inner(&group.elem),
        Type::Paren(paren) => inner(&paren.elem),
        Type::Path(path) => {
            let last = path.path.segments.last().filter(|last| last.arguments.is_empty())?;
            let name = last.ident.to_string();
            match name.as_str() {
                "Uuid" => Some(Inner::Uuid),
                "String" => Some(Inner::Text),
                integer if INTEGERS.contains(&integer) => Some(Inner::Integer),
                _ => None,
            }
        }
        _ => None,
    }
}
