//! What the user meant: a set of states.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Data, DeriveInput, Fields, Variant};

use super::{
    args::{self, Args, StateArgs},
    check,
};
use crate::{
    faults::Faults,
    names,
    syntax::{self, Options},
};

/// One set of states.
pub(crate) struct Model {
    /// The options of the enum.
    pub(super) args: Args,
    /// The item.
    pub(super) input: DeriveInput,
    /// Its states, in order.
    pub(super) states: Vec<State>,
}

/// One state.
pub(super) struct State {
    /// The variant.
    pub(super) ident: Ident,
    /// What it carries, which should be nothing.
    pub(super) fields: Fields,
    /// The options.
    pub(super) args: StateArgs,
    /// The stored text.
    pub(super) name: String,
}

impl Model {
    /// Reads the item.
    pub(super) fn read(item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let input = syntax::parse(item, faults)?;
        let Data::Enum(data) = &input.data else {
            check::not_an_enum(&input, faults);
            return None;
        };
        let args = Args::read(Options::of(&args::ENUM, &input.attrs, faults), faults);
        let states = data.variants.iter().map(|variant| State::read(variant, &args, faults)).collect();
        Some(Self { args, states, input })
    }

    /// The variant that stands for unknown texts.
    pub(super) fn unknown(&self) -> Option<&Ident> {
        let is = |word: &Ident| self.states.iter().any(|state| names::text(&state.ident) == names::text(word));
        self.args.unknown.as_ref().filter(|word| is(word))
    }

    /// The initial state, if there is one.
    pub(super) fn initial(&self) -> Option<&State> {
        self.states.iter().find(|state| state.args.initial.is_some())
    }

    /// The variants that can be states.
    pub(super) fn plain(&self) -> impl Iterator<Item = &State> {
        self.states.iter().filter(|state| state.is_plain())
    }

    /// Whether the set itself is deprecated.
    pub(super) fn is_deprecated(&self) -> bool {
        self.input.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"))
    }

    /// Whether a trait is to be implemented.
    pub(super) fn writes(&self, name: &str) -> bool {
        !self.args.skipped.iter().any(|skipped| skipped == name)
    }
}

impl State {
    fn read(variant: &Variant, of: &Args, faults: &mut Faults) -> Self {
        for field in &variant.fields {
            Options::of(&args::FIELD, &field.attrs, faults);
        }
        let args = StateArgs::read(Options::of(&args::VARIANT, &variant.attrs, faults), faults);
        let variant_name = || of.naming.apply(&names::text(&variant.ident));
        let name = args.name.as_ref().map_or_else(variant_name, syn::LitStr::value);
        Self { ident: variant.ident.clone(), fields: variant.fields.clone(), args, name }
    }

    /// Whether it carries nothing.
    pub(super) fn is_plain(&self) -> bool {
        matches!(self.fields, Fields::Unit)
    }

    /// Where the stored text stands.
    pub(super) fn name_span(&self) -> Span {
        self.args.name.as_ref().map_or_else(|| self.ident.span(), syn::LitStr::span)
    }
}
