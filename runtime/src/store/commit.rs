//! A unit of work as a value.

use super::{
    Append, CheckpointMove, CommandRecord, DeadLetterChange, Fence, Generation, GenerationChange, InboxMark, ModelSeen,
    ModelWrite, OutboxMessage, Snapshot, UndoRecord,
};
use crate::{
    tenant::TenantId,
    version::{Position, Version},
};

/// Everything that one unit of work writes; the store applies it as a whole or not at all.
///
/// The fields stand in the order in which an adapter applies them.
#[derive(Debug, Default)]
#[must_use = "nothing is written until the store has it"]
pub struct Commit {
    /// The tenant whose streams, read models and inbox this is.
    pub tenant: Option<TenantId>,
    /// The generation of the rows that are seen and changed; `None` for the live one.
    pub generation: Option<Generation>,
    /// Leases that must still be held.
    pub fences: Vec<Fence>,
    /// Messages that this commit handles.
    pub inbox: Vec<InboxMark>,
    /// Events, per stream.
    pub appends: Vec<Append>,
    /// Rows that must still be as they were read.
    pub seen: Vec<ModelSeen>,
    /// Changes of read models; those of one row in order.
    pub models: Vec<ModelWrite>,
    /// States of aggregates.
    pub snapshots: Vec<Snapshot>,
    /// Audit rows.
    pub commands: Vec<CommandRecord>,
    /// Audit rows that this commit undoes.
    pub undone: Vec<UndoRecord>,
    /// How far readers have come.
    pub checkpoints: Vec<CheckpointMove>,
    /// Owners and generations of read models.
    pub generations: Vec<GenerationChange>,
    /// Dead letters to park, requeue or remove.
    pub dead: Vec<DeadLetterChange>,
    /// Outbox rows that the broker has acknowledged or that were parked: they are deleted.
    pub published: Vec<u64>,
    /// New outbox rows, in order.
    pub outbox: Vec<OutboxMessage>,
}

impl Commit {
    /// Whether it writes nothing, and nothing has to be as it was.
    pub(crate) fn is_void(&self) -> bool {
        self.is_empty() && self.fences.is_empty() && self.seen.is_empty()
    }

    /// Whether it writes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.inbox.is_empty()
            && self.appends.iter().all(|append| append.events.is_empty())
            && self.models.is_empty()
            && self.snapshots.is_empty()
            && self.commands.is_empty()
            && self.undone.is_empty()
            && self.checkpoints.is_empty()
            && self.generations.is_empty()
            && self.dead.is_empty()
            && self.published.is_empty()
            && self.outbox.is_empty()
    }
}

/// What a store answers to a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Committed {
    /// For each append that had events, in order: the version of the stream after it and the position of its last event.
    pub appends: Vec<(Version, Position)>,
    /// For each dead letter that was parked, in order: its number.
    pub parked: Vec<u64>,
    /// How many rows of generations that are not live were deleted.
    pub swept: u64,
}

impl Committed {
    /// The highest position that this commit gave; [`Position::START`] without events.
    #[must_use]
    pub fn position(&self) -> Position {
        self.appends.iter().map(|(_, position)| *position).max().unwrap_or_default()
    }
}
