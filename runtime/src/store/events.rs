//! The event log: streams, and one global order.

use super::Snapshot;
use crate::{
    envelope::{Envelope, StoredEvent, StreamId},
    tenant::TenantId,
    version::{Expected, Version},
};

/// Events for one stream. The versions they get follow the stream's; the check of `expected` and the insert are one
/// statement, so that of all writers who expect the same version at most one wins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Append {
    /// The stream.
    pub stream: StreamId,
    /// What the writer believes.
    pub expected: Expected,
    /// The events, in order. Without events nothing is checked.
    pub events: Vec<Envelope>,
}

/// Which part of a stream to read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Load {
    /// Whose stream.
    pub tenant: Option<TenantId>,
    /// The stream.
    pub stream: StreamId,
    /// Events after this version only.
    pub after: Version,
    /// Begin with a snapshot of this schema, if there is one beyond `after`.
    pub snapshot: Option<u64>,
}

impl Load {
    /// The whole stream.
    #[must_use]
    pub fn all(tenant: Option<TenantId>, stream: StreamId) -> Self {
        Self { tenant, stream, after: Version::NONE, snapshot: None }
    }
}

/// What was read of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Loaded {
    /// The snapshot, if one was wanted and fits.
    pub snapshot: Option<Snapshot>,
    /// The events after it, ascending, without a gap.
    pub events: Vec<StoredEvent>,
}
