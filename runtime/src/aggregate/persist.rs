//! How an aggregate is stored: as its events, or as its state.

use std::sync::OnceLock;

use serde::{Serialize, de::DeserializeOwned};

use super::Aggregate;
use crate::{
    codec::{self, Json, Shape},
    error::{Error, ErrorKind},
};

/// How an aggregate is stored.
#[derive(Debug)]
pub enum Persist<A> {
    /// As its events: a load folds them.
    Events,
    /// As its state, `#[aggregate(…, persist = entity)]`: a load reads it, a commit replaces it. Its events reach
    /// projections, subscribers and the outbox, and are not kept in the log.
    Entity(StatePolicy<A>),
}

/// How the state of an aggregate becomes bytes and is read again.
#[derive(Debug)]
pub struct StatePolicy<A> {
    /// Writes the state.
    pub encode: fn(&A) -> Result<StoredState, Error>,
    /// Reads the state.
    pub decode: fn(&StoredState) -> Result<A, Error>,
}

impl<A> StatePolicy<A> {
    /// Why no state of the type is ever stored, if that is so: nothing is read for this.
    pub(crate) fn refusal(&self) -> Option<Error> {
        let nothing = StoredState { schema: 0, shape: 0, json: Vec::new() };
        (self.decode)(&nothing).err().filter(|error| error.code() == SENSITIVE)
    }
}

/// A state as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredState {
    /// The version that its author gave the type.
    pub schema: u32,
    /// The [fingerprint](Shape::fingerprint) of the type's shape.
    pub shape: u64,
    /// The state as JSON.
    pub json: Vec<u8>,
}

impl StoredState {
    pub(crate) fn parts(&self) -> (u32, u64, &[u8]) {
        (self.schema, self.shape, &self.json)
    }
}

/// An aggregate that is stored as its events: its past can be read.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no past to read: it is no event-sourced aggregate",
    label = "needs an aggregate that is stored as its events",
    note = "`#[aggregate(…, persist = entity)]` keeps the state alone; without `persist = entity` the events are kept"
)]
pub trait EventSourced: Aggregate {}

/// An aggregate that is stored as its state: `#[aggregate(…, persist = entity)]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no stored states: it is no aggregate with `persist = entity`",
    label = "needs an aggregate that is stored as its state",
    note = "write `#[aggregate(…, persist = entity)]` to keep the state and not the events"
)]
pub trait StateStored: Aggregate {}

/// Knows which stored states fit a type, by the version that its author gave and its [shape](Shape).
///
/// A state of the same version and shape is read. One of an older version goes through `from` first. One of the same
/// version and another shape, and what `from` made, is read only if the type keeps every field that is stored: a new field
/// with a serde default is one that was not there, a renamed or removed one would be lost, and that is refused.
///
/// ```
/// use bailiwick::{Json, aggregate::StateSchema};
///
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Room { seats: u32 }
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Wider { seats: u32, #[serde(default)] note: String }
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct Renamed { #[serde(alias = "seats")] places: u32 }
///
/// let stored = StateSchema::new(1).encode(&Room { seats: 4 })?;
/// assert_eq!(StateSchema::new(1).decode::<Wider>(&stored)?.note, "");
/// assert_eq!(StateSchema::new(1).decode::<Renamed>(&stored).err().map(|error| error.code()), Some("state/outgrown"));
///
/// fn renamed(_version: u32, room: Json) -> Json { serde_json::json!({ "places": room["seats"] }) }
/// assert_eq!(StateSchema::new(2).from(renamed).decode::<Renamed>(&stored)?.places, 4);
/// # Ok::<(), bailiwick::Error>(())
/// ```
#[derive(Debug)]
pub struct StateSchema {
    version: u32,
    from: Option<fn(u32, Json) -> Json>,
    found: OnceLock<Found>,
}

#[derive(Debug)]
struct Found {
    shape: u64,
    opaque: bool,
    sensitive: Option<String>,
}

impl StateSchema {
    /// States of this version, from 1.
    #[must_use]
    pub const fn new(version: u32) -> Self {
        Self { version, from: None, found: OnceLock::new() }
    }

    /// Makes a state of this version from one of an older version, whose number it is given. It must not fail: what it
    /// cannot change, the type refuses.
    #[must_use]
    pub const fn from(mut self, from: fn(u32, Json) -> Json) -> Self {
        self.from = Some(from);
        self
    }

    /// Writes a state.
    ///
    /// # Errors
    /// `state/sensitive` if the type holds a [`Sensitive`](crate::Sensitive), which no key protects in a state;
    /// `message/unencodable` if `Serialize` refuses.
    pub fn encode<A: Serialize + DeserializeOwned>(&self, state: &A) -> Result<StoredState, Error> {
        Ok(StoredState { schema: self.version, shape: self.found::<A>()?.shape, json: codec::encode(state)? })
    }

    /// Reads a state.
    ///
    /// # Errors
    /// `state/sensitive` as in [`encode`](Self::encode); `state/ahead` if a newer program wrote it, `state/outgrown` if the
    /// type does not fit it any more.
    pub fn decode<A: Serialize + DeserializeOwned>(&self, stored: &StoredState) -> Result<A, Error> {
        let Found { shape, opaque, .. } = self.found::<A>()?;
        if stored.schema > self.version {
            let message = "the state was written by a newer program; upgrade this one";
            let error = Error::new(ErrorKind::Invalid, "state/ahead", message);
            return Err(error.with("schema", stored.schema).with("known", self.version));
        }
        let same = stored.schema == self.version && stored.shape == *shape && !opaque;
        if same {
            return codec::decode(&stored.json).map_err(|error| self.outgrown(stored).caused_by(error));
        }
        let mut json: Json = codec::decode(&stored.json)?;
        if stored.schema < self.version {
            let Some(from) = self.from else { return Err(self.outgrown(stored)) };
            json = from(stored.schema, json);
        }
        let read: A = codec::read("state", &json)
            .map_err(|fault| self.outgrown(stored).with("at", fault.path).caused_by(fault.message))?;
        match codec::lost_place(&json, &codec::json(&read)?) {
            Some(place) => Err(self.outgrown(stored).with("lost", place)),
            None => Ok(read),
        }
    }

    fn outgrown(&self, stored: &StoredState) -> Error {
        let message = "the type of the state has changed; raise the version in `state(version = …, from = …)` and let \
                       `from` make the new state out of the old one";
        let error = Error::new(ErrorKind::Corrupt, "state/outgrown", message);
        error.with("schema", stored.schema).with("known", self.version)
    }

    fn found<A: DeserializeOwned>(&self) -> Result<&Found, Error> {
        let found = self.found.get_or_init(|| {
            let shape = Shape::of_state::<A>();
            let sensitive = shape.sensitive().map(Into::into);
            Found { shape: shape.fingerprint(), opaque: shape.is_opaque(), sensitive }
        });
        match &found.sensitive {
            None => Ok(found),
            Some(place) => Err(sensitive(place)),
        }
    }
}

/// The code of [`sensitive`].
const SENSITIVE: &str = "state/sensitive";

fn sensitive(place: &str) -> Error {
    let message = "the state holds a `Sensitive`, and no key protects a state: leave the value out of it, or leave out `persist = \
                   entity`, so that the events are kept";
    Error::new(ErrorKind::Config, SENSITIVE, message).with("at", place)
}
