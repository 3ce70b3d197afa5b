//! Aggregates that are stored as their states: the row is read, and replaced in the commit that their events lead to.

use tracing::Instrument as _;

use super::{UnitOfWork, Units};
use crate::{
    aggregate::{Aggregate, Held, Root, StatePolicy},
    envelope::{Envelope, EventKind, StreamId},
    error::{Error, ErrorKind},
    event::Event,
    store::{
        Append, Load, ModelWrite,
        states::{self, NOTE, STATES, StateRow},
    },
    telemetry,
    tenant::TenantId,
    version::{Expected, Version},
};

/// Events of an aggregate whose state is stored: they are in no append.
pub(super) struct Unlogged {
    /// They were saved when the unit had so many appends.
    pub(super) after: usize,
    pub(super) append: Append,
}

impl UnitOfWork {
    /// The aggregate as the store has it, and as this unit has left it.
    pub(super) async fn load_entity<A: Aggregate>(
        &mut self,
        policy: &StatePolicy<A>,
        id: A::Id,
    ) -> Result<(Version, Root<A>), Error> {
        let stream = StreamId::new(A::NAME, id.to_string())?;
        let tenant = self.transaction.tenant().cloned();
        let stored = self.units.state_row::<A>(tenant.clone(), &stream).await?;
        let before = states::version(stored.as_deref())?;
        let mut row = stored;
        for write in self.staged_states(&stream) {
            row = write.change.apply(row.as_deref())?;
        }
        let root = match row {
            Some(row) => restore(policy, id, &stream, &row)?,
            None => self.units.absent(policy, tenant, id, &stream).await?,
        };
        Ok((before, root))
    }

    fn staged_states(&self, stream: &StreamId) -> impl Iterator<Item = &ModelWrite> {
        let key = stream.to_string();
        self.transaction.staged().models.iter().filter(move |write| write.model == STATES && write.key == key)
    }

    /// Stages the state, and the note in the stream if it is the first one or the aggregate has new events.
    pub(super) fn save_entity<A: Aggregate>(
        &mut self,
        policy: &StatePolicy<A>,
        root: &mut Root<A>,
        append: Append,
    ) -> Result<(), Error> {
        let (stream, stored) = (append.stream.clone(), root.stored());
        let mut held = root.held().clone();
        let known = held.marked > Version::NONE || stored == Version::NONE;
        let unsaid = states::unsaid(&held, <A::Event as Event>::SPECS).filter(|_| known);
        if let Some(unlogged) = unsaid {
            // The first note keeps out who writes events. Behind it the row decides who was faster, whatever was appended since.
            let expected = if held.marked == Version::NONE { Expected::NoStream } else { Expected::Any };
            let note = self.note(&unlogged)?;
            held = Held { marked: held.marked.plus(1), unlogged, ..held };
            let note = Append { stream: stream.clone(), expected, events: vec![note] };
            self.transaction.staged_mut().appends.push(note);
        }
        let version = stored.plus(append.events.len() as u64);
        let row = StateRow { version, held: held.clone(), state: Some((policy.encode)(root.state())?) };
        let change = states::replace(&stream, stored, row)?;
        let staged = self.transaction.staged_mut();
        staged.models.push(ModelWrite { model: STATES, key: stream.to_string(), change });
        let after = staged.appends.len();
        self.announce_pending(root, &append);
        self.unlogged.push(Unlogged { after, append });
        root.hold(held);
        Ok(())
    }

    pub(super) fn note(&self, unlogged: &[String]) -> Result<Envelope, Error> {
        let id = self.units.clock().message_id();
        let mut metadata = self.metadata.clone();
        metadata.correlation = metadata.correlation.or(Some(id));
        let payload = states::note(unlogged)?.into();
        let (time, kind) = (self.units.clock().now(), EventKind::Domain);
        Ok(Envelope { id, name: NOTE.into(), version: 1, kind, time, key: None, metadata, payload })
    }
}

impl Units {
    pub(super) async fn state_row<A: Aggregate>(
        &self,
        tenant: Option<TenantId>,
        stream: &StreamId,
    ) -> Result<Option<Vec<u8>>, Error> {
        let row = self.store().model(states::place(tenant, stream));
        Ok(row.instrument(telemetry::load(A::NAME)).await?.map(|row| row.value))
    }

    pub(super) async fn load_state<A: Aggregate>(
        &self,
        policy: &StatePolicy<A>,
        tenant: Option<TenantId>,
        id: A::Id,
    ) -> Result<Root<A>, Error> {
        let stream = StreamId::new(A::NAME, id.to_string())?;
        match self.state_row::<A>(tenant.clone(), &stream).await? {
            Some(row) => restore(policy, id, &stream, &row),
            None => self.absent(policy, tenant, id, &stream).await,
        }
    }

    /// An aggregate without a row: a new one. One with events only is not taken for it.
    async fn absent<A: Aggregate>(
        &self,
        policy: &StatePolicy<A>,
        tenant: Option<TenantId>,
        id: A::Id,
        stream: &StreamId,
    ) -> Result<Root<A>, Error> {
        let events = self.store().load(Load::all(tenant.clone(), stream.clone())).await?.events;
        if events.is_empty() {
            return Ok(Root::<A>::new(id));
        }
        if states::held(&events)?.is_none() {
            return Err(not_adopted(stream));
        }
        // The note and the row are of one commit: it may have come between the two reads.
        match self.state_row::<A>(tenant, stream).await? {
            Some(row) => restore(policy, id, stream, &row),
            None => Err(states::missing(stream)),
        }
    }
}

fn restore<A: Aggregate>(policy: &StatePolicy<A>, id: A::Id, stream: &StreamId, row: &[u8]) -> Result<Root<A>, Error> {
    let told = |error: Error| error.with("stream", stream);
    let StateRow { version, held, state } = StateRow::decode(row).map_err(told)?;
    let state = state.map(|state| (policy.decode)(&state).map_err(told));
    let mut root = Root::restore(id, state.transpose()?.unwrap_or_default(), version);
    root.hold(held);
    Ok(root)
}

fn not_adopted(stream: &StreamId) -> Error {
    let message = "the aggregate is stored as its state, but this one has only events; make its state out of them with \
                   `App::adopt`, or all of them with `App::adopt_all`";
    Error::new(ErrorKind::Config, "state/not_adopted", message).with("stream", stream)
}
