//! Leases: who does a work that only one may do at a time.

use std::time::Duration;

/// Asks for a lease.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeaseRequest {
    /// What is leased, such as `outbox`.
    pub resource: String,
    /// Who asks: a name that no other process has.
    pub holder: String,
    /// For how long, by the clock of the database.
    pub ttl: Duration,
}

/// A lease that is held. Its fence grows with each change of holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// What is leased.
    pub resource: String,
    /// Who holds it.
    pub holder: String,
    /// The number of this holding.
    pub fence: u64,
}

impl Lease {
    /// The condition that a commit is made under this lease.
    #[must_use]
    pub fn fence(&self) -> Fence {
        Fence { resource: self.resource.clone(), fence: self.fence }
    }
}

/// A commit with a fence is refused (`lease/lost`) once the lease has another holder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fence {
    /// What is leased.
    pub resource: String,
    /// The number of the holding.
    pub fence: u64,
}
