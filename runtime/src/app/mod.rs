//! The application: everything wired, checked at `build()`, and run.
//!
//! ```no_run
//! # use bailiwick::{App, SendError};
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let app = App::builder().sqlite("meetings.db").build().await?;
//! println!("{}", app.describe());
//! app.close().await?;
//! # Ok(())
//! # }
//! ```

mod builder;
mod checks;
mod describe;
mod dispatch;
mod layer;
mod open;
mod receiver;
mod secrets;
mod tasks;
mod upkeep;
mod workers;

use std::{fmt, sync::Arc};

use futures_core::Stream;
use serde::{Serialize, de::DeserializeOwned};

pub use builder::{AppBuilder, Open, Sealed};
pub use describe::{Description, EventLine, MessageLine, ProjectionLine, SubscriptionLine};
pub use dispatch::Dispatch;
pub use layer::{IntoPeriod, Layer, Timeout};

use crate::{
    aggregate::{Aggregate, EventSourced, Root},
    bus::AnyBroker,
    clock::Clock,
    command::{Command, Handled},
    envelope::StreamId,
    error::{Error, SendError},
    event::Event,
    history::{self, History},
    id::MessageId,
    mediator::{Executed, Mediator, RemoteSubscription, Request},
    projection::{AnyProjection, Follower},
    query::Query,
    repository::{Audit, Db},
    store::{AnyStore, Counts, ReadModel, Rows, Until},
    tenant::TenantId,
    unit_of_work::Answer,
};

/// An application. Clones share it.
#[derive(Clone)]
pub struct App(Arc<Parts>);

struct Parts {
    mediator: Arc<Mediator>,
    broker: Option<AnyBroker>,
    remote: Vec<RemoteSubscription>,
    projections: Vec<AnyProjection>,
    followers: Vec<Follower>,
    relayed: Arc<workers::Hints>,
    tasks: tasks::Tasks,
    description: Description,
}

impl App {
    /// Begins an application.
    pub fn builder() -> AppBuilder<(), Open> {
        AppBuilder::new()
    }

    /// Carries out a command, on behalf of nobody in particular.
    ///
    /// # Errors
    /// The domain's no as [`SendError::Rejected`]; everything else as [`SendError::Runtime`].
    ///
    /// # Cancel safety
    /// Dropping the future before the commit was sent writes nothing; later, the commit goes to its end.
    pub fn send<C>(
        &self,
        command: C,
    ) -> impl Future<Output = Result<<C as Handled>::Output, SendError<<C as Handled>::Error>>> + Send + use<'_, C>
    where
        C: Command + Handled,
    {
        self.0.mediator.send(command, Request::new())
    }

    /// Carries out a command and tells what it led to.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn run<C>(&self, command: C) -> Result<Executed<C>, SendError<<C as Handled>::Error>>
    where
        C: Command + Handled,
    {
        self.0.mediator.run(command, Request::new()).await
    }

    /// Takes back what a run did, once; its id is [`Executed::id`].
    ///
    /// # Errors
    /// `command/not_found`, `command/nothing_to_undo`, `command/already_undone`, `command/undo_rejected`.
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn undo(&self, run: MessageId) -> Result<(), Error> {
        self.0.mediator.undo(run, Request::new()).await
    }

    /// Answers a query.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn query<Q>(&self, query: Q) -> Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>
    where
        Q: Query + Handled,
    {
        self.0.mediator.query(query, Request::new()).await
    }

    /// Answers a query item by item. Nothing runs before the first poll; an error is the last item. The query's own checks
    /// come first; behaviours stand around commands and queries with one answer, not around streams.
    pub fn stream<Q>(
        &self,
        query: Q,
    ) -> impl Stream<Item = Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>> + Send + use<Q>
    where
        Q: Query + Handled,
    {
        self.0.mediator.stream(query, Request::new())
    }

    /// Sends and asks on behalf of somebody: see [`Request`].
    #[must_use]
    pub fn dispatch(&self, request: Request) -> Dispatch<'_> {
        Dispatch::new(&self.0.mediator, request)
    }

    /// Publishes an event in a transaction of its own.
    ///
    /// # Errors
    /// What the store answers; then nothing was published.
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn publish<E: Event>(&self, event: E) -> Result<(), Error> {
        let mut unit = self.0.mediator.units().begin(crate::envelope::Metadata::default());
        unit.publish(event);
        unit.commit().await.map(drop)
    }

    /// Loads an aggregate.
    ///
    /// # Errors
    /// `aggregate/not_found` if it has no events; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn load<A: Aggregate>(&self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        crate::mediator::existing(self.0.mediator.units().load_stored::<A>(None, id.into()).await?)
    }

    /// Loads an aggregate as it was at a [`Version`](crate::Version) or a [`Timestamp`](crate::Timestamp); see
    /// [`history`].
    ///
    /// # Errors
    /// [`BeyondHead`](crate::history::BeyondHead), code `history/beyond_head`; `aggregate/not_found` if it had no events
    /// then; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub fn load_at<A: EventSourced>(&self, id: impl Into<A::Id>, at: impl Into<Until>) -> Answer<'_, Root<A>> {
        Box::pin(history::load_at(self.0.mediator.units(), None, id.into(), at.into()))
    }

    /// What happened to an aggregate, event by event.
    ///
    /// # Errors
    /// `store/stream_id` if the id makes no stream.
    pub fn history<A: EventSourced + Serialize>(&self, id: impl Into<A::Id>) -> Result<History<A>, Error> {
        History::new(self.0.mediator.units(), None, id.into())
    }

    /// The events of a stream as text: a line `seq=1 type=account.opened` for each. A stream without events is empty.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn replay_log(&self, stream: &StreamId) -> Result<String, Error> {
        history::replay_log(self.store(), None, stream).await
    }

    /// The rows of a read model.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, model: ReadModel<T>) -> Rows<T> {
        self.read_of(None, model)
    }

    /// The rows of a read model that belong to a tenant.
    #[must_use]
    pub fn read_of<T: DeserializeOwned>(&self, tenant: Option<TenantId>, model: ReadModel<T>) -> Rows<T> {
        Rows::new(self.store().clone(), tenant, model)
    }

    /// What was done: the commands with `audit` that ran, and the transitions of entities, of all tenants.
    #[must_use]
    pub fn audit(&self) -> Audit {
        Audit::of_all(self.store().clone(), self.0.mediator.units().db().cloned())
    }

    /// How much lies in the store.
    ///
    /// # Errors
    /// What the store answers.
    pub async fn counts(&self) -> Result<Counts, Error> {
        self.store().counts().await
    }

    /// What is wired, as text (`to_string()`) or JSON (`to_json()`).
    #[must_use]
    pub fn describe(&self) -> &Description {
        &self.0.description
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &AnyStore {
        self.0.mediator.units().store()
    }

    /// The entities of the store, which are written in its transactions; nothing if it keeps none. What is published in a unit
    /// of work that begins here goes the way of this application's events.
    #[must_use]
    pub fn db(&self) -> Option<Db> {
        let units = self.0.mediator.units();
        units.db().map(|db| db.clone().with_units(units.clone()))
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        self.0.mediator.units().clock()
    }

    /// The mediator, for transports of one's own.
    #[must_use]
    pub fn mediator(&self) -> &Arc<Mediator> {
        &self.0.mediator
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "App({} messages)", self.0.description.messages.len())
    }
}
