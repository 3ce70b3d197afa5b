//! The rules of events, one function each.

use syn::LitStr;

use super::{
    args::Key,
    model::{Event, Model, member_text},
};
use crate::{
    codes::{UNKNOWN_NAME, event as rules},
    faults::Faults,
    suggest::{did_you_mean, list},
};

/// Judges every event by every rule.
pub(super) fn check(model: &Model, faults: &mut Faults) {
    generic_payload(model, faults);
    no_events(model, faults);
    serde_shape(model, faults);
    duplicate_name(model, faults);
    alias_clash(model, faults);
    for event in model.events.iter().filter(|event| !event.args.broken) {
        upcast_gap(event, faults);
        topic_missing(event, faults);
        key_without_topic(event, faults);
        unknown_name(event, event.args.key.as_ref().filter(|_| event.key().is_none()), faults);
        unknown_name(event, event.args.subject.as_ref().filter(|_| event.subject().is_none()), faults);
        subject_missing(event, faults);
        nothing_sensitive(event, faults);
        sensitive_unmarked(event, faults);
        sensitive_name(event, faults);
    }
}

/// A payload without type parameters has one shape that can be stored.
fn generic_payload(model: &Model, faults: &mut Faults) {
    let generics = &model.input.generics;
    let first = generics.params.iter().find(|param| !matches!(param, syn::GenericParam::Lifetime(_)));
    if let Some(first) = first {
        let text = format!("an event has no type parameters, and `{}` has", model.input.ident);
        faults
            .on(first, rules::GENERIC_PAYLOAD, text)
            .help("name the type in the payload, or write one event for each");
    }
}

/// An enum has at least one event.
fn no_events(model: &Model, faults: &mut Faults) {
    if model.events.is_empty() {
        let text = format!("`{}` has no variants, so there is no event", model.input.ident);
        faults.at(model.input.ident.span(), rules::NO_EVENTS, text).help("add a variant with `#[event(name = \"…\")]`");
    }
}

/// The payload is the fields alone: serde may neither wrap them nor leave variants out.
fn serde_shape(model: &Model, faults: &mut Faults) {
    let of_enum = |word: &str| matches!(word, "tag" | "content" | "untagged" | "into" | "from" | "try_from" | "remote");
    let of_variant =
        |word: &str| matches!(word, "skip" | "skip_deserializing" | "skip_serializing" | "other" | "untagged");
    let whole = model.serde().into_iter().filter(|word| model.is_enum && of_enum(&word.ident.to_string()));
    let parts = model.events.iter().flat_map(|event| &event.serde);
    let parts = parts.filter(|word| model.is_enum && of_variant(&word.ident.to_string()));
    let parts: Vec<_> = parts.map(|word| word.ident.clone()).collect();
    for word in whole.map(|word| word.ident).chain(parts) {
        let text = format!("`serde({word})` changes what is stored of an event");
        let help = "a stored payload is the fields alone; name and version stand beside it, so remove the word";
        faults.at(word.span(), rules::SERDE_SHAPE, text).help(help);
    }
}

/// Two events of one type have two names.
fn duplicate_name(model: &Model, faults: &mut Faults) {
    let names: Vec<_> = model.events.iter().filter_map(|event| event.args.name.as_ref()).collect();
    for (index, name) in names.iter().enumerate() {
        if let Some(first) = names[..index].iter().find(|first| first.value() == name.value()) {
            let text = format!("two events have the name `{}`", name.value());
            faults
                .at(name.span(), rules::DUPLICATE_NAME, text)
                .and(first.span(), "the first has it here")
                .help("a stored event is found by its name alone: give each its own");
        }
    }
}

/// An alias means one event: it is neither a name nor another alias.
fn alias_clash(model: &Model, faults: &mut Faults) {
    let names = model.events.iter().filter_map(|event| event.args.name.as_ref());
    let mut taken: Vec<&LitStr> = names.collect();
    for alias in model.events.iter().flat_map(|event| &event.args.aliases) {
        if let Some(first) = taken.iter().find(|first| first.value() == alias.value()) {
            let text = format!("the alias `{}` is taken", alias.value());
            faults
                .at(alias.span(), rules::ALIAS_CLASH, text)
                .and(first.span(), format!("`{}` already stands here", alias.value()))
                .help("an old name leads to exactly one event: remove one of the two");
        }
        taken.push(alias);
    }
}

/// There is one step from each older version to the next.
fn upcast_gap(event: &Event, faults: &mut Faults) {
    let (version, steps) = (event.version(), &event.args.upcasts);
    for (index, step) in steps.iter().enumerate() {
        let from = step.from;
        if from >= version {
            let text = format!("there is no version {} to upcast to; this event has version {version}", from + 1);
            faults.at(step.span, rules::UPCAST_GAP, text).help(format!("write `version = {}`", from + 1));
        } else if let Some(first) = steps[..index].iter().find(|first| first.from == from) {
            let text = format!("two upcasts start from version {from}");
            faults
                .at(step.span, rules::UPCAST_GAP, text)
                .and(first.span, "the first is here")
                .help("remove one of them");
        }
    }
    let missing: Vec<u32> = (1..version).take(64).filter(|from| steps.iter().all(|step| step.from != *from)).collect();
    if let (Some(first), Some((_, span))) = (missing.first(), event.args.version) {
        let text = format!("version {version} needs an upcast from version {first}");
        faults.at(span, rules::UPCAST_GAP, text).help(format!(
            "add `upcast({first} => path)` with a `fn(Json) -> Json`; stored events of that version stay readable"
        ));
    }
}

/// An event for other services says where they read it.
fn topic_missing(event: &Event, faults: &mut Faults) {
    if let (Some(_), None, Some((_, span))) = (event.remote(), &event.args.topic, event.args.kind) {
        let text = "an event for other services needs a topic";
        faults.at(span, rules::TOPIC_MISSING, text).help("add `topic = \"…\"`, or leave `kind` out");
    }
}

/// A key orders what is published.
fn key_without_topic(event: &Event, faults: &mut Faults) {
    if let (Some(key), None, None) = (&event.args.key, &event.args.topic, event.remote()) {
        let text = "a key orders published events, and this one is not published";
        faults.at(key.span(), rules::KEY_WITHOUT_TOPIC, text).help("add `topic = \"…\"`, or remove `key`");
    }
}

/// A sensitive value is somebody's.
fn subject_missing(event: &Event, faults: &mut Faults) {
    if let (None, Some((hidden, mark))) = (&event.args.subject, event.sensitive().next()) {
        let text = format!("`{}` is sensitive, and nothing says whose it is", member_text(&hidden.member));
        let help =
            "add `subject = …` with the field that holds the person's id; `forget` destroys the key of that subject";
        faults.at(mark, rules::SUBJECT_MISSING, text).help(help);
    }
}

/// A subject is the owner of sensitive fields.
fn nothing_sensitive(event: &Event, faults: &mut Faults) {
    if let (Some(subject), true) = (&event.args.subject, event.hidden.is_empty()) {
        let text = "a subject owns sensitive fields, and this event has none";
        let help = "mark a field with `#[event(sensitive)]`, or remove `subject`";
        faults.at(subject.span(), rules::NOTHING_SENSITIVE, text).help(help);
    }
}

/// What hides its value in logs is sealed in the store, too.
fn sensitive_unmarked(event: &Event, faults: &mut Faults) {
    for hidden in event.hidden.iter().filter(|hidden| hidden.mark.is_none()) {
        let text = format!("`{}` is `Sensitive`, and not marked", member_text(&hidden.member));
        let help = "write `#[event(sensitive)]` on the field; unmarked, it could not be stored";
        faults.on(&hidden.ty, rules::SENSITIVE_UNMARKED, text).help(help);
    }
}

/// What is hidden can neither order events nor say whose they are.
fn sensitive_name(event: &Event, faults: &mut Faults) {
    for (name, key, member) in
        [("key", &event.args.key, event.key()), ("subject", &event.args.subject, event.subject())]
    {
        let Some((key, member)) = key.as_ref().zip(member) else { continue };
        if event.sensitive().any(|(hidden, _)| hidden.member == member) {
            let text = format!("`{}` is sensitive, and `{name}` is stored as plain text", key.text());
            faults
                .at(key.span(), rules::SENSITIVE_NAME, text)
                .help(format!("write `{name} = …` with the field of an id"));
        }
    }
}

/// What an option names is a field of the event.
fn unknown_name(event: &Event, key: Option<&Key>, faults: &mut Faults) {
    let Some(key) = key else { return };
    let fields: Vec<String> = event.fields.iter().map(member_text).collect();
    let (word, names) = (key.text(), fields.iter().map(String::as_str));
    let text = format!("`{}` has no field `{word}`{}", event.ident, did_you_mean(&word, names.clone()));
    let help =
        if fields.is_empty() { "it has no fields".to_owned() } else { format!("its fields are {}", list(names)) };
    faults.at(key.span(), UNKNOWN_NAME, text).help(help);
}
