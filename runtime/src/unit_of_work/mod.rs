//! The unit of work: everything that one command writes, until one commit.
//!
//! What is staged (events, messages, read models, snapshots) is a value: nothing of it is sent to the store before
//! [`commit`](UnitOfWork::commit). So a rollback forgets, a dropped future has written nothing, and no connection is held while
//! user code runs. What was decided on something read is checked by the commit itself: stream versions, rows seen, checkpoints,
//! leases.
//!
//! Entities are rows that a unit reads and writes while it goes on. [`repository`](UnitOfWork::repository) begins a transaction
//! of the database for them, at its first statement, and the commit of the unit writes what is staged **in this transaction**:
//! the entities, events, outbox, read models and audit rows of a unit are there together, or none of them is. A unit
//! that asks for no entity has no transaction.
//!
//! A unit with entities is begun by hand ([`Scoped::begin`](crate::repository::Scoped::begin)), around a closure that is repeated
//! where that helps ([`Scoped::in_tx`](crate::repository::Scoped::in_tx)), or by a command
//! ([`Context::repository`](crate::Context::repository)).
//!
//! | what happens | what it costs |
//! |---|---|
//! | a statement is answered by an error of the database | the innermost [`savepoint`](UnitOfWork::savepoint), or the unit: what follows answers `unit/scope_failed`, the commit `unit/aborted` |
//! | a row is not found, is at another version, or cannot be stored as it is | nothing |
//! | the database ends the transaction, or a statement is dropped before its answer | the unit: all that follows answers `unit/dead` |
//! | the future of a savepoint is dropped | the savepoint |
//! | the unit is dropped | all of it |
//! | the future of the commit is dropped | nothing, once the database has it |
//!
//! These errors are of the kind of their cause, so `is_transient()` and `is_conflict()` answer as the cause does. In memory and on
//! SQLite **one unit writes at a time**: from its first statement on, the commits, units and writes of others wait for its end, so
//! nothing slow belongs between the two. On SQLite a unit of which nothing is asked for 60 s is rolled back. Reads
//! beside a unit wait for nothing and see what was committed. Inside a closure, a unit on the same database, or a write past
//! the unit that would wait for it, answers `unit/nested`.
//!
//! A commit answers in one of three ways: `Ok` (durable), an error (nothing was written), or an error with
//! `is_unknown_outcome()` (the answer of the database was lost).

mod begin;
mod commit;
mod entity;
mod load;
mod open;
mod scopes;
mod sealing;
mod states;
mod units;

use std::fmt;

pub use commit::Finished;
pub(crate) use load::take;
pub(crate) use open::no_entities;
pub use states::{Adopted, NotAdopted, States, adopt_all};
pub use units::{Answer, AsyncFunc, AsyncFuncMut, Observer, Spawner, Units};

pub(crate) use self::scopes::Savepoint;
use self::{entity::Unlogged, open::Open};
use crate::{
    aggregate::{Aggregate, Persist, Root},
    bus::Staged,
    envelope::{Envelope, EventKind, Metadata, Origin, Recorded, StreamId},
    error::{Error, ErrorKind},
    event::Event,
    id::MessageId,
    sensitive::Subject,
    store::{Append, Snapshot, Transaction, states::NOTE},
    version::{ConcurrencyConflict, Expected, Position, Version},
};
pub use crate::{
    resilience::Retry,
    store::{Begin, Isolation},
};

/// A hook that runs after the commit. What must not be lost goes through the outbox instead.
type Hook = Box<dyn FnOnce() + Send + Sync>;

/// Everything that one command writes.
#[must_use = "nothing is written until the unit of work is committed"]
pub struct UnitOfWork {
    units: Units,
    transaction: Transaction,
    metadata: Metadata,
    /// Where each stream stood when this unit first loaded it.
    loaded: Vec<(StreamId, Version)>,
    /// What was saved of aggregates whose states are stored.
    unlogged: Vec<Unlogged>,
    staged: Vec<Staged>,
    hooks: Vec<Hook>,
    /// Messages with sensitive fields, and whose these are.
    sealed: Vec<(MessageId, Subject)>,
    fault: Option<Error>,
    /// How many parts are open in each other.
    depth: u16,
    attempt: u32,
    open: Option<Box<Open>>,
}

impl UnitOfWork {
    /// Saves the pending events of an aggregate, and its snapshot if it is due.
    ///
    /// # Errors
    /// `message/unencodable` if an event's `Serialize` refuses, `store/stream_id` if the id makes no stream. An aggregate
    /// that is not as this unit knows its stream (saved in a savepoint that was rolled back, or loaded twice before it was
    /// saved) makes the commit a conflict.
    pub fn save<A: Aggregate>(&mut self, root: &mut Root<A>) -> Result<(), Error> {
        if root.pending().is_empty() {
            return Ok(());
        }
        let stream = StreamId::new(A::NAME, root.id().to_string())?;
        let stored = root.stored();
        self.check_origin(&stream, stored);
        let mut events = Vec::with_capacity(root.pending().len());
        for event in root.pending() {
            events.push(self.envelope(event)?);
        }
        let append = Append { stream, expected: Expected::at(stored), events };
        match A::PERSIST {
            Persist::Events => self.save_events(root, append),
            Persist::Entity(policy) => self.save_entity(&policy, root, append),
        }
    }

    fn save_events<A: Aggregate>(&mut self, root: &mut Root<A>, append: Append) -> Result<(), Error> {
        let before = root.stored().get();
        self.announce_pending(root, &append);
        if let Some(snapshot) = due_snapshot(root, &append.stream, before)? {
            self.transaction.staged_mut().snapshots.push(snapshot);
        }
        self.transaction.staged_mut().appends.push(append);
        Ok(())
    }

    fn announce_pending<A: Aggregate>(&mut self, root: &mut Root<A>, append: &Append) {
        let stored = root.stored();
        for (number, (event, envelope)) in (1..).zip(root.take_pending().into_iter().zip(&append.events)) {
            let version = stored.plus(number);
            let origin = Origin { stream: append.stream.clone(), version, position: Position::START };
            self.announce(event, envelope.clone(), Some(origin));
        }
    }

    /// A root that was saved in a part that was rolled back, or one of two that were loaded before either was saved, stands
    /// where no stream is: what it decided must not be committed.
    fn check_origin(&mut self, stream: &StreamId, stored: Version) {
        let Some((_, origin)) = self.loaded.iter().find(|(known, _)| known == stream) else { return };
        let staged = self.transaction.staged().appends.iter().chain(self.unlogged.iter().map(|saved| &saved.append));
        // The note that a state is stored is in a stream of events, and no version of the state.
        let own = |append: &&Append| append.stream == *stream && !is_note(append);
        let here = origin.plus(staged.filter(own).map(|append| append.events.len() as u64).sum());
        if here != stored {
            let conflict = ConcurrencyConflict::new(stream.to_string(), Expected::at(stored), here);
            self.fault.get_or_insert(conflict.into());
        }
    }

    /// Publishes an event: a domain event in process after the commit, a notification or state transfer through the
    /// outbox. An event that cannot be encoded makes the commit fail, and so does a domain event where no application is there that
    /// could hear it (`db/config`): a unit of a [`Db`](crate::repository::Db) that is not the application's.
    pub fn publish<E: Event>(&mut self, event: E) {
        if self.units.parts().alone && event.spec().kind == EventKind::Domain {
            self.fault.get_or_insert_with(|| unheard(event.spec().name));
        }
        match self.envelope(&event) {
            Ok(envelope) => self.announce(event, envelope, None),
            Err(error) => self.fault = self.fault.take().or(Some(error)),
        }
    }

    /// Runs `hook` after the commit. A crash between the two loses it.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + Sync + 'static) {
        self.hooks.push(Box::new(hook));
    }

    /// Stamps what is staged from now on with the metadata of a message that is handled in this unit, as caused by it. The
    /// tenant stays.
    pub(crate) fn on_behalf_of(&mut self, envelope: &Envelope) {
        let tenant = self.metadata.tenant.take();
        self.metadata = Metadata { tenant, ..envelope.metadata.clone() };
        self.caused_by(envelope.id);
    }

    /// Stamps what is staged from now on as caused by `message`, in its conversation.
    pub fn caused_by(&mut self, message: MessageId) {
        self.metadata.causation = Some(message);
        self.metadata.correlation = self.metadata.correlation.or(Some(message));
    }

    fn envelope<E: Event>(&mut self, event: &E) -> Result<Envelope, Error> {
        let spec = event.spec();
        let id = self.units.clock().message_id();
        let mut metadata = self.metadata.clone();
        metadata.correlation = metadata.correlation.or(Some(id));
        let payload = self.payload(event, id)?.into();
        Ok(Envelope {
            id,
            name: spec.name.into(),
            version: spec.version,
            kind: spec.kind,
            time: self.units.clock().now(),
            key: event.key(),
            metadata,
            payload,
        })
    }

    fn announce<E: Event>(&mut self, event: E, envelope: Envelope, origin: Option<Origin>) {
        let spec = event.spec();
        if let Some(topic) = spec.topic {
            self.transaction.send(topic, envelope.clone());
        }
        let local = spec.kind == EventKind::Domain && self.units.bus().hears(&event);
        if local || self.units.observes() {
            self.staged.push(Staged::new(Recorded::new(event, envelope, origin)));
        }
    }

    /// Where the unit is filled, for read models and for the machinery.
    pub fn transaction(&mut self) -> &mut Transaction {
        &mut self.transaction
    }

    /// Tenant, actor, correlation, causation and trace of what it writes.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// What it was made by.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }
}

fn unheard(event: &'static str) -> Error {
    let message = "nobody can hear a domain event of a database without an application; take the `Db` of `App::db`, or publish \
                   a notification";
    Error::new(ErrorKind::Config, "db/config", message).with("event", event)
}

fn is_note(append: &Append) -> bool {
    append.events.first().is_some_and(|event| event.name == NOTE)
}

fn due_snapshot<A: Aggregate>(root: &Root<A>, stream: &StreamId, before: u64) -> Result<Option<Snapshot>, Error> {
    let Some(policy) = A::SNAPSHOT else { return Ok(None) };
    let every = u64::from(policy.every.max(1));
    if root.version().get() / every == before / every {
        return Ok(None);
    }
    let state = match (policy.encode)(root.state()) {
        // A state has the data of any number of subjects. It is folded from its events, where each is sealed by its own key.
        Err(error) if error.code() == "sensitive/not_sealed" => return Ok(None),
        state => state?,
    };
    Ok(Some(Snapshot { stream: stream.clone(), version: root.version(), schema: (policy.schema)(), state }))
}

impl fmt::Debug for UnitOfWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let commit = self.transaction.staged();
        f.debug_struct("UnitOfWork")
            .field("tenant", &commit.tenant)
            .field("appends", &commit.appends.len())
            .field("models", &commit.models.len())
            .field("outbox", &commit.outbox.len())
            .field("events", &self.staged.len())
            .field("hooks", &self.hooks.len())
            .finish_non_exhaustive()
    }
}
