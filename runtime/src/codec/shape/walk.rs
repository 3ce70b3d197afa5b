//! All places of a type, one after the other, until none is left.

use std::collections::{BTreeMap, VecDeque};

use serde::de::DeserializeOwned;

use super::{
    filler::ATTEMPTS,
    probe::{Asked, Key, Probe, Run, Step},
};

/// The kind of a sensitive value; what it holds lies below.
pub(super) const SENSITIVE: &str = "sensitive";

/// What lies deeper is `…`.
const DEPTH: usize = 32;

/// Places beyond this number are `…`.
const PLACES: usize = 4_096;

/// A place that was found and not yet looked at.
struct Place {
    path: Vec<Step>,
    text: String,
    /// The named types above, with their depths.
    above: Vec<(Key, usize)>,
}

impl Place {
    fn below(&self, step: Step, text: &str) -> Self {
        let mut path = self.path.clone();
        path.push(step);
        Self { path, text: format!("{}{text}", self.text), above: self.above.clone() }
    }
}

/// The facts of a type, or of the content of a variant if the path begins with one.
pub(super) fn walk<T: DeserializeOwned>(start: Vec<Step>) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    let mut places = VecDeque::from([Place { path: start, text: String::new(), above: Vec::new() }]);
    let mut found = 1;
    while let Some(mut place) = places.pop_front() {
        let (kind, mut below) = look::<T>(&mut place);
        let full = found + below.len() > PLACES || place.path.len() >= DEPTH;
        let kind = if full && !below.is_empty() { "…".into() } else { kind };
        if full {
            below.clear();
        }
        found += below.len();
        places.extend(below);
        facts.insert(if place.text.is_empty() { ".".into() } else { place.text }, kind);
    }
    facts
}

/// What stands at a place, and the places below it.
fn look<T: DeserializeOwned>(place: &mut Place) -> (String, Vec<Place>) {
    let Some((asked, keys)) = ask::<T>(&place.path) else { return ("unseen".into(), Vec::new()) };
    let depth = place.path.len();
    if let Some((_, above)) = place.above.iter().find(|(key, _)| keys.contains(key)) {
        return (format!("recursive {}", depth - above), Vec::new());
    }
    place.above.extend(keys.into_iter().map(|key| (key, depth)));
    match asked {
        Asked::Word(word) => (word.into(), Vec::new()),
        Asked::Identifier => ("text".into(), Vec::new()),
        Asked::Option => ("option".into(), vec![place.below(Step::Some, "?")]),
        Asked::Sensitive => (SENSITIVE.into(), vec![place.below(Step::Sensitive, "!")]),
        Asked::List => ("list".into(), vec![place.below(Step::Item, "[]")]),
        Asked::Map => map::<T>(place),
        Asked::Tuple(length) => {
            let at = |index| place.below(Step::Place(index), &format!(".{index}"));
            ("tuple".into(), (0..length.min(PLACES)).map(at).collect())
        }
        Asked::Struct(fields) => ("struct".into(), named(place, fields, ".", Step::Field)),
        Asked::Enum(variants) => ("enum".into(), named(place, variants, "::", Step::Variant)),
    }
}

/// A struct that has flattened parts is read as a map; serde keeps what is in it to itself.
fn map<T: DeserializeOwned>(place: &Place) -> (String, Vec<Place>) {
    let key = place.below(Step::Key, "{key}");
    match ask::<T>(&key.path) {
        Some((Asked::Identifier, _)) => ("any".into(), Vec::new()),
        _ => ("map".into(), vec![key, place.below(Step::Value, "{}")]),
    }
}

fn named(place: &Place, names: &[&str], mark: &str, step: fn(usize) -> Step) -> Vec<Place> {
    let at = |(index, name): (usize, &&str)| place.below(step(index), &format!("{mark}{}", word(name)));
    names.iter().enumerate().map(at).collect()
}

/// A name, in quotes if it could be taken for more than one.
fn word(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|sign| sign.is_alphanumeric() || "_-".contains(sign));
    if plain { name.to_owned() } else { format!("{name:?}") }
}

/// Asks `T` along a path, with other dummies on the way as long as the end is not reached.
fn ask<T: DeserializeOwned>(path: &[Step]) -> Option<(Asked, Vec<Key>)> {
    (0..ATTEMPTS).find_map(|attempt| {
        let mut run = Run::new(path, attempt);
        let _ = T::deserialize(Probe(&mut run)); // the answer lies in the run
        Some((run.asked?, run.keys))
    })
}
