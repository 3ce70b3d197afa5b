//! The lines of a file.

use std::{borrow::Cow, sync::Arc};

use serde::{Deserialize, Serialize};

use super::super::digest::Digest;
use crate::{
    codec::{self, RawValue},
    envelope::{Envelope, EventKind, Metadata, StoredEvent, StreamId},
    error::Error,
    id::MessageId,
    store::LogEvent,
    tenant::TenantId,
    timestamp::Timestamp,
    version::{Position, Version},
};

/// The name of the format in the header, and its version.
pub(in super::super) const FORMAT: &str = "bailiwick.events";
pub(in super::super) const VERSION: u32 = 1;

/// The first line.
#[derive(Serialize, Deserialize)]
pub(in super::super) struct Header<'a> {
    #[serde(borrow)]
    pub(in super::super) format: Cow<'a, str>,
    pub(in super::super) version: u32,
}

/// The last line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct End {
    pub(in super::super) events: u64,
    pub(in super::super) digest: Digest,
    /// States; not written without any, so that a file without them is what it was.
    #[serde(default, skip_serializing_if = "is_none")]
    pub(in super::super) states: u64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde asks for it")]
const fn is_none(states: &u64) -> bool {
    *states == 0
}

/// The line of an event.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(in super::super) struct Line<'a> {
    position: Position,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tenant: Option<TenantId>,
    #[serde(borrow)]
    category: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    version: Version,
    id: MessageId,
    #[serde(borrow)]
    name: Cow<'a, str>,
    schema: u32,
    kind: EventKind,
    /// Microseconds since 1970, UTC.
    time: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    key: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "is_silent")]
    metadata: Metadata,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    payload: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    payload_base64: Option<Cow<'a, str>>,
    checksum: Sum,
}

/// Hexadecimal: not every reader of JSON keeps 63 bits of a number.
#[derive(Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
struct Sum(u64);

impl TryFrom<String> for Sum {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        u64::from_str_radix(&text, 16).map(Self)
    }
}

impl From<Sum> for String {
    fn from(Sum(sum): Sum) -> Self {
        format!("{sum:016x}")
    }
}

impl Clone for Sum {
    fn clone(&self) -> Self {
        Self(self.0)
    }
}

fn is_silent(metadata: &Metadata) -> bool {
    *metadata == Metadata { depth: metadata.depth, ..Metadata::default() }
}

impl<'a> Line<'a> {
    pub(in super::super) fn of(logged: &'a LogEvent) -> Self {
        let LogEvent { tenant, checksum, event } = logged;
        let StoredEvent { stream, version, position, envelope } = event;
        let payload = codec::raw(&envelope.payload);
        let other = if payload.is_some() { None } else { Some(codec::base64(&envelope.payload).into()) };
        Self {
            position: *position,
            tenant: tenant.clone(),
            category: stream.category().into(),
            stream: stream.id().into(),
            version: *version,
            id: envelope.id,
            name: (&*envelope.name).into(),
            schema: envelope.version,
            kind: envelope.kind,
            time: envelope.time.as_micros(),
            key: envelope.key.as_deref().map(Into::into),
            metadata: envelope.metadata.clone(),
            payload,
            payload_base64: other,
            checksum: Sum(*checksum),
        }
    }

    /// The event, or what is wrong with it.
    pub(in super::super) fn event(self) -> Result<LogEvent, String> {
        let payload = match (self.payload, self.payload_base64) {
            (Some(raw), None) => Arc::from(raw.get().as_bytes()),
            (None, Some(text)) => Arc::from(codec::from_base64(&text)?),
            _ => return Err("neither or both of payload and payload_base64".into()),
        };
        let envelope = Envelope {
            id: self.id,
            name: Cow::Owned(self.name.into_owned()),
            version: self.schema,
            kind: self.kind,
            time: Timestamp::from_micros(self.time),
            key: self.key.map(Cow::into_owned),
            metadata: self.metadata,
            payload,
        };
        let told = |error: Error| error.to_string();
        let stream = StreamId::new(self.category.into_owned(), self.stream.into_owned()).map_err(told)?;
        let event = StoredEvent { stream, version: self.version, position: self.position, envelope };
        Ok(LogEvent { tenant: self.tenant, checksum: self.checksum.0, event })
    }
}
