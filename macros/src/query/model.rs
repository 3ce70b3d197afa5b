//! What the user meant: a query and its answer.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use super::args::{self, Args};
use crate::{
    faults::Faults,
    names,
    syntax::{self, Options, refuse_lifetimes, wrong_item},
};

/// One query.
pub(crate) struct Model {
    /// The options of the struct.
    pub(super) args: Args,
    /// The item.
    pub(super) input: DeriveInput,
    /// Whether the item has lifetimes: no impl can be written then.
    pub(super) borrows: bool,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        if !matches!(input.data, Data::Struct(_)) {
            wrong_item(&input, "a struct: each query has one handler", faults);
            return None;
        }
        let args = Args::read(Options::of(&args::STRUCT, &input.attrs, faults), faults);
        let borrows = refuse_lifetimes(&input, "a query", faults);
        Some(Self { args, borrows, input })
    }

    /// The name in traces and errors.
    pub(super) fn name(&self) -> String {
        self.args.name.as_ref().map_or_else(|| names::text(&self.input.ident), syn::LitStr::value)
    }
}
