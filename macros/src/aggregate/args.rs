//! The options of `#[aggregate]`.

use proc_macro2::{Span, TokenStream};
use syn::{LitStr, Type};

use crate::{
    behaviour::missing,
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Entry, Grammar, Opt, Options},
};

/// All options.
pub(super) const GRAMMAR: Grammar = Grammar::new(
    "#[aggregate]",
    &[
        Opt::new("name", "name = \"account\""),
        Opt::new("id", "id = String"),
        Opt::new("event", "event = AccountEvent"),
        Opt::new("error", "error = AccountError"),
        Opt::new("snapshot", "snapshot(every = 100, version = 1)"),
        CRATE,
    ],
);

/// The options of `snapshot(…)`.
pub(super) const SNAPSHOT: Grammar =
    Grammar::new("snapshot", &[Opt::new("every", "every = 100"), Opt::new("version", "version = 1")]);

const EXAMPLE: &str = "#[aggregate(name = \"account\", id = String, event = AccountEvent, error = AccountError)]";

/// What was said, or nothing after a fault.
pub(crate) struct Args {
    /// The first half of the ids of its streams.
    pub(super) name: Option<LitStr>,
    /// The type of its id.
    pub(super) id: Option<Type>,
    /// Its events.
    pub(super) event: Option<Type>,
    /// How it says no.
    pub(super) error: Option<Type>,
    /// When its state is stored.
    pub(super) snapshot: Option<Snapshot>,
    /// Where the runtime is.
    pub(super) root: Root,
}

/// `snapshot(every = 100, version = 1)`.
pub(super) struct Snapshot {
    pub(super) every: u32,
    pub(super) version: u32,
    pub(super) span: Span,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        missing(&options, &["name", "id", "event", "error"], EXAMPLE, faults);
        let mut ty = |name: &str, faults: &mut Faults| options.take(name).and_then(|entry| entry.read::<Type>(faults));
        let (id, event, error) = (ty("id", faults), ty("event", faults), ty("error", faults));
        Self {
            name: options.take("name").and_then(|entry| entry.text(faults)),
            id,
            event,
            error,
            snapshot: options.take("snapshot").and_then(|entry| Snapshot::read(&entry, faults)),
            root: Root::read(options.take("crate"), faults),
        }
    }
}

impl Snapshot {
    fn read(entry: &Entry, faults: &mut Faults) -> Option<Self> {
        let mut options = entry.options(&SNAPSHOT, faults)?;
        options.require("every", entry.name.span(), faults);
        let every = options.take("every").and_then(|entry| entry.number(faults));
        let version = options.take("version").map(|entry| entry.number(faults));
        let (every, version) = (every?.0, version.map_or(Some(1), |read| read.map(|(number, _)| number))?);
        Some(Self { every, version, span: entry.name.span() })
    }
}
