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
