//! The stored states of an aggregate: those of a tenant, one by one.

use std::{fmt, marker::PhantomData};

use super::{Units, load::next};
use crate::{
    aggregate::{Held, Persist, StatePolicy, StateStored},
    envelope::{Metadata, StoredEvent, StreamId},
    error::{Error, ErrorKind},
    event::Event,
    store::{
        Append, Load, LogEvent, LogRow, ModelChange, ModelSeen, ModelWrite, Scan,
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

/// What [`App::adopt_all`](crate::App::adopt_all) did.
#[derive(Debug, Default)]
#[must_use = "what was not adopted is in `failed`"]
pub struct Adopted {
    /// How many states were made.
    pub adopted: u64,
    /// What could not be adopted, in the order of the log.
    pub failed: Vec<NotAdopted>,
}

/// An aggregate that could not be adopted; or a damaged row of the log, which may be the first event of one.
#[derive(Debug, Clone)]
pub struct NotAdopted {
    /// Where the first event lies.
    pub position: Position,
    /// Whose it is, and its stream; `None` for a damaged row.
    pub stream: Option<(Option<TenantId>, StreamId)>,
    /// Why.
    pub error: Error,
}

/// Adopts each aggregate of the log, of all tenants, and goes on behind one that fails.
///
/// # Errors
/// What the store answers, and what is wrong with the program and not with an aggregate; what was adopted before stays so.
///
/// # Cancel safety
/// Dropping the future leaves each one adopted or not; begin again.
pub async fn adopt_all<A: StateStored>(units: &Units) -> Result<Adopted, Error> {
    let (mut after, mut all) = (Position::START, Adopted::default());
    loop {
        let rows = units.store().log(after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(all) };
        after = last.position;
        for LogRow { position, event } in rows {
            let (stream, answer) = match event {
                Err(error) => (None, Err(error)),
                Ok(LogEvent { event, .. }) if !is_first::<A>(&event) => continue,
                Ok(LogEvent { tenant, event, .. }) => {
                    let answer =
                        States::<A>::new(units.clone(), tenant.clone()).adopt_stream(event.stream.clone()).await;
                    (Some((tenant, event.stream)), answer)
                }
            };
            match answer {
                Ok(adopted) => all.adopted += u64::from(adopted),
                Err(error) if is_its_own(&error) => all.failed.push(NotAdopted { position, stream, error }),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether an aggregate that may not be adopted yet begins with the event.
fn is_first<A: StateStored>(event: &StoredEvent) -> bool {
    event.version == Version::NONE.plus(1) && event.envelope.name != NOTE && event.stream.category() == A::NAME
}

/// Whether the trouble is that of one aggregate, and not of the store or the program.
fn is_its_own(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Corrupt | ErrorKind::Invalid | ErrorKind::Conflict | ErrorKind::NotFound)
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
