//! The event log: streams, and one global order.

use super::Snapshot;
use crate::{
    envelope::{Envelope, StoredEvent, StreamId},
    tenant::TenantId,
    timestamp::Timestamp,
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
    /// Events up to here only.
    pub until: Until,
    /// Begin with a snapshot of this schema, if there is one beyond `after` and not beyond `until`.
    pub snapshot: Option<u64>,
}

/// Up to where a stream is read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Until {
    /// All that is there.
    #[default]
    Head,
    /// Up to this version, with it.
    Version(Version),
    /// The events before the first one that is later than this time. Events bear the time of the process that wrote them;
    /// where two clocks differ, a stream may go back in time, and what stands behind an event that is too late counts as
    /// later, whatever its own time. So the answer is always a state that the stream has had.
    Time(Timestamp),
}

impl From<Version> for Until {
    fn from(version: Version) -> Self {
        Self::Version(version)
    }
}

impl From<Timestamp> for Until {
    fn from(time: Timestamp) -> Self {
        Self::Time(time)
    }
}

impl Load {
    /// The whole stream.
    #[must_use]
    pub fn all(tenant: Option<TenantId>, stream: StreamId) -> Self {
        Self { tenant, stream, after: Version::NONE, until: Until::Head, snapshot: None }
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
