//! The events of one stream, each with what it changed.

use std::{borrow::Cow, collections::VecDeque, fmt};

use serde::Serialize;

use super::{load_at, page};
use crate::{
    actor::Actor,
    aggregate::{Aggregate, EventSourced, Root},
    codec::{self, Diff, Json},
    envelope::{StoredEvent, StreamId},
    error::Error,
    id::MessageId,
    store::{Load, Until},
    tenant::TenantId,
    timestamp::Timestamp,
    unit_of_work::{Units, take},
    version::Version,
};

/// One event of an aggregate, and what it changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The version of the stream after it.
    pub version: Version,
    /// Its id.
    pub id: MessageId,
    /// Its registered name.
    pub name: Cow<'static, str>,
    /// When it was decided on.
    pub time: Timestamp,
    /// On whose behalf.
    pub actor: Option<Actor>,
    /// How the state differs from the one before.
    pub diff: Diff,
}

/// What happened to an aggregate, event by event: [`App::history`](crate::App::history). It holds one page of events at a
/// time, however long the stream is.
pub struct History<A: Aggregate> {
    units: Units,
    load: Load,
    root: Root<A>,
    state: Option<Json>,
    page: VecDeque<StoredEvent>,
}

impl<A: EventSourced + Serialize> History<A> {
    /// Begins before the first event.
    ///
    /// # Errors
    /// `store/stream_id` if the id makes no stream.
    pub fn new(units: &Units, tenant: Option<TenantId>, id: A::Id) -> Result<Self, Error> {
        let load = Load::all(tenant, StreamId::new(A::NAME, id.to_string())?);
        Ok(Self { units: units.clone(), load, root: Root::new(id), state: None, page: VecDeque::new() })
    }

    /// Begins after this version instead.
    ///
    /// # Errors
    /// [`BeyondHead`](super::BeyondHead) if there is no such version yet; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn after(mut self, version: Version) -> Result<Self, Error> {
        let (tenant, id) = (self.load.tenant.clone(), self.root.id().clone());
        self.root = match version {
            Version::NONE => Root::new(id),
            _ => load_at(&self.units, tenant, id, Until::Version(version)).await?,
        };
        (self.state, self.page, self.load.after) = (None, VecDeque::new(), version);
        Ok(self)
    }

    /// The next event; `None` at the head of the stream, where a later call finds what has come since.
    ///
    /// # Errors
    /// What the store answers; an event that cannot be read is told with stream and version.
    ///
    /// # Cancel safety
    /// Dropping the future skips no event.
    pub async fn next(&mut self) -> Result<Option<Entry>, Error> {
        if self.page.is_empty() {
            self.page = page(self.units.store(), &self.load).await?.into();
        }
        let Some(event) = self.page.front() else { return Ok(None) };
        let before = match self.state.take() {
            Some(state) => state,
            None => codec::json(self.root.state())?,
        };
        let ring = self.units.store().ring(std::iter::once(&event.envelope)).await?;
        ring.hold(|| take(&mut self.root, &self.load.stream, event))?;
        self.load.after = event.version;
        let event = self.page.pop_front();
        let after = codec::json(self.root.state())?;
        let diff = Diff::of(&before, &after);
        self.state = Some(after);
        Ok(event.map(|event| entry(event, diff)))
    }

    /// The next events, at most `limit`: a page of a list. Empty at the head of the stream.
    ///
    /// # Errors
    /// As [`next`](Self::next).
    ///
    /// # Cancel safety
    /// Events that were read when the future is dropped are skipped.
    pub async fn page(&mut self, limit: usize) -> Result<Vec<Entry>, Error> {
        let mut entries = Vec::new();
        while entries.len() < limit {
            let Some(entry) = self.next().await? else { break };
            entries.push(entry);
        }
        Ok(entries)
    }

    /// The aggregate after the last event that was answered.
    #[must_use]
    pub fn root(&self) -> &Root<A> {
        &self.root
    }
}

fn entry(event: StoredEvent, diff: Diff) -> Entry {
    let envelope = event.envelope;
    let actor = envelope.metadata.actor;
    Entry { version: event.version, id: envelope.id, name: envelope.name, time: envelope.time, actor, diff }
}

/// One line, without the diff: `2 account.deposited 2026-01-01T00:00:00Z by ada`.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.version, self.name, self.time)?;
        self.actor.as_ref().map_or(Ok(()), |actor| write!(f, " by {}", actor.id()))
    }
}

impl<A: Aggregate> fmt::Debug for History<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "History({} after {})", self.load.stream, self.load.after)
    }
}
