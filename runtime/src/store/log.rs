//! The log as archives and checks see it: rows, each of which may be damaged.

use crate::{envelope::StoredEvent, error::Error, tenant::TenantId, version::Position};

/// A row of the log.
#[derive(Debug, Clone)]
pub struct LogRow {
    /// Where it lies.
    pub position: Position,
    /// What it holds; `store/corrupt_event` if it is not what was written.
    pub event: Result<LogEvent, Error>,
}

/// An event with what the store keeps beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// Whose stream it is in.
    pub tenant: Option<TenantId>,
    /// Its [`checksum`](super::checksum), as it is stored.
    pub checksum: u64,
    /// The event.
    pub event: StoredEvent,
}

/// Rows that contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// How.
    pub kind: FaultKind,
    /// Whose; empty without a tenant.
    pub tenant: String,
    /// The stream, as `category/id`, or the name of the checkpoint.
    pub of: String,
    /// What is there: how many events; the version of the snapshot; the position of the checkpoint.
    pub found: u64,
    /// What it is held against: the version of the stream, or the position of the newest event.
    pub head: u64,
}

/// How rows contradict each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FaultKind {
    /// A stream has fewer events than its version says: some are gone.
    Gap,
    /// A snapshot is of a version that its stream does not have.
    SnapshotAhead,
    /// A checkpoint stands beyond the newest event.
    CheckpointAhead,
}
