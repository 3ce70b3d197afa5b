//! What the user meant.

use proc_macro2::{Ident, TokenStream};
use syn::{Type, parse::Parser};

use super::{Aggregate, args::Args};
use crate::{
    behaviour::inherent,
    codes::LITERAL_FORMAT,
    faults::Faults,
    syntax::{
        Grammar, Opt, Options,
        impl_block::{ImplBlock, Method},
        roles::Role,
        signature,
    },
};

/// The options of `#[handle]`.
pub(super) const HANDLE: Grammar =
    Grammar::new("#[handle]", &[Opt::new("create", "create"), Opt::new("create_if_missing", "create_if_missing")]);

/// The block and its parts.
pub(crate) struct Model {
    pub(super) args: Args,
    pub(super) block: ImplBlock,
    pub(super) handlers: Vec<Handler>,
    pub(super) appliers: Vec<Applier>,
}

/// A `#[handle]` method.
pub(super) struct Handler {
    pub(super) method: Method,
    pub(super) creation: Creation,
}

/// Which streams a command may meet.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Creation {
    Existing,
    New,
    Either,
}

/// An `#[apply]` method.
pub(super) struct Applier {
    pub(super) method: Method,
    /// The role's word.
    pub(super) role: proc_macro2::Span,
    /// The variants; none takes the event whole.
    pub(super) variants: Vec<Ident>,
}

impl Model {
    /// Reads the block.
    pub(super) fn read(args: Args, item: TokenStream, faults: &mut Faults) -> Option<Self> {
        let block = inherent::read::<Aggregate>(item, faults)?;
        let (mut handlers, mut appliers) = (Vec::new(), Vec::new());
        for method in block.methods() {
            match method.roles.first() {
                Some(role) if role.name == "handle" => handlers.push(Handler::read(method, role, faults)),
                Some(role) => appliers.extend(Applier::read(method, role, faults)),
                None => {}
            }
        }
        Some(Self { args, block, handlers, appliers })
    }
}

impl Handler {
    fn read(method: &Method, role: &Role, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&HANDLE, role.tokens.clone(), faults);
        options.exclude("create", "create_if_missing", faults);
        let creation = if options.take("create").is_some_and(|entry| entry.flag(faults)) {
            Creation::New
        } else if options.take("create_if_missing").is_some_and(|entry| entry.flag(faults)) {
            Creation::Either
        } else {
            Creation::Existing
        };
        Self { method: method.clone(), creation }
    }

    /// The command: the first argument.
    pub(super) fn command(&self) -> Option<&Type> {
        signature::arguments(&self.method.sig).first().map(|argument| argument.ty)
    }
}

impl Applier {
    fn read(method: &Method, role: &Role, faults: &mut Faults) -> Option<Self> {
        let mut variants = Vec::new();
        for role in method.roles.iter().filter(|role| role.name == "apply" && !role.tokens.is_empty()) {
            match <Ident as syn::parse::Parse>::parse.parse2(role.tokens.clone()) {
                Ok(variant) => variants.push(variant),
                Err(_) => {
                    faults
                        .on(&role.tokens, LITERAL_FORMAT, "`#[apply]` takes the name of one variant")
                        .help("write `#[apply(Opened)]`; the type of the events stands in `#[aggregate(event = …)]`");
                    return None;
                }
            }
        }
        Some(Self { method: method.clone(), role: role.span, variants })
    }
}
