//! The options of `#[event(…)]`.

use proc_macro2::{Ident, Span};
use syn::{LitInt, LitStr, Path, Token, ext::IdentExt, parse::ParseStream};

use crate::{
    codes::{LITERAL_FORMAT, UNKNOWN_OPTION},
    faults::Faults,
    paths::CRATE,
    suggest::did_you_mean,
    syntax::{Entry, Grammar, Opt, Options},
};

const NAME: Opt = Opt::new("name", "name = \"order.placed\"");
const ALIAS: Opt = Opt::new("alias", "alias = \"order.created\"").repeats();
const VERSION: Opt = Opt::new("version", "version = 2");
const UPCAST: Opt = Opt::new("upcast", "upcast(1 => placed_v1_to_v2)").repeats();
const KIND: Opt = Opt::new("kind", "kind = notification");
const TOPIC: Opt = Opt::new("topic", "topic = \"orders\"");
const KEY: Opt = Opt::new("key", "key = order");
const PUBLISH: Opt = Opt::new("publish", "publish(topic = \"orders\", key = order)");
const SUBJECT: Opt = Opt::new("subject", "subject = user");
const SENSITIVE: Opt = Opt::new("sensitive", "sensitive");

/// Of a variant.
pub(super) static VARIANT: Grammar =
    Grammar::new("#[event]", &[NAME, ALIAS, VERSION, UPCAST, KIND, TOPIC, KEY, PUBLISH, SUBJECT]).only(" on a variant");
/// Of a struct.
pub(super) static STRUCT: Grammar =
    Grammar::new("#[event]", &[NAME, ALIAS, VERSION, UPCAST, KIND, TOPIC, KEY, PUBLISH, SUBJECT, CRATE])
        .only(" on a struct");
/// Of an enum.
pub(super) static ENUM: Grammar = Grammar::new("#[event]", &[CRATE]).only(" on an enum");
/// Of a field.
pub(super) static FIELD: Grammar = Grammar::new("#[event]", &[SENSITIVE]).only(" on a field");
static TO: Grammar = Grammar::new("publish", &[TOPIC, KEY]);

/// What an event is for: a word that is a variant of `EventKind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventKind {
    /// In process and in the aggregate's stream.
    Domain,
    /// A fact for other services.
    Notification,
    /// A whole state for other services.
    StateTransfer,
}

const KINDS: [(&str, EventKind); 3] = [
    ("domain", EventKind::Domain),
    ("notification", EventKind::Notification),
    ("state_transfer", EventKind::StateTransfer),
];

/// One step of a chain of upcasts.
pub(super) struct Step {
    /// The version that it reads.
    pub(super) from: u32,
    /// Where that stands.
    pub(super) span: Span,
    /// The function.
    pub(super) path: Path,
}

/// A field that is named in an option.
pub(super) enum Key {
    /// A field with a name.
    Named(Ident),
    /// A field of a tuple.
    Indexed(LitInt),
}

/// The options of one event.
pub(super) struct Args {
    /// The registered name, stable for ever and unique in an application. Required.
    pub(super) name: Option<LitStr>,
    /// A name under which older programs stored the event; may be repeated.
    pub(super) aliases: Vec<LitStr>,
    /// The version of the payload that this program writes, from 1; 1 unless given.
    pub(super) version: Option<(u32, Span)>,
    /// `upcast(1 => path)`: a `fn(Json) -> Json` from one version to the next; several steps stand side by side, or each in an `upcast`.
    pub(super) upcasts: Vec<Step>,
    /// `domain` (unless given), `notification` or `state_transfer`.
    pub(super) kind: Option<(EventKind, Span)>,
    /// The topic to which the event is published.
    pub(super) topic: Option<LitStr>,
    /// The field whose text orders published events.
    pub(super) key: Option<Key>,
    /// The field whose text says whose data the sensitive fields are.
    pub(super) subject: Option<Key>,
    /// Some option was written and could not be read: what depends on it is not judged.
    pub(super) broken: bool,
}

impl Args {
    /// Reads the options of one event named `ident`.
    pub(super) fn read(options: &mut Options, ident: &Ident, faults: &mut Faults) -> Self {
        options.require("name", ident.span(), faults);
        options.exclude("publish", "topic", faults);
        options.exclude("publish", "key", faults);
        let before = faults.count();
        let mut args = Self {
            name: options.take("name").and_then(|name| name.stored_name(faults)),
            aliases: options.take_all("alias").iter().filter_map(|alias| alias.stored_name(faults)).collect(),
            version: options.take("version").and_then(|version| version.number(faults)),
            upcasts: options.take_all("upcast").iter().flat_map(|steps| read_steps(steps, faults)).collect(),
            kind: options.take("kind").and_then(|kind| read_kind(&kind, faults)),
            topic: options.take("topic").and_then(|topic| topic.stored_name(faults)),
            key: options.take("key").and_then(|key| read_key(&key, faults)),
            subject: options.take("subject").and_then(|subject| read_key(&subject, faults)),
            broken: false,
        };
        if let Some(publish) = options.take("publish") {
            args.publish(&publish, faults);
        }
        args.broken = options.spoilt() || faults.count() > before;
        args
    }

    fn publish(&mut self, publish: &Entry, faults: &mut Faults) {
        let Some(mut to) = publish.options(&TO, faults) else { return };
        to.require("topic", publish.name.span(), faults);
        self.topic = to.take("topic").and_then(|topic| topic.stored_name(faults)).or(self.topic.take());
        self.key = to.take("key").and_then(|key| read_key(&key, faults)).or(self.key.take());
    }
}

fn read_kind(entry: &Entry, faults: &mut Faults) -> Option<(EventKind, Span)> {
    let word: Ident = entry.read(faults)?;
    let known = KINDS.iter().find(|(name, _)| word == name);
    if known.is_none() {
        let near = did_you_mean(&word.to_string(), KINDS.map(|(name, _)| name));
        let text = format!("unknown kind of event `{word}`{near}");
        faults.at(word.span(), UNKNOWN_OPTION, text).help("the kinds are `domain`, `notification`, `state_transfer`");
    }
    known.map(|(_, kind)| (*kind, word.span()))
}

fn read_key(entry: &Entry, faults: &mut Faults) -> Option<Key> {
    if let Ok(index) = entry.peek::<LitInt>() {
        return Some(Key::Indexed(index));
    }
    let word = |input: ParseStream<'_>| input.call(Ident::parse_any);
    entry.read_with(word, faults).map(Key::Named)
}

/// `upcast(1 => path)`, or several steps with commas between.
fn read_steps(entry: &Entry, faults: &mut Faults) -> Vec<Step> {
    let step = |input: ParseStream<'_>| {
        let from: LitInt = input.parse()?;
        input.parse::<Token![=>]>()?;
        Ok((from, input.parse::<Path>()?))
    };
    let all = |input: ParseStream<'_>| match input.parse_terminated(step, Token![,])? {
        steps if steps.is_empty() => Err(input.error("no step")),
        steps => Ok(steps),
    };
    let steps = entry.inside(all, faults).into_iter().flatten();
    steps.filter_map(|(from, path)| read_step(&from, path, faults)).collect()
}

fn read_step(from: &LitInt, path: Path, faults: &mut Faults) -> Option<Step> {
    match from.base10_parse::<u32>() {
        Ok(number) if number > 0 => Some(Step { from: number, span: from.span(), path }),
        _ => {
            faults.at(from.span(), LITERAL_FORMAT, "versions are counted from 1");
            None
        }
    }
}
