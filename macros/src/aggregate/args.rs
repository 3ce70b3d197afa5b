//! The options of `#[aggregate]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{LitStr, Path, Type};

use crate::{
    behaviour::missing,
    codes::{CONFLICT, UNKNOWN_OPTION},
    faults::Faults,
    paths::{CRATE, Root},
    suggest::did_you_mean,
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
        Opt::new("persist", "persist = entity"),
        Opt::new("state", "state(version = 2, from = older)"),
        CRATE,
    ],
);

/// The options of `snapshot(…)`.
pub(super) const SNAPSHOT: Grammar =
    Grammar::new("snapshot", &[Opt::new("every", "every = 100"), Opt::new("version", "version = 1")]);

/// The options of `state(…)`.
pub(super) const STATE: Grammar =
    Grammar::new("state", &[Opt::new("version", "version = 2"), Opt::new("from", "from = older")]);

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
    /// Whether its state is stored and not its events, and how.
    pub(super) entity: Option<Entity>,
    /// Where the runtime is.
    pub(super) root: Root,
}

/// `snapshot(every = 100, version = 1)`.
pub(super) struct Snapshot {
    pub(super) every: u32,
    pub(super) version: u32,
    pub(super) span: Span,
}

/// `persist = entity`, with `state(version = 2, from = older)`.
pub(super) struct Entity {
    pub(super) version: u32,
    pub(super) from: Option<Path>,
    pub(super) span: Span,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        missing(&options, &["name", "id", "event", "error"], EXAMPLE, faults);
        let entity = Entity::read(&mut options, faults);
        let mut ty = |name: &str, faults: &mut Faults| options.take(name).and_then(|entry| entry.read::<Type>(faults));
        let (id, event, error) = (ty("id", faults), ty("event", faults), ty("error", faults));
        Self {
            name: options.take("name").and_then(|entry| entry.text(faults)),
            id,
            event,
            error,
            snapshot: options.take("snapshot").and_then(|entry| Snapshot::read(&entry, faults)),
            entity,
            root: Root::read(options.take("crate"), faults),
        }
    }
}

impl Entity {
    fn read(options: &mut Options, faults: &mut Faults) -> Option<Self> {
        let (persist, state) = (options.take("persist"), options.take("state"));
        let Some(persist) = persist else {
            if let Some(state) = &state {
                let text = "`state` says how a state is stored, and the events are stored here";
                faults.at(state.name.span(), CONFLICT, text).help("add `persist = entity`, or remove `state`");
            }
            return None;
        };
        if let Some(snapshot) = options.take("snapshot") {
            let text = "`snapshot` is of a state that events make, and `persist = entity` stores no events";
            faults
                .at(snapshot.name.span(), CONFLICT, text)
                .and(persist.name.span(), "the state is stored here".to_owned())
                .help("remove one of them");
        }
        let entity = Self { version: 1, from: None, span: word(&persist, faults)? };
        match state.map(|state| state.options(&STATE, faults)) {
            Some(options) => Some(entity.with(options?, faults)),
            None => Some(entity),
        }
    }

    fn with(mut self, mut options: Options, faults: &mut Faults) -> Self {
        if let Some((version, _)) = options.take("version").and_then(|version| version.number(faults)) {
            self.version = version;
        }
        self.from = options.take("from").and_then(|from| from.read(faults));
        self
    }
}

/// The word `entity`.
fn word(persist: &Entry, faults: &mut Faults) -> Option<Span> {
    let word: Ident = persist.read(faults)?;
    if word != "entity" {
        let text = format!("unknown way to persist `{word}`{}", did_you_mean(&word.to_string(), ["entity"]));
        faults.at(word.span(), UNKNOWN_OPTION, text).help("write `persist = entity`, or nothing to store the events");
    }
    Some(word.span())
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
