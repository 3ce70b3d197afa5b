//! What the user meant: the table of one entity.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Data, DeriveInput, Fields, Type};

use super::{
    args::{self, Args},
    check::{is_float, wide},
    column::{Column, Role},
};
use crate::{
    faults::Faults,
    names,
    syntax::{self, Options, refuse_lifetimes, wrong_item},
};

/// One entity.
pub(crate) struct Model {
    /// The options of the struct.
    pub(super) args: Args,
    /// The item.
    pub(super) input: DeriveInput,
    /// Its fields, in order.
    pub(super) fields: Vec<Column>,
    /// Roles that the struct gives to fields that have one.
    pub(super) repeated: Vec<(Role, [Span; 2])>,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let Data::Struct(data) = &input.data else {
            wrong_item(&input, "a struct with named fields", faults);
            return None;
        };
        let Fields::Named(named) = &data.fields else {
            wrong_item(&input, "a struct with named fields", faults);
            return None;
        };
        let args = Args::read(Options::of(&args::STRUCT, &input.attrs, faults), faults);
        refuse_lifetimes(&input, "an entity", faults);
        let named = named.named.iter().filter_map(|field| Some((field, field.ident.as_ref()?)));
        let mut fields: Vec<Column> = named.map(|(field, ident)| Column::read(field, ident, faults)).collect();
        let mut repeated = Vec::new();
        for (role, name) in &args.roles {
            let Some(field) = fields.iter_mut().find(|field| names::same(&field.ident, name)) else { continue };
            match field.role {
                Some((_, first)) => repeated.push((*role, [first, name.span()])),
                None => field.role = Some((*role, name.span())),
            }
        }
        Some(Self { args, input, fields, repeated })
    }

    /// The columns, in the order of the table.
    pub(super) fn columns(&self) -> impl Iterator<Item = &Column> {
        self.fields.iter().filter(|field| field.is_stored())
    }

    /// The place of the column that a field of this name is.
    pub(super) fn place(&self, name: &Ident) -> Option<usize> {
        self.columns().position(|column| names::same(&column.ident, name))
    }

    /// The columns whose changes are logged, with the words that name them.
    pub(super) fn logged(&self) -> impl Iterator<Item = (&Ident, &Column)> {
        self.logs().map(|(name, column, _)| (name, column))
    }

    /// The same, with the log.
    pub(super) fn logs(&self) -> impl Iterator<Item = (&Ident, &Column, &Column)> {
        let logs = self.fields.iter().filter_map(|field| Some((field, field.logs.as_ref()?)));
        let named = logs.flat_map(|(log, names)| names.iter().map(move |name| (name, log)));
        named.filter_map(|(name, log)| {
            let column = self.columns().find(|column| names::same(&column.ident, name))?;
            Some((name, column, log))
        })
    }

    /// The first column that plays this part.
    pub(super) fn with_role(&self, role: Role) -> Option<&Column> {
        self.columns().find(|column| column.plays(role))
    }

    /// The type of the key, unless it is one that no key has.
    pub(super) fn id(&self) -> Option<&Type> {
        let ty = &self.with_role(Role::Id)?.ty;
        (wide(ty).is_none() && !is_float(ty)).then_some(ty)
    }

    /// The name of the table.
    pub(super) fn table(&self) -> String {
        self.args.table.as_ref().map_or_else(|| names::snake(&self.input.ident), syn::LitStr::value)
    }
}

impl Column {
    /// The name in the database.
    pub(super) fn sql_name(&self) -> String {
        self.args.rename.as_ref().map_or_else(|| names::text(&self.ident), syn::LitStr::value)
    }
}
