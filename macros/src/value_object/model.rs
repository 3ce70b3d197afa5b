//! What the user meant: a value, and what it is made from.

use proc_macro2::{Ident, TokenStream};
use syn::{Attribute, Data, DeriveInput, Field, Fields, Type};

use super::args::{self, Args};
use crate::{
    faults::Faults,
    names,
    syntax::{self, Options, refuse_lifetimes, wrong_item},
};

/// One value object.
pub(crate) struct Model {
    /// The options of the struct.
    pub(super) args: Args,
    /// The item.
    pub(super) input: DeriveInput,
    /// Whether the item has lifetimes: nothing can be written then.
    pub(super) borrows: bool,
    /// What it is made from.
    pub(super) shape: Shape,
}

/// What a value object is made from.
pub(super) enum Shape {
    /// One value.
    Newtype(Box<Field>),
    /// Fields with names.
    Named(Vec<Field>),
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let Some(shape) = shape(&input.data) else {
            wrong_item(&input, "a newtype or a struct with named fields", faults);
            return None;
        };
        let options = Options::of(&args::STRUCT, &input.attrs, faults);
        let args = Args::read(options, input.ident.span(), faults);
        let borrows = refuse_lifetimes(&input, "a value object", faults);
        Some(Self { args, borrows, shape, input })
    }

    /// The fields.
    pub(super) fn fields(&self) -> &[Field] {
        match &self.shape {
            Shape::Newtype(field) => std::slice::from_ref(&**field),
            Shape::Named(fields) => fields,
        }
    }

    /// `#[serde(…)]` of the struct.
    pub(super) fn serde(&self) -> Vec<&Attribute> {
        serde_of(&self.input.attrs)
    }

    /// The type inside, of a newtype.
    pub(super) fn inner(&self) -> Option<&Type> {
        match &self.shape {
            Shape::Newtype(field) => Some(&field.ty),
            Shape::Named(_) => None,
        }
    }

    /// Whether the type inside is a type parameter.
    pub(super) fn is_bare(&self) -> bool {
        let Some(Type::Path(inner)) = self.inner() else { return false };
        self.input.generics.type_params().any(|param| inner.path.is_ident(&param.ident))
    }

    /// One local per field.
    pub(super) fn locals(&self) -> Vec<Ident> {
        let local = |field: &Field| names::local(&field.ident.as_ref().map_or_else(|| "raw".into(), names::text));
        self.fields().iter().map(local).collect()
    }
}

/// The `#[serde(…)]` among attributes.
pub(super) fn serde_of(attributes: &[Attribute]) -> Vec<&Attribute> {
    attributes.iter().filter(|attribute| attribute.path().is_ident("serde")).collect()
}

fn shape(data: &Data) -> Option<Shape> {
    let Data::Struct(data) = data else { return None };
    match &data.fields {
        Fields::Unnamed(fields) if fields.unnamed.len() == 1 => {
            fields.unnamed.first().map(|field| Shape::Newtype(Box::new(field.clone())))
        }
        Fields::Named(fields) if !fields.named.is_empty() => Some(Shape::Named(fields.named.iter().cloned().collect())),
        _ => None,
    }
}
