//! Loading an aggregate: its snapshot, the events after it, and what this unit has staged for it.

use tracing::Instrument as _;

use super::UnitOfWork;
use crate::{
    aggregate::{Aggregate, Root},
    envelope::{Envelope, StoredEvent, StreamId},
    error::{Error, ErrorKind},
    event::Event,
    store::{Load, Loaded, Until},
    telemetry,
    tenant::TenantId,
    version::Version,
};

use super::Units;

impl UnitOfWork {
    /// Loads an aggregate as this unit of work has left it; one without events is at version 0.
    ///
    /// # Errors
    /// What the store answers; `message/undecodable` and its kin, with stream and place, if an event cannot be read.
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn load<A: Aggregate>(&mut self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        let tenant = self.transaction.tenant().cloned();
        let mut root = self.units.load_stored::<A>(tenant, id.into()).await?;
        let stream = StreamId::new(A::NAME, root.id().to_string())?;
        if !self.loaded.iter().any(|(known, _)| *known == stream) {
            self.loaded.push((stream.clone(), root.stored()));
        }
        for append in self.transaction.staged().appends.iter().filter(|append| append.stream == stream) {
            for envelope in &append.events {
                root.replay(&read::<A>(envelope, &stream, root.version().plus(1))?);
            }
        }
        Ok(root)
    }
}

impl Units {
    /// Loads an aggregate as the store has it; one without events is at version 0.
    ///
    /// # Errors
    /// As [`UnitOfWork::load`].
    pub async fn load_stored<A: Aggregate>(&self, tenant: Option<TenantId>, id: A::Id) -> Result<Root<A>, Error> {
        self.load_until(tenant, id, Until::Head).await
    }

    /// Loads an aggregate as the store had it there; one without events up to there is at version 0.
    ///
    /// # Errors
    /// As [`UnitOfWork::load`].
    pub async fn load_until<A: Aggregate>(
        &self,
        tenant: Option<TenantId>,
        id: A::Id,
        until: Until,
    ) -> Result<Root<A>, Error> {
        let stream = StreamId::new(A::NAME, id.to_string())?;
        let snapshot = A::SNAPSHOT.map(|policy| (policy.schema)());
        let load = Load { until, snapshot, ..Load::all(tenant, stream) };
        let loaded = self.store().load(load.clone()).instrument(telemetry::load(A::NAME)).await?;
        match start::<A>(&id, &loaded) {
            Some(root) => fold(root, &load.stream, &loaded),
            None => {
                let load = Load { snapshot: None, ..load };
                let loaded = self.store().load(load.clone()).instrument(telemetry::load(A::NAME)).await?;
                fold(Root::restore(id, A::default(), Version::NONE), &load.stream, &loaded)
            }
        }
    }
}

/// What the events are folded onto; nothing if a snapshot cannot be read, although its schema says that it can.
fn start<A: Aggregate>(id: &A::Id, loaded: &Loaded) -> Option<Root<A>> {
    let (Some(snapshot), Some(policy)) = (&loaded.snapshot, A::SNAPSHOT) else {
        return Some(Root::restore(id.clone(), A::default(), Version::NONE));
    };
    match (policy.decode)(&snapshot.state) {
        Ok(state) => Some(Root::restore(id.clone(), state, snapshot.version)),
        Err(error) => {
            let stream = &snapshot.stream;
            tracing::warn!(code = "snapshot/unreadable", %stream, %error, "a snapshot is passed over");
            None
        }
    }
}

fn fold<A: Aggregate>(mut root: Root<A>, stream: &StreamId, loaded: &Loaded) -> Result<Root<A>, Error> {
    loaded.events.iter().try_for_each(|stored| take(&mut root, stream, stored))?;
    Ok(root)
}

/// Takes the next event of its stream into an aggregate.
pub(crate) fn take<A: Aggregate>(root: &mut Root<A>, stream: &StreamId, stored: &StoredEvent) -> Result<(), Error> {
    let next = root.version().plus(1);
    if stored.version != next {
        let message = "the stream has a gap; restore it from a backup";
        let error = Error::new(ErrorKind::Corrupt, "store/stream_gap", message);
        return Err(error.with("stream", stream).with("expected", next).with("found", stored.version));
    }
    root.replay(&read::<A>(&stored.envelope, stream, stored.version)?);
    Ok(())
}

fn read<A: Aggregate>(envelope: &Envelope, stream: &StreamId, version: Version) -> Result<A::Event, Error> {
    <A::Event as Event>::decode(&envelope.name, envelope.version, &envelope.payload)
        .map_err(|error| error.with("stream", stream).with("stream_version", version))
}
