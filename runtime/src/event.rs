//! Events: facts, named for ever, in versions.
//!
//! `#[derive(Event)]` writes the implementation. By hand:
//!
//! ```
//! use bailiwick::{Event, EventKind, event::EventSpec};
//! use serde::{Deserialize, Serialize};
//!
//! #[derive(Debug, Clone, Serialize, Deserialize)]
//! enum Door { Opened { by: String }, Closed }
//!
//! impl Event for Door {
//!     const SPECS: &'static [EventSpec] = &[
//!         EventSpec::domain("door.opened", 1),
//!         EventSpec::domain("door.closed", 1),
//!     ];
//!     const IS_ENUM: bool = true;
//!     fn index(&self) -> usize {
//!         match self { Self::Opened { .. } => 0, Self::Closed => 1 }
//!     }
//! }
//! ```

use std::borrow::Cow;

use serde::{Serialize, de::DeserializeOwned};

use crate::{
    codec::{self, Upcast},
    envelope::{Envelope, EventKind, Origin, Recorded, StoredEvent},
    error::{Error, ErrorKind},
    sensitive::{Opened, Ring},
};

/// Everything that is fixed about one event: the row of the table that [`Event::SPECS`] is.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct EventSpec {
    /// The registered name, stable for ever, unique in an application.
    pub name: &'static str,
    /// Names under which older programs stored it.
    pub aliases: &'static [&'static str],
    /// The version of the payload that this program writes, from 1.
    pub version: u32,
    /// What it is for.
    pub kind: EventKind,
    /// The topic to which it is published; `None` stays in process.
    pub topic: Option<&'static str>,
    /// One step for each older version.
    pub upcasts: &'static [Upcast],
    /// The fields that are stored encrypted, as they are named in Rust.
    pub sensitive: &'static [&'static str],
}

impl EventSpec {
    /// A domain event that stays in process.
    #[must_use]
    pub const fn domain(name: &'static str, version: u32) -> Self {
        Self { name, aliases: &[], version, kind: EventKind::Domain, topic: None, upcasts: &[], sensitive: &[] }
    }

    /// Another kind.
    #[must_use]
    pub const fn kind(mut self, kind: EventKind) -> Self {
        self.kind = kind;
        self
    }

    /// Publishes it to `topic`.
    #[must_use]
    pub const fn publish(mut self, topic: &'static str) -> Self {
        self.topic = Some(topic);
        self
    }

    /// Names under which older programs stored it.
    #[must_use]
    pub const fn aliases(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    /// The steps from each older version to the next.
    #[must_use]
    pub const fn upcasts(mut self, upcasts: &'static [Upcast]) -> Self {
        self.upcasts = upcasts;
        self
    }

    /// The fields that are stored encrypted, each a [`Sensitive`](crate::Sensitive).
    #[must_use]
    pub const fn sensitive(mut self, fields: &'static [&'static str]) -> Self {
        self.sensitive = fields;
        self
    }

    /// Whether `name` means this event.
    #[must_use]
    pub fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.aliases.contains(&name)
    }
}

/// An event type: one event (a struct) or a family of them (an enum, one event per variant).
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "needs `#[derive(Event)]`",
    note = "write `#[derive(Event, Serialize, Deserialize)]` and `#[event(name = \"…\")]` on each variant"
)]
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// One row per event, in the order of the variants.
    const SPECS: &'static [EventSpec];

    /// Whether the type is an enum, whose variants are the events.
    const IS_ENUM: bool;

    /// The row of this value in [`SPECS`](Self::SPECS).
    fn index(&self) -> usize;

    /// The value by which published events are ordered, as text; `None` is unordered.
    fn key(&self) -> Option<String> {
        None
    }

    /// Whose data the sensitive fields are, as text; `None` for an event without such fields.
    fn subject(&self) -> Option<String> {
        None
    }

    /// The row of this value.
    fn spec(&self) -> &'static EventSpec {
        &Self::SPECS[self.index()]
    }

    /// The payload: the JSON of the fields.
    ///
    /// # Errors
    /// `message/unencodable` if `Serialize` refuses; `sensitive/not_sealed` for an event with sensitive fields: a unit of work
    /// seals them.
    fn encode(&self) -> Result<Vec<u8>, Error> {
        if Self::IS_ENUM { codec::encode_variant(self) } else { codec::encode(self) }
    }

    /// Reads a payload of `version` stored under `name`, upcast if it is older.
    ///
    /// # Errors
    /// `message/unknown_type` if the type has no such event, otherwise as [`codec::upcast`].
    fn decode(name: &str, version: u32, payload: &[u8]) -> Result<Self, Error> {
        let index = Self::SPECS.iter().position(|spec| spec.answers_to(name)).ok_or_else(|| unknown(name))?;
        let spec = &Self::SPECS[index];
        let payload = if version == spec.version {
            Cow::Borrowed(payload)
        } else {
            Cow::Owned(codec::upcast(payload, version, spec.version, spec.upcasts).map_err(|e| e.with("event", name))?)
        };
        let read = || if Self::IS_ENUM { codec::decode_variant(index, &payload) } else { codec::decode(&payload) };
        let event = if spec.sensitive.is_empty() { read() } else { codec::reading(read) };
        event.map_err(|error| error.with("event", name).with("version", version))
    }

    /// Whether this type has an event stored under `name`.
    #[must_use]
    fn knows(name: &str) -> bool {
        Self::SPECS.iter().any(|spec| spec.answers_to(name))
    }
}

fn unknown(name: &str) -> Error {
    let message = "no event of this type has that name; a renamed one keeps its old name as `alias = \"…\"`";
    Error::new(ErrorKind::Invalid, "message/unknown_type", message).with("event", name)
}

/// Decodes an envelope; sensitive fields are opened with the keys that are [at hand](Ring::hold).
pub(crate) fn open<E: Event>(envelope: &Envelope) -> Result<E, Error> {
    let (name, version) = (&*envelope.name, envelope.version);
    let sealed = E::SPECS.iter().any(|spec| !spec.sensitive.is_empty() && spec.answers_to(name));
    let opened = if sealed { Ring::at_hand().open(envelope)? } else { None };
    let Some(Opened { payload, moved }) = opened else { return E::decode(name, version, &envelope.payload) };
    E::decode(name, version, &payload).map_err(|error| moved.unwrap_or(error))
}

/// Decodes an envelope, if it is one of `E`.
///
/// # Errors
/// As [`Event::decode`], for an event that is one of `E` and cannot be read.
pub fn read<E: Event>(envelope: &Envelope, origin: Option<Origin>) -> Result<Option<Recorded<E>>, Error> {
    if !E::knows(&envelope.name) {
        return Ok(None);
    }
    let event = open(envelope)?;
    Ok(Some(Recorded::new(event, envelope.clone(), origin)))
}

/// Decodes a stored event, if it is one of `E`.
///
/// # Errors
/// As [`read`].
pub fn read_stored<E: Event>(stored: &StoredEvent) -> Result<Option<Recorded<E>>, Error> {
    let origin = Origin { stream: stored.stream.clone(), version: stored.version, position: stored.position };
    read(&stored.envelope, Some(origin))
        .map_err(|error| error.with("stream", &stored.stream).with("stream_version", stored.version))
}

/// Any event, still encoded: what a subscriber to a pattern of names receives.
pub type AnyEvent = Envelope;
