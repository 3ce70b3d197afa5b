//! What the user meant.

use proc_macro2::TokenStream;
use syn::Type;

use super::{Projection, args::Args};
use crate::{
    behaviour::inherent,
    faults::Faults,
    syntax::{
        impl_block::{ImplBlock, Method},
        signature,
    },
};

/// The block and its parts.
pub(crate) struct Model {
    pub(super) args: Args,
    pub(super) block: ImplBlock,
    /// The `#[project]` methods.
    pub(super) methods: Vec<Method>,
}

impl Model {
    /// Reads the block.
    pub(super) fn read(args: Args, item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let block = inherent::read::<Projection>(item, faults)?;
        block.methods().flat_map(|method| &method.roles).for_each(|role| role.refuse_options(faults));
        let methods = block.methods().filter(|method| !method.roles.is_empty()).cloned().collect();
        Some(Self { args, block, methods })
    }
}

/// The `E` of `&Recorded<E>`.
pub(super) fn event(method: &Method) -> Option<&Type> {
    let first = signature::arguments(&method.sig).into_iter().next()?;
    signature::reference(first.ty).and_then(|(ty, _)| signature::argument_of(ty, "Recorded"))
}
