//! The options of `#[state_machine]`.

use proc_macro2::{Ident, Span, TokenStream};
use syn::{Path, Type};

use crate::{
    behaviour::missing,
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Grammar, Opt, Options},
};

/// All options.
pub(super) const GRAMMAR: Grammar = Grammar::new(
    "#[state_machine]",
    &[
        Opt::new("states", "states = OrderStatus"),
        Opt::new("field", "field = status"),
        Opt::new("name", "name = payment"),
        Opt::new("version", "version = version"),
        Opt::new("audit", "audit"),
        Opt::new("emit", "emit"),
        Opt::new("log", "log = log"),
        Opt::new("error", "error = OrderError"),
        Opt::new("trigger", "trigger"),
        Opt::new("typestate", "typestate"),
        CRATE,
    ],
);

const EXAMPLE: &str = "#[state_machine(states = OrderStatus, field = status)]";

/// What was said, or nothing after a fault.
pub(crate) struct Args {
    /// The enum of the states.
    pub(super) states: Option<Path>,
    /// The field that holds one.
    pub(super) field: Option<Ident>,
    /// The name of a further machine of the same type.
    pub(super) name: Option<Ident>,
    /// The field of the optimistic version.
    pub(super) version: Option<Ident>,
    /// The field of the log.
    pub(super) log: Option<Ident>,
    /// Where the log is asked for that the entity has for the field.
    pub(super) own_log: Option<Span>,
    /// The error of all wrappers.
    pub(super) error: Option<Type>,
    /// Where `audit` and `emit` stand.
    pub(super) audit: Option<Span>,
    pub(super) emit: Option<Span>,
    /// Where `trigger` stands.
    pub(super) trigger: Option<Span>,
    /// Where `typestate` stands.
    pub(super) typestate: Option<Span>,
    /// Options that were written, rightly or wrongly: nothing is said of their absence.
    pub(super) written: Written,
    /// Where the runtime is.
    pub(super) root: Root,
}

/// Whether an option was written, rightly or wrongly.
#[derive(Clone, Copy)]
pub(super) struct Written {
    pub(super) version: bool,
}

impl Args {
    /// Reads the options.
    pub(super) fn read(tokens: TokenStream, faults: &mut Faults) -> Self {
        let mut options = Options::parse(&GRAMMAR, tokens, faults);
        missing(&options, &["states", "field"], EXAMPLE, faults);
        let written = Written { version: options.written("version") };
        let (log, alone, has_log) = log(&mut options, faults);
        let mut ident = |name: &str| options.take(name).and_then(|entry| entry.read::<Ident>(faults));
        let (field, name, version) = (ident("field"), ident("name"), ident("version"));
        let [audit, emit, trigger, typestate] = ["audit", "emit", "trigger", "typestate"].map(|name| {
            let entry = options.take(name)?;
            entry.flag(faults).then(|| entry.name.span())
        });
        Self {
            states: options.take("states").and_then(|entry| entry.read::<Path>(faults)),
            field,
            name,
            version,
            log,
            own_log: if has_log { alone } else { audit.or(emit) },
            error: options.take("error").and_then(|entry| entry.read::<Type>(faults)),
            audit,
            emit,
            trigger,
            typestate,
            written,
            root: Root::read(options.take("crate"), faults),
        }
    }

    /// The first option that makes rows from the transitions.
    pub(super) fn stored(&self) -> Option<(Span, &'static str)> {
        let audit = self.audit.map(|span| (span, "audit"));
        audit.or(self.emit.map(|span| (span, "emit")))
    }
}

/// The field of the log, or where the log of the entity is asked for; and whether the option was written.
fn log(options: &mut Options, faults: &mut Faults) -> (Option<Ident>, Option<Span>, bool) {
    let written = options.written("log");
    match options.take("log") {
        Some(entry) if entry.is_alone() => (None, Some(entry.name.span()), written),
        entry => (entry.and_then(|entry| entry.read::<Ident>(faults)), None, written),
    }
}
