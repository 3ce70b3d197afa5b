//! The options of `#[command]` on an `impl`.

use std::time::Duration;

use proc_macro2::TokenStream;
use syn::LitStr;

use crate::{
    codes::LITERAL_FORMAT,
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Entry, Grammar, Opt, Options, duration},
};

/// All options.
pub(super) const GRAMMAR: Grammar = Grammar::new(
    "#[command]",
    &[
        Opt::new("name", "name = \"order.rename\""),
        Opt::new("audit", "audit"),
        Opt::new("timeout", "timeout = \"2s\""),
        Opt::new("retry", "retry = 5"),
        CRATE,
    ],
);

/// What was said, or nothing after a fault.
pub(crate) struct Args {
    /// A stable name for audit rows and traces.
    pub(super) name: Option<LitStr>,
    /// Each run leaves an audit row.
    pub(super) audit: bool,
    /// How long one run may take.
    pub(super) timeout: Option<Duration>,
    /// How often a lost race may be repeated, all attempts counted.
    pub(super) retry: Option<u32>,
    /// Where the runtime is.
    pub(super) root: Root,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        Self {
            name: options.take("name").and_then(|entry| entry.text(faults)),
            audit: options.take("audit").is_some_and(|entry| entry.flag(faults)),
            timeout: options.take("timeout").and_then(|entry| timeout(&entry, faults)),
            retry: options.take("retry").and_then(|entry| entry.number(faults)).map(|(number, _)| number),
            root: Root::read(options.take("crate"), faults),
        }
    }
}

fn timeout(entry: &Entry, faults: &mut Faults) -> Option<Duration> {
    let text = entry.text(faults)?;
    let read = duration::parse(&text.value());
    if let Err(why) = &read {
        faults.at(text.span(), LITERAL_FORMAT, why).help("write `timeout = \"2s\"`");
    }
    read.ok()
}
