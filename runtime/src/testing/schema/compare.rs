//! What of the locked events the program can no longer read, or would misread.

use super::{
    file::{Locked, LockedEvent},
    known::{Known, twice},
    sample::samples,
};
use crate::{
    codec::{self, Shape, ShapeChange},
    envelope::EventKind,
};

/// Each breaking change, with its remedy.
pub(super) fn breaks(locked: &Locked, events: &[Known]) -> Vec<String> {
    let mut found: Vec<String> = twice(events)
        .into_iter()
        .map(|name| format!("{name}: two events have this name or alias; give one of them another"))
        .collect();
    for (name, event) in &locked.0 {
        match events.iter().find(|known| known.spec.answers_to(name)) {
            None => found.push(format!(
                "{name}: no event has this name, and it is stored; keep the event, or write `alias = \"{name}\"` on the one \
                 that it became"
            )),
            Some(known) => found.extend(of_one(name, event, known)),
        }
    }
    found
}

fn of_one(name: &str, event: &LockedEvent, known: &Known) -> Vec<String> {
    let (spec, before, now) = (known.spec, event.version(), known.spec.version);
    let aliases =
        event.aliases.iter().filter(|alias| !spec.answers_to(alias)).map(|alias| {
            format!("the alias {alias} is gone, and events are stored under it; write `alias = \"{alias}\"`")
        });
    let other_kind = (event.kind != kind(spec.kind)).then(|| {
        let (before, now) = (&event.kind, kind(spec.kind));
        format!("kind {before} is now {now}; keep the kind, and give the event of the other kind a name of its own")
    });
    let lower = (now < before).then(|| {
        format!("version {now} is below {before}, which is stored; write `version = {before}` or a higher one")
    });
    let missing = (1..now).filter(|from| !spec.upcasts.iter().any(|step| step.from == *from));
    let steps = missing
        .map(|from| format!("version {now} has no step from {from} to {}; write `upcast({from} => …)`", from + 1));
    let table = aliases.chain(other_kind).chain(lower).chain(steps).map(|change| format!("{name}: {change}"));
    let shape = event.versions.get(&now).map(|shape| shape_breaks(name, shape, known));
    let table = table.chain(unmarked(name, event, known)).chain(marked(name, event, known));
    table.chain(shape.into_iter().flatten()).collect()
}

/// Fields that were sensitive and are plain: what was sealed cannot be read into them, whatever the version.
fn unmarked<'a>(name: &'a str, event: &'a LockedEvent, known: &'a Known) -> impl Iterator<Item = String> + 'a {
    let plain = |field: &&String| !known.spec.sensitive.contains(&field.as_str()) && has(&known.shape, field);
    event.sensitive.iter().filter(plain).map(move |field| {
        format!(
            "{name}: field {field} was sensitive and is plain, and what was sealed cannot be read; keep \
             `#[event(sensitive)]` on it, and put what is plain into a field of another name"
        )
    })
}

/// Fields that were plain and are sensitive: what is stored of them stays readable, and nobody can be forgotten there.
fn marked<'a>(name: &'a str, event: &'a LockedEvent, known: &'a Known) -> impl Iterator<Item = String> + 'a {
    let version = known.spec.version;
    let locked = event.versions.get(&version);
    let fields = known.spec.sensitive.iter().filter(|field| !event.sensitive.contains(**field));
    fields.filter(move |field| locked.is_some_and(|shape| has(shape, field))).map(move |field| {
        format!(
            "{name} v{version}: field {field} is sensitive now, and what is stored of it stays plain text that `forget` does not \
             reach; write `version = {}` and `upcast({version} => …)` that returns its payload, so that the two can be told apart",
            version + 1
        )
    })
}

/// Whether the payload has this field.
fn has(shape: &Shape, field: &str) -> bool {
    shape.facts().any(|(path, _)| {
        let rest = path.trim_start_matches(['.', '[']).strip_prefix(field);
        rest.is_some_and(|rest| !rest.starts_with(|next: char| next.is_alphanumeric() || next == '_'))
    })
}

/// The changes of the shape that need a new version.
fn shape_breaks(name: &str, before: &Shape, known: &Known) -> Vec<String> {
    let version = known.spec.version;
    let remedy = format!("write `version = {}` and `upcast({version} => …)`", version + 1);
    let (mut whole, mut found): (Vec<String>, Vec<String>) = Default::default();
    for change in known.shape.changes_since(before) {
        if whole.iter().any(|whole| is_below(&change.path, whole)) {
            continue;
        }
        whole.push(change.path.clone());
        let place = place(&change.path);
        let said = match (&change.before, &change.after) {
            (Some(before), Some(after)) => format!("{place}: {before} is now {after}"),
            (Some(before), None) => format!("{place}: {before} is gone, and what is stored in it would be lost"),
            (None, Some(after)) if !may_be_absent(name, before, known, &change) => {
                format!("{place}: {after} is new, and a payload without it cannot be read")
            }
            _ => continue,
        };
        let default = if change.before.is_none() { "write `#[serde(default)]` on it, or " } else { "" };
        found.push(format!("{name} v{version}: {said}; {default}{remedy}"));
    }
    found
}

/// Whether a payload of the shape before is still read: a new variant asks for nothing, a new field may have a default.
fn may_be_absent(name: &str, before: &Shape, known: &Known, change: &ShapeChange) -> bool {
    let reads = |sample| {
        let payload = codec::encode(&sample);
        payload.is_ok_and(|payload| (known.read)(name, known.spec.version, &payload).is_ok())
    };
    samples(before, &change.path).into_iter().any(reads)
}

fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above.strip_suffix('.').unwrap_or(above));
    rest.is_some_and(|rest| rest.starts_with(['.', ':', '[', '{', '?']))
}

/// A place in words.
fn place(path: &str) -> String {
    match path.strip_prefix('.') {
        Some("") => "the payload".into(),
        Some(field) => format!("field {field}"),
        None => format!("place {path}"),
    }
}

/// The word of a kind, as `#[event(kind = …)]` has it.
pub(super) fn kind(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Domain => "domain",
        EventKind::Notification => "notification",
        EventKind::StateTransfer => "state_transfer",
    }
}
