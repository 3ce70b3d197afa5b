//! The options of `#[projection]`.

use proc_macro2::TokenStream;
use syn::LitStr;

use crate::{
    behaviour::missing,
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options},
};

/// All options.
pub(super) const GRAMMAR: Grammar = Grammar::new(
    "#[projection]",
    &[
        Opt::new("name", "name = \"revenue_by_month\""),
        Opt::new("version", "version = 1"),
        Opt::new("inline", "inline"),
        Opt::new("park_after", "park_after = 5"),
        CRATE,
    ],
);

const EXAMPLE: &str = "#[projection(name = \"revenue_by_month\", version = 1)]";

/// What was said, or nothing after a fault.
pub(crate) struct Args {
    /// The key of its checkpoint.
    pub(super) name: Option<LitStr>,
    /// Another one starts from the first event again.
    pub(super) version: u32,
    /// It runs in the transaction of the append.
    pub(super) inline: bool,
    /// It goes on without an event that failed so often.
    pub(super) park_after: Option<u32>,
    /// Where the runtime is.
    pub(super) root: Root,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        missing(&options, &["name", "version"], EXAMPLE, faults);
        options.exclude("inline", "park_after", faults);
        Self {
            name: options.take("name").and_then(|entry| entry.text(faults)),
            version: options.take("version").and_then(|entry| entry.number(faults)).map_or(1, |(number, _)| number),
            inline: options.take("inline").is_some_and(|entry| entry.flag(faults)),
            park_after: options.take("park_after").and_then(|entry| entry.number(faults)).map(|(number, _)| number),
            root: Root::read(options.take("crate"), faults),
        }
    }
}
