//! The options of `#[state(…)]`.

use proc_macro2::Ident;
use syn::{LitStr, ext::IdentExt, parse::ParseStream};

use super::naming::Naming;
use crate::{
    faults::Faults,
    paths::{CRATE, Root},
    syntax::{Entry, Grammar, Opt, Options},
};

const INITIAL: Opt = Opt::new("initial", "initial");
const TERMINAL: Opt = Opt::new("terminal", "terminal");
const EXTERNAL: Opt = Opt::new("external", "external");
const NAME: Opt = Opt::new("name", "name = \"in_transit\"");
const ALIAS: Opt = Opt::new("alias", "alias = \"sent\"").repeats();
const RENAME_ALL: Opt = Opt::new("rename_all", "rename_all = \"snake_case\"");
const UNKNOWN: Opt = Opt::new("unknown", "unknown = error");
const CYCLIC: Opt = Opt::new("cyclic", "cyclic");
const SKIP: Opt = Opt::new("skip", "skip(Display, FromStr)");

/// Of a variant.
pub(super) static VARIANT: Grammar =
    Grammar::new("#[state]", &[INITIAL, TERMINAL, EXTERNAL, NAME, ALIAS]).only(" on a variant");
/// Of the enum.
pub(super) static ENUM: Grammar =
    Grammar::new("#[state]", &[RENAME_ALL, UNKNOWN, CYCLIC, SKIP, CRATE]).only(" on an enum");
/// Of a field, which no state has.
pub(super) static FIELD: Grammar = Grammar::new("#[state]", &[]).only(" on a field");
/// In `skip(…)`.
pub(super) static SKIPPED: Grammar = Grammar::new(
    "skip",
    &[
        Opt::new("Display", "Display"),
        Opt::new("FromStr", "FromStr"),
        Opt::new("Serialize", "Serialize"),
        Opt::new("Deserialize", "Deserialize"),
    ],
);

/// The options of the enum.
#[derive(Default)]
pub(super) struct Args {
    /// The way to the runtime.
    pub(super) root: Root,
    /// How the name of a variant becomes its stored text, in one of serde's eight spellings; `snake_case` unless given.
    pub(super) naming: Naming,
    /// The variant that stands for every text that is neither name nor alias; `error`, which is the default, refuses it.
    pub(super) unknown: Option<Ident>,
    /// No terminal state is intended.
    pub(super) cyclic: Option<Ident>,
    /// What is not implemented: `Display`, `FromStr`, `Serialize`, `Deserialize`.
    pub(super) skipped: Vec<String>,
    /// Some option was written and could not be read: what depends on it is not judged.
    pub(super) broken: bool,
}

/// The options of one variant.
#[derive(Default)]
pub(super) struct StateArgs {
    /// New values start here.
    pub(super) initial: Option<Ident>,
    /// The state cannot be left.
    pub(super) terminal: Option<Ident>,
    /// Stored rows may start here: imports, older code.
    pub(super) external: Option<Ident>,
    /// The stored text; that of `rename_all` unless given.
    pub(super) name: Option<LitStr>,
    /// A text that is read as this state and never written; may be repeated.
    pub(super) aliases: Vec<LitStr>,
    /// Some option was written and could not be read: what depends on it is not judged.
    pub(super) broken: bool,
}

impl Args {
    /// Reads the options of the enum.
    pub(super) fn read(mut options: Options, faults: &mut Faults) -> Self {
        let before = faults.count();
        let mut args = Self {
            root: Root::read(options.take("crate"), faults),
            naming: options.take("rename_all").and_then(|entry| Naming::read(&entry, faults)).unwrap_or_default(),
            unknown: options.take("unknown").and_then(|entry| read_unknown(&entry, faults)),
            cyclic: flag(&mut options, "cyclic", faults),
            skipped: options.take("skip").map(|entry| read_skipped(&entry, faults)).unwrap_or_default(),
            broken: false,
        };
        args.broken = options.spoilt() || faults.count() > before;
        args
    }
}

impl StateArgs {
    /// Reads the options of one variant.
    pub(super) fn read(mut options: Options, faults: &mut Faults) -> Self {
        let before = faults.count();
        let mut args = Self {
            initial: flag(&mut options, "initial", faults),
            terminal: flag(&mut options, "terminal", faults),
            external: flag(&mut options, "external", faults),
            name: options.take("name").and_then(|name| name.text(faults)),
            aliases: options.take_all("alias").iter().filter_map(|alias| alias.text(faults)).collect(),
            broken: false,
        };
        args.broken = options.spoilt() || faults.count() > before;
        args
    }
}

/// The word of an option that stands alone.
fn flag(options: &mut Options, name: &str, faults: &mut Faults) -> Option<Ident> {
    options.take(name).filter(|entry| entry.flag(faults)).map(|entry| entry.name)
}

/// `error`, or the variant.
fn read_unknown(entry: &Entry, faults: &mut Faults) -> Option<Ident> {
    let word = |input: ParseStream<'_>| input.call(Ident::parse_any);
    entry.read_with(word, faults).filter(|word| word != "error")
}

fn read_skipped(entry: &Entry, faults: &mut Faults) -> Vec<String> {
    let Some(mut options) = entry.options(&SKIPPED, faults) else { return Vec::new() };
    let names = SKIPPED.options.iter().map(|option| option.name);
    names.filter(|name| flag(&mut options, name, faults).is_some()).map(str::to_owned).collect()
}
