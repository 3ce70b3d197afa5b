//! What travels: a message with its metadata, independent of who carries it.

use std::{borrow::Cow, fmt, ops::Deref, sync::Arc};

use serde::{Deserialize, Serialize};

use crate::{
    actor::Actor,
    codec,
    error::{Error, ErrorKind},
    id::MessageId,
    tenant::TenantId,
    timestamp::Timestamp,
    version::{Position, Version},
};

/// What an event is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EventKind {
    /// In the aggregate's stream and in process.
    Domain,
    /// A fact for other services: through outbox and broker.
    Notification,
    /// A whole state for other services: through outbox and broker.
    StateTransfer,
}

impl EventKind {
    /// Whether the event leaves through the outbox by itself.
    #[must_use]
    pub const fn is_remote(self) -> bool {
        matches!(self, Self::Notification | Self::StateTransfer)
    }
}

/// A W3C `traceparent`, kept as it came.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TraceParent(Arc<str>);

impl TraceParent {
    /// Checks the form `00-<32 hex>-<16 hex>-<2 hex>`; a malformed one is `None`: a new trace, no error.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let mut hex = |length: usize| {
            let part = parts.next()?;
            let well_formed = part.len() == length && part.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
            well_formed.then_some(part)
        };
        let version = hex(2)?;
        let (trace, span, _flags) = (hex(32)?, hex(16)?, hex(2)?);
        let zero = |part: &str| part.bytes().all(|b| b == b'0');
        let complete = parts.next().is_none() && version != "ff" && !zero(trace) && !zero(span);
        complete.then(|| Self(text.into()))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a message exists and on whose behalf: handed on from each message to those it causes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Metadata {
    /// The tenant, in an application that has tenants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tenant: Option<TenantId>,
    /// Who asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actor: Option<Actor>,
    /// The first message of the conversation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correlation: Option<MessageId>,
    /// The message that caused this one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub causation: Option<MessageId>,
    /// The trace it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traceparent: Option<TraceParent>,
    /// How many subscribers of this process stand between this message and the command that began it.
    #[serde(skip)]
    pub depth: u8,
}

impl Metadata {
    /// As JSON, the way stores keep it; nothing when it says nothing.
    pub(crate) fn stored(&self) -> Result<Option<Vec<u8>>, Error> {
        let Self { tenant, actor, correlation, causation, traceparent, depth: _ } = self;
        let caused = correlation.is_some() || causation.is_some() || traceparent.is_some();
        if tenant.is_none() && actor.is_none() && !caused { Ok(None) } else { codec::encode(self).map(Some) }
    }
}

/// A message on its way: encoded, with everything a reader needs to understand it.
#[derive(Clone, PartialEq, Eq)]
pub struct Envelope {
    /// Its identity, the same on every resend.
    pub id: MessageId,
    /// The registered name of the event, such as `meeting.opened`.
    pub name: Cow<'static, str>,
    /// The version of the payload's schema, from 1.
    pub version: u32,
    /// What it is for.
    pub kind: EventKind,
    /// When it happened.
    pub time: Timestamp,
    /// The value by which messages are ordered; `None` is unordered.
    pub key: Option<String>,
    /// Where it comes from.
    pub metadata: Metadata,
    /// The encoded payload, JSON.
    pub payload: Arc<[u8]>,
}

impl fmt::Debug for Envelope {
    /// Shows everything but the payload, of which it tells the length: what is in it is the domain's to show.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Envelope")
            .field("id", &format_args!("{}", self.id))
            .field("name", &self.name)
            .field("version", &self.version)
            .field("kind", &self.kind)
            .field("time", &format_args!("{}", self.time))
            .field("key", &self.key)
            .field("metadata", &self.metadata)
            .field("payload", &format_args!("{} bytes", self.payload.len()))
            .finish()
    }
}

/// The identity of a stream: the aggregate's name and its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StreamId {
    category: Cow<'static, str>,
    id: String,
}

impl StreamId {
    /// The longest id, in bytes.
    pub const MAX_ID: usize = 255;

    /// The stream of the aggregate named `category` with this id.
    ///
    /// # Errors
    /// `store/stream_id` if a part is empty, the id is longer than 255 bytes, or one has control characters.
    pub fn new(category: impl Into<Cow<'static, str>>, id: impl Into<String>) -> Result<Self, Error> {
        let (category, id) = (category.into(), id.into());
        let bad = |part: &str| part.is_empty() || part.len() > Self::MAX_ID || part.chars().any(char::is_control);
        if bad(&category) || bad(&id) || category.contains('/') {
            let message = "a stream id is 1 to 255 bytes without control characters, its category also without `/`";
            return Err(Error::new(ErrorKind::Invalid, "store/stream_id", message)
                .with("category", format!("{category:?}"))
                .with("id", format!("{:?}", id.chars().take(80).collect::<String>())));
        }
        Ok(Self { category, id })
    }

    /// The aggregate's name.
    #[must_use]
    pub fn category(&self) -> &str {
        &self.category
    }

    /// The aggregate's id, as text.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.category, self.id)
    }
}

/// An event as the store keeps it: encoded, with its place in its stream and in the global order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// The stream.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub version: Version,
    /// Its place among all events. [`Position::START`] while the transaction that appends it is still open.
    pub position: Position,
    /// The message.
    pub envelope: Envelope,
}

/// A decoded event with its metadata; reads like the event itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recorded<E> {
    pub(crate) event: E,
    /// Shared: the event stays small to move, and a subscriber to a pattern takes it without a copy.
    pub(crate) envelope: Arc<Envelope>,
    pub(crate) origin: Option<Origin>,
}

/// Where in the event store an event stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The stream.
    pub stream: StreamId,
    /// Its place in the stream, from 1.
    pub version: Version,
    /// Its place among all events.
    pub position: Position,
}

impl<E> Recorded<E> {
    /// Joins an event with the envelope it came in.
    pub fn new(event: E, envelope: impl Into<Arc<Envelope>>, origin: Option<Origin>) -> Self {
        Self { event, envelope: envelope.into(), origin }
    }

    /// The event.
    pub fn event(&self) -> &E {
        &self.event
    }

    /// Its message id: the key by which a receiver tells a resend from a new event.
    pub fn id(&self) -> MessageId {
        self.envelope.id
    }

    /// When it happened.
    pub fn at(&self) -> Timestamp {
        self.envelope.time
    }

    /// Its registered name.
    pub fn name(&self) -> &str {
        &self.envelope.name
    }

    /// Tenant, actor, correlation, causation and trace.
    pub fn metadata(&self) -> &Metadata {
        &self.envelope.metadata
    }

    /// The whole envelope.
    pub fn envelope(&self) -> &Envelope {
        &self.envelope
    }

    /// Its place in the event store; `None` for an event that came by a broker or is not kept in a stream.
    pub fn origin(&self) -> Option<&Origin> {
        self.origin.as_ref()
    }
}

impl<E> Deref for Recorded<E> {
    type Target = E;

    fn deref(&self) -> &E {
        &self.event
    }
}
