//! Loading an aggregate: its snapshot, the events after it, and what this unit has staged for it.

use tracing::Instrument as _;

use super::UnitOfWork;
use crate::{
    aggregate::{Aggregate, Persist, Root},
    envelope::{Envelope, StoredEvent, StreamId},
    error::{Error, ErrorKind},
    event,
    store::{Load, Loaded, Until, states::NOTE},
    telemetry,
    tenant::TenantId,
    version::Version,
};

use super::Units;

impl UnitOfWork {
    /// Loads an aggregate as this unit of work has left it; one without events is at version 0.
    ///
    /// # Errors
    /// What the store answers; `message/undecodable` and its kin, with stream and place, if an event cannot be read. For an
    /// aggregate with `persist = entity`, `state/not_adopted` if it has events and no state, `state/outgrown` or
    /// `state/ahead` if its type does not fit the state; for others `state/stored` if it has a state.
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn load<A: Aggregate>(&mut self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        let loaded = self.load_here(id.into()).await;
        self.heard(loaded.as_ref().err());
        loaded
    }

    async fn load_here<A: Aggregate>(&mut self, id: A::Id) -> Result<Root<A>, Error> {
        if let Persist::Entity(policy) = A::PERSIST {
            let (stored, root) = self.load_entity(&policy, id).await?;
            self.first_at(&StreamId::new(A::NAME, root.id().to_string())?, stored);
            return Ok(root);
        }
        let tenant = self.transaction.tenant().cloned();
        let mut root = self.units.load_until::<A>(tenant, id, Until::Head).await?;
        let stream = StreamId::new(A::NAME, root.id().to_string())?;
        self.first_at(&stream, root.stored());
        for append in self.transaction.staged().appends.iter().filter(|append| append.stream == stream) {
            for envelope in &append.events {
                let ring = self.units.store().ring(std::iter::once(envelope)).await?;
                let event = ring.hold(|| read::<A>(envelope, &stream, root.version().plus(1)))?;
                root.replay(&event);
            }
        }
        Ok(root)
    }

    /// What the database has answered to something that is not asked in the transaction.
    fn heard(&self, error: Option<&Error>) {
        if let Some(open) = &self.open {
            open.scopes().hear(error);
        }
    }

    /// Remembers where a stream stood when it was first loaded.
    fn first_at(&mut self, stream: &StreamId, stored: Version) {
        if !self.loaded.iter().any(|(known, _)| known == stream) {
            self.loaded.push((stream.clone(), stored));
        }
    }
}

impl Units {
    /// Loads an aggregate as the store has it; one without events is at version 0.
    ///
    /// # Errors
    /// As [`UnitOfWork::load`].
    pub async fn load_stored<A: Aggregate>(&self, tenant: Option<TenantId>, id: A::Id) -> Result<Root<A>, Error> {
        match A::PERSIST {
            Persist::Events => self.load_until(tenant, id, Until::Head).await,
            Persist::Entity(policy) => self.load_state(&policy, tenant, id).await,
        }
    }

    /// Loads an aggregate as the store had it there; one without events up to there is at version 0.
    ///
    /// # Errors
    /// As [`UnitOfWork::load`].
    pub(crate) async fn load_until<A: Aggregate>(
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
            Some(root) => self.fold(root, &load.stream, &loaded).await,
            None => {
                let load = Load { snapshot: None, ..load };
                let loaded = self.store().load(load.clone()).instrument(telemetry::load(A::NAME)).await?;
                self.fold(Root::restore(id, A::default(), Version::NONE), &load.stream, &loaded).await
            }
        }
    }

    async fn fold<A: Aggregate>(
        &self,
        mut root: Root<A>,
        stream: &StreamId,
        loaded: &Loaded,
    ) -> Result<Root<A>, Error> {
        let ring = self.store().ring(loaded.events.iter().map(|stored| &stored.envelope)).await?;
        ring.hold(|| loaded.events.iter().try_for_each(|stored| take(&mut root, stream, stored)))?;
        Ok(root)
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

/// Takes the next event of its stream into an aggregate.
pub(crate) fn take<A: Aggregate>(root: &mut Root<A>, stream: &StreamId, stored: &StoredEvent) -> Result<(), Error> {
    root.replay(&next::<A>(root.version(), stream, stored)?);
    Ok(())
}

/// The event that follows this version of its stream.
pub(super) fn next<A: Aggregate>(version: Version, stream: &StreamId, stored: &StoredEvent) -> Result<A::Event, Error> {
    let next = version.plus(1);
    if stored.version != next {
        let message = "the stream has a gap; restore it from a backup";
        let error = Error::new(ErrorKind::Corrupt, "store/stream_gap", message);
        return Err(error.with("stream", stream).with("expected", next).with("found", stored.version));
    }
    read::<A>(&stored.envelope, stream, stored.version)
}

fn read<A: Aggregate>(envelope: &Envelope, stream: &StreamId, version: Version) -> Result<A::Event, Error> {
    if envelope.name == NOTE {
        let message = "the state of this aggregate is stored since then, and not its events; go on with a program that \
                       says `persist = entity`";
        let error = Error::new(ErrorKind::Config, "state/stored", message);
        return Err(error.with("stream", stream).with("stream_version", version));
    }
    event::open::<A::Event>(envelope).map_err(|error| error.with("stream", stream).with("stream_version", version))
}
