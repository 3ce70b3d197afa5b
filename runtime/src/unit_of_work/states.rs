//! The stored states of an aggregate: those of a tenant, one by one.

use std::{fmt, marker::PhantomData};

use super::{Units, load::next};
use crate::{
    aggregate::{Held, Persist, StatePolicy, StateStored},
    envelope::{Metadata, StreamId},
    error::{Error, ErrorKind},
    event::Event,
    store::{
        Append, Load, ModelChange, ModelSeen, ModelWrite, Scan,
        states::{self, NOTE, STATES, StateRow},
    },
    tenant::TenantId,
    version::{Expected, Position, Version},
};

/// How many events are held at a time.
const PAGE: u64 = 1_000;
/// How many rows of the log are held at a time.
const ROWS: usize = 1_000;
/// How often an adoption begins again behind a writer of events.
const ATTEMPTS: u32 = 16;

/// The stored states of an aggregate that belong to a tenant: `App::states`.
pub struct States<A> {
    units: Units,
    tenant: Option<TenantId>,
    aggregate: PhantomData<fn() -> A>,
}

impl<A: StateStored> States<A> {
    /// The states of `A` that belong to `tenant`.
    #[must_use]
    pub fn new(units: Units, tenant: Option<TenantId>) -> Self {
        Self { units, tenant, aggregate: PhantomData }
    }

    /// At most `limit` ids after this one, in the order of their bytes.
    ///
    /// # Errors
    /// What the store answers.
    ///
    /// # Cancel safety
    /// It only reads.
    pub async fn ids(&self, after: Option<&str>, limit: usize) -> Result<Vec<String>, Error> {
        let prefix = format!("{}/", A::NAME);
        let (mut after, mut ids) = (format!("{prefix}{}", after.unwrap_or_default()), Vec::new());
        while ids.len() < limit {
            let scan = Scan { tenant: self.tenant.clone(), model: STATES, after: Some(after.clone()), limit };
            let rows = self.units.store().scan(scan).await?;
            let whole = rows.len() == limit;
            for (key, row) in rows {
                let Some(id) = key.strip_prefix(&prefix) else { return Ok(ids) };
                if ids.len() < limit && !states::is_removed(&row.value) {
                    ids.push(id.into());
                }
                after = key;
            }
            if !whole {
                break;
            }
        }
        Ok(ids)
    }

    /// Removes a state; false if there is none. The aggregate may be created again, at version 1. A row without a state
    /// stays, so that nobody takes the new one for the removed one.
    ///
    /// # Errors
    /// `store/seen_changed` if it is written meanwhile; `store/stream_id` if the id makes no stream; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future removes the state or does not.
    pub async fn remove(&self, id: impl Into<A::Id>) -> Result<bool, Error> {
        let stream = stream::<A>(&id.into())?;
        let row = self.units.store().model(states::place(self.tenant.clone(), &stream)).await?;
        let (revision, held) = match &row {
            Some(row) => match StateRow::decode(&row.value)? {
                StateRow { state: None, .. } => return Ok(false),
                StateRow { held, .. } => (Some(row.revision), held),
            },
            None => match states::held(&self.units.store().load(self.whole(&stream)).await?.events)? {
                None => return Ok(false),
                Some(held) => (None, held),
            },
        };
        let mut unit = self.units.begin(self.metadata());
        let (staged, key) = (unit.transaction().staged_mut(), stream.to_string());
        staged.seen.push(ModelSeen { model: STATES, key: key.clone(), revision });
        let change = ModelChange::Put(StateRow::tombstone(held).encode()?);
        staged.models.push(ModelWrite { model: STATES, key, change });
        unit.commit().await?;
        Ok(true)
    }

    /// Makes the state of an aggregate out of its events, which stay; false if its stream says that this was done: the state
    /// is there, or it was removed since.
    ///
    /// # Errors
    /// `aggregate/not_found` if it has no events; `message/undecodable` and its kin if one cannot be read; `store/conflict`
    /// if an older program goes on writing events all the while; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future adopts the aggregate or does not.
    pub async fn adopt(&self, id: impl Into<A::Id>) -> Result<bool, Error> {
        self.adopt_stream(stream::<A>(&id.into())?).await
    }

    async fn adopt_stream(&self, stream: StreamId) -> Result<bool, Error> {
        let Persist::Entity(policy) = A::PERSIST else { return Err(no_entity(A::NAME)) };
        let mut attempts = 1..=ATTEMPTS;
        loop {
            let Some(folded) = self.fold(&stream).await? else { return Ok(false) };
            match self.store(&policy, &stream, folded).await {
                Ok(()) => return Ok(true),
                Err(error) if error.is_conflict() && attempts.next().is_some() => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// The state from its events; `None` if it was stored.
    async fn fold(&self, stream: &StreamId) -> Result<Option<(A, Version)>, Error> {
        let (mut state, mut version) = (A::default(), Version::NONE);
        loop {
            let load = Load { after: version, until: version.plus(PAGE).into(), ..self.whole(stream) };
            let events = self.units.store().load(load).await?.events;
            if events.is_empty() {
                return if version == Version::NONE { Err(nothing(stream)) } else { Ok(Some((state, version))) };
            }
            if events.iter().any(|event| event.envelope.name == NOTE) {
                return Ok(None);
            }
            let ring = self.units.store().ring(events.iter().map(|stored| &stored.envelope)).await?;
            for stored in events {
                state.apply(&ring.hold(|| next::<A>(version, stream, &stored))?);
                version = version.plus(1);
            }
        }
    }

    fn whole(&self, stream: &StreamId) -> Load {
        Load::all(self.tenant.clone(), stream.clone())
    }

    async fn store(
        &self,
        policy: &StatePolicy<A>,
        stream: &StreamId,
        (state, version): (A, Version),
    ) -> Result<(), Error> {
        let unlogged = states::unsaid(&Held::default(), <A::Event as Event>::SPECS).unwrap_or_default();
        let held = Held { marked: version.plus(1), unlogged, life: 0 };
        let mut unit = self.units.begin(self.metadata());
        let note = unit.note(&held.unlogged)?;
        let row = StateRow { version, held, state: Some((policy.encode)(&state)?) };
        let change = states::replace(stream, Version::NONE, row)?;
        let staged = unit.transaction().staged_mut();
        staged.models.push(ModelWrite { model: STATES, key: stream.to_string(), change });
        staged.appends.push(Append { stream: stream.clone(), expected: Expected::at(version), events: vec![note] });
        unit.commit().await.map(drop)
    }

    fn metadata(&self) -> Metadata {
        Metadata { tenant: self.tenant.clone(), ..Metadata::default() }
    }
}

/// Adopts each aggregate of the log, of all tenants; says how many.
///
/// # Errors
/// As [`States::adopt`], at the first one that fails; those before it are adopted.
///
/// # Cancel safety
/// Dropping the future leaves each one adopted or not; begin again.
pub async fn adopt_all<A: StateStored>(units: &Units) -> Result<u64, Error> {
    let (mut after, mut adopted) = (Position::START, 0);
    loop {
        let rows = units.store().log(after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(adopted) };
        after = last.position;
        for row in rows {
            let logged = row.event?;
            let event = logged.event;
            let first = event.version == Version::NONE.plus(1) && event.envelope.name != NOTE;
            if first && event.stream.category() == A::NAME {
                let states = States::<A>::new(units.clone(), logged.tenant);
                adopted += u64::from(states.adopt_stream(event.stream).await?);
            }
        }
    }
}

fn stream<A: StateStored>(id: &A::Id) -> Result<StreamId, Error> {
    StreamId::new(A::NAME, id.to_string())
}

fn no_entity(aggregate: &str) -> Error {
    let message = "the aggregate says that it is stored as its state, but not how; give it `PERSIST`";
    Error::new(ErrorKind::Config, "state/no_policy", message).with("aggregate", aggregate)
}

fn nothing(stream: &StreamId) -> Error {
    let message = "there are no events of this aggregate, and no state; create it with a command";
    Error::new(ErrorKind::NotFound, "aggregate/not_found", message).with("stream", stream)
}

impl<A: StateStored> fmt::Debug for States<A> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "States({})", A::NAME)
    }
}
