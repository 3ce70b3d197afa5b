//! What lies in the store, and the leases, which are not written by commits.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::{
    envelope::{StoredEvent, StreamId},
    id::MessageId,
    plan::memory::Tables,
    store::{CommandRecord, Counts, DeadLetter, DeadSource, Lease, LeaseRequest, OutboxMessage, Snapshot},
    tenant::TenantId,
    timestamp::Timestamp,
    version::{Position, Version},
};

/// Everything.
#[derive(Default)]
pub(super) struct State {
    pub(super) closed: bool,
    /// All events; the event at index *i* has position *i* + 1.
    pub(super) log: Vec<StoredEvent>,
    /// Whose they are, in the same order.
    pub(super) owners: Vec<Option<TenantId>>,
    pub(super) streams: HashMap<Option<TenantId>, HashMap<StreamId, Stream>>,
    pub(super) event_ids: HashMap<MessageId, usize>,
    pub(super) inbox: HashMap<String, HashSet<MessageId>>,
    pub(super) models: HashMap<TableKey, BTreeMap<String, Row>>,
    pub(super) owned: HashMap<&'static str, Owned>,
    /// In the order of their commits.
    pub(super) commands: Vec<CommandRecord>,
    pub(super) command_at: HashMap<MessageId, usize>,
    pub(super) checkpoints: HashMap<String, Position>,
    pub(super) outbox: BTreeMap<u64, OutboxMessage>,
    pub(super) last_seq: u64,
    pub(super) dead: BTreeMap<u64, DeadLetter>,
    pub(super) dead_no: HashMap<(DeadSource, MessageId), u64>,
    pub(super) last_dead: u64,
    pub(super) leases: HashMap<String, Holding>,
    /// Of the entities.
    pub(super) tables: Tables,
}

/// A generation of a read model of one tenant.
pub(super) type TableKey = (Option<TenantId>, &'static str, u64);

/// Whose a read model is, and which generation of it is live.
pub(super) struct Owned {
    pub(super) owner: String,
    pub(super) live: u64,
}

/// A stream: the event of version *v* lies in the log at `events[v - 1]`.
#[derive(Default)]
pub(super) struct Stream {
    pub(super) events: Vec<usize>,
    pub(super) snapshot: Option<Snapshot>,
}

/// A row of a read model. A deleted one stays without its value, so that its revision never comes again.
#[derive(Default)]
pub(super) struct Row {
    pub(super) revision: u64,
    pub(super) value: Option<Vec<u8>>,
}

impl Row {
    /// The revision that is told: rows of two generations have none in common.
    pub(super) const fn told(&self, (_, _, generation): &TableKey) -> u64 {
        (*generation << 40) | self.revision
    }
}

/// Who had a lease last. The fence outlives the holder.
pub(super) struct Holding {
    pub(super) holder: Option<String>,
    pub(super) fence: u64,
    pub(super) until: Timestamp,
}

impl State {
    pub(super) fn stream(&self, tenant: &Option<TenantId>, stream: &StreamId) -> Option<&Stream> {
        self.streams.get(tenant)?.get(stream)
    }

    pub(super) fn version(&self, tenant: &Option<TenantId>, stream: &StreamId) -> Version {
        let events = self.stream(tenant, stream).map_or(0, |stream| stream.events.len());
        Version::new(events as u64)
    }

    /// The row, deleted or not.
    pub(super) fn row(&self, table: &TableKey, key: &str) -> Option<&Row> {
        self.models.get(table)?.get(key)
    }

    /// The revision of the row, if it is there.
    pub(super) fn revision(&self, table: &TableKey, key: &str) -> Option<u64> {
        let row = self.row(table, key).filter(|row| row.value.is_some())?;
        Some(row.told(table))
    }

    pub(super) fn is_marked(&self, consumer: &str, message: MessageId) -> bool {
        self.inbox.get(consumer).is_some_and(|marks| marks.contains(&message))
    }

    pub(super) fn command(&self, id: MessageId) -> Option<&CommandRecord> {
        self.command_at.get(&id).and_then(|at| self.commands.get(*at))
    }

    pub(super) fn counts(&self) -> Counts {
        Counts { events: self.log.len() as u64, outbox: self.outbox.len() as u64, dead: self.dead.len() as u64 }
    }

    /// Takes a lease that is free, was released or has ended; renews it for its holder.
    pub(super) fn lease(&mut self, request: LeaseRequest, now: Timestamp) -> Option<Lease> {
        let LeaseRequest { resource, holder, ttl } = request;
        let free = || Holding { holder: None, fence: 0, until: now };
        let holding = self.leases.entry(resource.clone()).or_insert_with(free);
        let renews = holding.holder.as_ref() == Some(&holder);
        if !renews && holding.holder.is_some() && now < holding.until {
            return None;
        }
        if !renews {
            holding.fence += 1;
            holding.holder = Some(holder.clone());
        }
        holding.until = now.plus(ttl);
        Some(Lease { resource, holder, fence: holding.fence })
    }

    pub(super) fn holder(&self, resource: &str, now: Timestamp) -> Option<String> {
        self.leases.get(resource).filter(|holding| now < holding.until)?.holder.clone()
    }

    /// Gives a lease back, if it is still held.
    pub(super) fn release(&mut self, lease: &Lease) {
        let Some(holding) = self.leases.get_mut(&lease.resource) else { return };
        if holding.fence == lease.fence && holding.holder.as_ref() == Some(&lease.holder) {
            holding.holder = None;
        }
    }
}
