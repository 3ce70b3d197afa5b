//! The options of `#[service]`.

use proc_macro2::TokenStream;
use syn::LitStr;

use crate::{
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options},
};

/// All options.
pub(super) const GRAMMAR: Grammar = Grammar::new("#[service]", &[Opt::new("name", "name = \"meetings\""), CRATE]);

/// What was said, or nothing after a fault.
pub(crate) struct Args {
    /// Its name, and the first half of the names of its subscriptions; the type's name in snake case otherwise.
    pub(super) name: Option<LitStr>,
    /// Where the runtime is.
    pub(super) root: Root,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        Self {
            name: options.take("name").and_then(|entry| entry.text(faults)),
            root: Root::read(options.take("crate"), faults),
        }
    }
}
