//! What the user meant: a command, its target and what it hides.

use proc_macro2::TokenStream;
use syn::{Data, DeriveInput};

use super::args::{self, Args, FieldArgs};
use crate::{
    faults::Faults,
    names,
    syntax::{self, Options, Word, refuse_lifetimes, serde_words, wrong_item},
};

/// One command.
pub(crate) struct Model {
    /// The options of the struct.
    pub(super) args: Args,
    /// The item.
    pub(super) input: DeriveInput,
    /// Whether the item has lifetimes: no impl can be written then.
    pub(super) borrows: bool,
    /// Its fields.
    pub(super) fields: Vec<FieldArgs>,
}

/// What serde does to the names of all fields.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Naming {
    /// They are as they stand.
    Kept,
    /// They follow another style.
    Changed,
    /// Another type is written.
    Lost,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let Data::Struct(data) = &input.data else {
            wrong_item(&input, "a struct: each command has one handler", faults);
            return None;
        };
        let args = Args::read(Options::of(&args::STRUCT, &input.attrs, faults), faults);
        let borrows = refuse_lifetimes(&input, "a command", faults);
        let members = data.fields.members().zip(&data.fields);
        let fields = members.map(|(member, field)| FieldArgs::read(member, field, faults)).collect();
        Some(Self { args, borrows, fields, input })
    }

    /// The name in traces and audit rows.
    pub(super) fn name(&self) -> String {
        self.args.name.as_ref().map_or_else(|| names::text(&self.input.ident), syn::LitStr::value)
    }

    /// The field marked `#[target]`.
    pub(super) fn target(&self) -> Option<&FieldArgs> {
        self.fields.iter().find(|field| field.target.is_some())
    }

    /// What serde does to the names of all fields.
    pub(super) fn naming(&self) -> Naming {
        let words = serde_words(&self.input.attrs);
        let has = |names: &[&str]| words.iter().any(|word| names.iter().any(|name| word.ident == name));
        match () {
            () if has(&["into", "transparent"]) => Naming::Lost,
            () if has(&["rename_all"]) => Naming::Changed,
            () => Naming::Kept,
        }
    }
}

impl FieldArgs {
    /// The name under which serde writes the field, if it is known.
    pub(super) fn stored_name(&self, naming: Naming) -> Option<String> {
        let renames = |word: &&Word| word.ident == "rename" || word.inside.as_deref() == Some("rename");
        let written = |word: &&Word| word.ident != "deserialize";
        if naming == Naming::Lost || self.serde.iter().any(|word| word.ident == "flatten") {
            return None;
        }
        if let Some(text) = self.serde.iter().filter(renames).filter(written).find_map(|word| word.text.clone()) {
            return Some(text);
        }
        match &self.member {
            syn::Member::Named(ident) if naming == Naming::Kept => Some(names::text(ident)),
            _ => None,
        }
    }
}
