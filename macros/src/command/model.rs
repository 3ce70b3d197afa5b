//! What the user meant.

use proc_macro2::TokenStream;
use syn::Type;

use super::{Command, args::Args};
use crate::{
    behaviour::inherent,
    faults::Faults,
    syntax::{
        impl_block::{ImplBlock, Method},
        signature,
    },
};

/// The block and its parts; several methods of one role are the alternatives of `cfg`.
pub(crate) struct Model {
    pub(super) args: Args,
    pub(super) block: ImplBlock,
    pub(super) validate: Vec<Method>,
    pub(super) authorize: Vec<Method>,
    pub(super) execute: Vec<Method>,
    pub(super) undo: Vec<Method>,
}

impl Model {
    /// Reads the block.
    pub(super) fn read(args: Args, item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let block = inherent::read::<Command>(item, faults)?;
        let with = |role: &str| -> Vec<Method> {
            let plays = |method: &&Method| method.roles.first().is_some_and(|first| first.name == role);
            block.methods().filter(plays).cloned().collect()
        };
        let (validate, authorize, execute, undo) = (with("validate"), with("authorize"), with("execute"), with("undo"));
        block.methods().flat_map(|method| &method.roles).for_each(|role| role.refuse_options(faults));
        Some(Self { args, validate, authorize, execute, undo, block })
    }

    /// The command as a person writes it.
    pub(super) fn shown(&self) -> String {
        signature::show(&self.block.self_ty)
    }
}

/// What `#[undo]` takes: the type behind the first reference.
pub(super) fn done(undo: &Method) -> Option<&Type> {
    let first = signature::arguments(&undo.sig).into_iter().next()?;
    signature::reference(first.ty).map(|(ty, _)| ty).filter(|ty| !signature::is_named(ty, "Context"))
}
