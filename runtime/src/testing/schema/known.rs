//! The events of a program, as the lock and the corpus look at them.

use std::{collections::BTreeSet, env};

use crate::{
    codec::{self, Shape},
    error::Error,
    event::{Event, EventSpec},
};

/// One event of a type.
#[derive(Debug, Clone)]
pub(super) struct Known {
    pub(super) spec: &'static EventSpec,
    /// The shape of the payload that is written now.
    pub(super) shape: Shape,
    /// Reads a payload that is stored under a name, in a version.
    pub(super) read: fn(&str, u32, &[u8]) -> Result<(), Error>,
}

impl Known {
    /// The events of a type.
    pub(super) fn all<E: Event>() -> impl Iterator<Item = Self> {
        E::SPECS.iter().enumerate().map(|(index, spec)| Self {
            spec,
            shape: if E::IS_ENUM { Shape::of_variant::<E>(index) } else { Shape::of::<E>() },
            read: read::<E>,
        })
    }
}

/// Whether files are to be written: that is asked for, and it is a person who asks.
pub(super) fn may_write() -> bool {
    env::var_os("BAILIWICK_LOCK").is_some_and(|word| word == "write") && env::var_os("CI").is_none()
}

fn read<E: Event>(name: &str, version: u32, payload: &[u8]) -> Result<(), Error> {
    E::decode(name, version, payload).map(drop).map_err(|error| match place::<E>(name, version, payload) {
        Some(place) if place != "." => error.with("at", place),
        _ => error,
    })
}

/// Where the payload, carried up to the current version, does not fit.
fn place<E: Event>(name: &str, version: u32, payload: &[u8]) -> Option<String> {
    let index = E::SPECS.iter().position(|spec| spec.answers_to(name))?;
    let spec = E::SPECS.get(index)?;
    let payload = codec::upcast(payload, version, spec.version, spec.upcasts).ok()?;
    if E::IS_ENUM { codec::misfit_of_variant::<E>(index, &payload) } else { codec::misfit::<E>(&payload) }
}

/// Names by which more than one event is stored.
pub(super) fn twice(events: &[Known]) -> BTreeSet<&'static str> {
    let mut seen = BTreeSet::new();
    let names = events.iter().flat_map(|known| known.spec.aliases.iter().chain([&known.spec.name]));
    names.filter(|name| !seen.insert(**name)).copied().collect()
}
