//! States of aggregates that are stored as their states: rows of a reserved read model, and a note in the log.
//!
//! The row `category/id` of [`STATES`] holds a state. The stream of the aggregate ends with an event named [`NOTE`], which is
//! appended in the commit that stores the state first. It says which events the log does not have from there on. So a
//! program that takes the aggregate as event-sourced is refused by the stream itself, and so is who appends to it meanwhile;
//! and who follows the log meets the place from which it would be incomplete.
//!
//! A removed state leaves its row without a state, as a tombstone of the next life: who decided on the removed one is told
//! apart from who decided on the one that was created after it, although both are at the same version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{ModelChange, ModelKey};
use crate::{
    aggregate::{Held, StoredState},
    codec::{self, RawValue},
    envelope::{Envelope, StoredEvent, StreamId},
    error::{Error, ErrorKind},
    event::EventSpec,
    tenant::TenantId,
    version::{ConcurrencyConflict, Expected, Version},
};

/// The read model of the states.
pub(crate) const STATES: &str = "bailiwick.states";

/// The name of the event that says that the state is stored.
pub(crate) const NOTE: &str = "bailiwick.state_stored";

/// A state with its version and what is known of its stream.
#[derive(Debug, Clone)]
pub(crate) struct StateRow {
    pub(crate) version: Version,
    pub(crate) held: Held,
    /// `None` in a tombstone, which is at version 0.
    pub(crate) state: Option<StoredState>,
}

#[derive(Serialize, Deserialize)]
struct Row<'a> {
    version: Version,
    #[serde(default, skip_serializing_if = "is_first")]
    life: u64,
    marked: Version,
    unlogged: Vec<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    removed: bool,
    schema: u32,
    shape: String,
    #[serde(borrow)]
    state: &'a RawValue,
}

#[derive(Default, Deserialize)]
struct Head {
    version: Version,
    #[serde(default)]
    life: u64,
    marked: Version,
}

#[derive(Serialize, Deserialize)]
struct Note {
    unlogged: Vec<String>,
}

impl StateRow {
    /// What is left of a state that is removed.
    pub(crate) fn tombstone(mut held: Held) -> Self {
        held.life += 1;
        Self { version: Version::NONE, held, state: None }
    }

    /// The bytes of the row.
    pub(crate) fn encode(&self) -> Result<Vec<u8>, Error> {
        let Self { version, held, state } = self;
        let (schema, shape, json) = state.as_ref().map_or((0, 0, &b"null"[..]), StoredState::parts);
        let Some(json) = codec::raw(json) else { return Err(unreadable("the state is not one line of JSON")) };
        let (removed, shape) = (state.is_none(), format!("{shape:016x}"));
        let (life, marked, unlogged) = (held.life, held.marked, held.unlogged.clone());
        codec::encode(&Row { version: *version, life, marked, unlogged, removed, schema, shape, state: json })
    }

    /// Reads a row.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, Error> {
        let row: Row<'_> = codec::line(bytes).map_err(unreadable)?;
        let shape = u64::from_str_radix(&row.shape, 16).map_err(|_| unreadable("its shape is no number"))?;
        let state = StoredState { schema: row.schema, shape, json: row.state.get().into() };
        let held = Held { life: row.life, marked: row.marked, unlogged: row.unlogged };
        Ok(Self { version: row.version, held, state: (!row.removed).then_some(state) })
    }

    /// How far it is: a later life is further than any version of an earlier one.
    pub(crate) fn age(&self) -> (u64, Version) {
        (self.held.life, self.version)
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands over a reference")]
fn is_first(life: &u64) -> bool {
    *life == 0
}

fn unreadable(reason: impl Into<String>) -> Error {
    let message = "the row of a state cannot be read; restore it from an archive";
    Error::new(ErrorKind::Corrupt, "state/unreadable", message).caused_by(reason.into())
}

/// The stream has the note, and there is no row.
pub(crate) fn missing(stream: &StreamId) -> Error {
    let message = "the stream says that the state is stored, and it is not there; if an import of an archive was cut, \
                   import it again; `States::remove` gives the state up";
    Error::new(ErrorKind::Corrupt, "state/missing", message).with("stream", stream)
}

fn head(row: Option<&[u8]>) -> Result<Head, Error> {
    row.map_or(Ok(Head::default()), |row| codec::line(row).map_err(unreadable))
}

/// The version of the state in a row; 0 without a state.
pub(crate) fn version(row: Option<&[u8]>) -> Result<Version, Error> {
    head(row).map(|head| head.version)
}

/// Whether a row is a tombstone; one that cannot be read is not.
pub(crate) fn is_removed(row: &[u8]) -> bool {
    StateRow::decode(row).is_ok_and(|row| row.state.is_none())
}

/// Replaces the row of a state at this version of the same life. Who knows nothing of the stream, because the root was made
/// by hand, is admitted by the version alone, and what the row knows of the stream stays.
pub(crate) fn replace(stream: &StreamId, stored: Version, row: StateRow) -> Result<ModelChange, Error> {
    let (stream, bytes) = (stream.to_string(), row.encode()?);
    Ok(ModelChange::Update(Arc::new(move |current| {
        let (found, held) = (head(current)?, &row.held);
        let by_hand = held.marked == Version::NONE && stored > Version::NONE;
        if found.version != stored || (found.life != held.life && !by_hand) {
            let conflict = ConcurrencyConflict::new(stream.clone(), Expected::at(stored), found.version);
            return Err(Error::from(conflict).with("life", held.life).with("actual_life", found.life));
        }
        match current.filter(|_| found.marked > held.marked) {
            Some(current) => StateRow { held: StateRow::decode(current)?.held, ..row.clone() }.encode().map(Some),
            None => Ok(Some(bytes.clone())),
        }
    })))
}

/// Where the state of an aggregate lies.
pub(crate) fn place(tenant: Option<TenantId>, stream: &StreamId) -> ModelKey {
    ModelKey { tenant, model: STATES, key: stream.to_string(), generation: None }
}

/// What the stream's note has to say, if it does not say that these events are not in the log.
pub(crate) fn unsaid(held: &Held, specs: &[EventSpec]) -> Option<Vec<String>> {
    let names = specs.iter().flat_map(|spec| std::iter::once(&spec.name).chain(spec.aliases));
    let mut all: Vec<String> = names.map(|name| (*name).to_owned()).chain(held.unlogged.iter().cloned()).collect();
    all.sort_unstable();
    all.dedup();
    (held.marked == Version::NONE || all.len() > held.unlogged.len()).then_some(all)
}

/// The payload of a note.
pub(crate) fn note(unlogged: &[String]) -> Result<Vec<u8>, Error> {
    codec::encode(&Note { unlogged: unlogged.to_vec() })
}

/// The names of the events of which a note says that the log does not have them; `None` if it is another event.
pub(crate) fn noted(envelope: &Envelope) -> Result<Option<Vec<String>>, Error> {
    if envelope.name != NOTE {
        return Ok(None);
    }
    codec::decode::<Note>(&envelope.payload).map(|note| Some(note.unlogged))
}

/// What the events of a stream say of its state; `None` if they do not say that it is stored.
pub(crate) fn held(events: &[StoredEvent]) -> Result<Option<Held>, Error> {
    let Some(note) = events.iter().rev().find(|event| event.envelope.name == NOTE) else { return Ok(None) };
    let marked = events.last().map_or(note.version, |last| last.version);
    Ok(noted(&note.envelope)?.map(|unlogged| Held { life: 0, marked, unlogged }))
}
