//! What a handler holds in its hand: the unit of work of this dispatch, and the request it answers.

use std::{
    fmt,
    sync::{LazyLock, OnceLock},
};

use serde::{Serialize, de::DeserializeOwned};

use super::{Executed, Mediator, MessageInfo, Request};
use crate::{
    actor::Actor,
    aggregate::{Aggregate, EventSourced, Root},
    command::Handled,
    envelope::Metadata,
    error::{Error, ErrorKind},
    event::Event,
    history,
    id::MessageId,
    store::{ReadModel, Rows, Until},
    tenant::TenantId,
    timestamp::Timestamp,
    unit_of_work::{Answer, Finished, UnitOfWork},
};

/// The unit of work of one dispatch, and its request.
///
/// It borrows the application. A method with a mark of ours writes `cx: &mut Context`; an `async fn` of your own, to which a
/// handler hands it on, writes `cx: &mut Context<'_>`.
pub struct Context<'a> {
    mediator: &'a Mediator,
    /// Made when something is first staged or loaded: a dispatch that writes nothing has no unit, and no commit.
    pub(super) unit: Option<Box<UnitOfWork>>,
    info: &'a MessageInfo,
    request: Request,
    id: OnceLock<MessageId>,
    finished: Option<Finished>,
    pub(super) nested: u8,
    begun: bool,
}

impl<'a> Context<'a> {
    pub(super) fn new(mediator: &'a Mediator, info: &'a MessageInfo, request: Request) -> Self {
        Self { mediator, unit: None, info, request, id: OnceLock::new(), finished: None, nested: 0, begun: false }
    }

    pub(super) fn filled(&mut self) -> &mut UnitOfWork {
        self.unit.get_or_insert_with(|| Box::new(self.mediator.units().begin(self.request.metadata().clone())))
    }

    /// Loads an aggregate, as this unit of work has left it.
    ///
    /// # Errors
    /// `aggregate/not_found` if it has no events; what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn load<A: Aggregate>(&mut self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        existing(self.filled().load::<A>(id).await?)
    }

    /// Loads an aggregate as it was at a [`Version`](crate::Version) or a [`Timestamp`](crate::Timestamp), to look at. What
    /// is raised on one that is not at its head makes the commit a conflict.
    ///
    /// # Errors
    /// As [`App::load_at`](crate::App::load_at).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub fn load_at<A: EventSourced>(&self, id: impl Into<A::Id>, at: impl Into<Until>) -> Answer<'_, Root<A>> {
        Box::pin(history::load_at(self.mediator.units(), self.tenant().cloned(), id.into(), at.into()))
    }

    /// Loads an aggregate that may have no events yet.
    ///
    /// # Errors
    /// What the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn load_or_new<A: Aggregate>(&mut self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        self.filled().load::<A>(id).await
    }

    /// Stages the pending events of an aggregate.
    ///
    /// # Errors
    /// `message/unencodable` if an event's `Serialize` refuses.
    pub fn save<A: Aggregate>(&mut self, root: &mut Root<A>) -> Result<(), Error> {
        self.unit().save(root)
    }

    /// Publishes an event if the command commits: a domain event in process, any other through the outbox.
    pub fn publish<E: Event>(&mut self, event: E) {
        self.unit().publish(event);
    }

    /// Changes a row of a read model in this transaction; see [`Transaction::update`](crate::Transaction::update).
    pub fn update<T>(
        &mut self,
        model: ReadModel<T>,
        key: impl Into<String>,
        change: impl Fn(&mut T) + Send + Sync + 'static,
    ) where
        T: Default + Serialize + DeserializeOwned,
    {
        self.filled().transaction().update(model, key, change);
    }

    /// Writes a row of a read model in this transaction.
    ///
    /// # Errors
    /// `message/unencodable` if `Serialize` refuses.
    pub fn put<T: Serialize>(&mut self, model: ReadModel<T>, key: impl Into<String>, row: &T) -> Result<(), Error> {
        self.filled().transaction().put(model, key, row)
    }

    /// Deletes a row of a read model in this transaction.
    pub fn delete<T>(&mut self, model: ReadModel<T>, key: impl Into<String>) {
        self.filled().transaction().delete(model, key);
    }

    /// Reads a row and holds the commit to it: if another writer changes the row first, the commit is a conflict.
    ///
    /// # Errors
    /// As [`Transaction::get`](crate::Transaction::get).
    ///
    /// # Cancel safety
    /// Dropping the future stages nothing.
    pub async fn get<T: DeserializeOwned>(&mut self, model: ReadModel<T>, key: &str) -> Result<Option<T>, Error> {
        self.filled().transaction().get(model, key).await
    }

    /// The committed rows of a read model, for queries.
    pub fn read<T: DeserializeOwned>(&self, model: ReadModel<T>) -> Rows<T> {
        Rows::new(self.mediator.units().store().clone(), self.request.metadata().tenant.clone(), model)
    }

    /// Runs `hook` after the commit. A crash between the two loses it.
    pub fn after_commit(&mut self, hook: impl FnOnce() + Send + Sync + 'static) {
        self.filled().after_commit(hook);
    }

    /// The time, by the application's clock.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.mediator.units().clock().now()
    }

    /// The application's clock, for new ids.
    #[must_use]
    pub fn clock(&self) -> &crate::clock::Clock {
        self.mediator.units().clock()
    }

    /// Who asked.
    #[must_use]
    pub fn actor(&self) -> Actor {
        self.who().clone()
    }

    /// As [`actor`](Self::actor), borrowed.
    pub(super) fn who(&self) -> &Actor {
        static NOBODY: LazyLock<Actor> = LazyLock::new(Actor::nobody);
        self.request.metadata().actor.as_ref().unwrap_or_else(|| &NOBODY)
    }

    /// For whom.
    #[must_use]
    pub fn tenant(&self) -> Option<&TenantId> {
        self.request.metadata().tenant.as_ref()
    }

    /// The conversation: inherited, or the id of this message.
    #[must_use]
    pub fn correlation_id(&self) -> MessageId {
        self.request.metadata().correlation.unwrap_or_else(|| self.message_id())
    }

    /// The message that caused this one.
    #[must_use]
    pub fn causation_id(&self) -> Option<MessageId> {
        self.request.metadata().causation
    }

    /// The id of this message.
    #[must_use]
    pub fn message_id(&self) -> MessageId {
        *self.id.get_or_init(|| self.mediator.units().clock().message_id())
    }

    /// The message's name and kind.
    #[must_use]
    pub fn message(&self) -> &MessageInfo {
        self.info
    }

    /// The unit of work itself, for machinery of one's own.
    pub fn unit(&mut self) -> &mut UnitOfWork {
        self.stamp();
        self.filled()
    }

    pub(super) fn mediator(&self) -> &'a Mediator {
        self.mediator
    }

    /// Goes on with a unit of work that others have filled.
    pub(super) fn with_unit(mediator: &'a Mediator, info: &'a MessageInfo, request: Request, unit: UnitOfWork) -> Self {
        Self { unit: Some(Box::new(unit)), ..Self::new(mediator, info, request) }
    }

    /// The context of a subscriber: its message is the event it receives.
    pub(super) fn handling(mut self, message: MessageId) -> Self {
        self.id = OnceLock::from(message);
        self
    }

    /// Gives the unit of work back.
    pub(super) fn into_unit(self) -> UnitOfWork {
        match self.unit {
            Some(unit) => *unit,
            None => self.mediator.units().begin(self.request.metadata().clone()),
        }
    }

    pub(super) fn request_metadata(&self) -> &Metadata {
        self.request.metadata()
    }

    /// Says that an attempt begins. What an earlier one has staged and not committed is gone, also if its future was dropped.
    pub(super) fn begin_attempt(&mut self) {
        if self.begun {
            self.unit = None;
        }
        self.begun = true;
    }

    /// An attempt has failed: others need not wait for its transaction until the whole run is over, and this run is not to wait for
    /// itself.
    pub(super) fn give_up(&mut self) -> Option<impl Future<Output = ()> + use<>> {
        let unit = self.unit.take_if(|unit| unit.holds())?;
        Some(Box::pin(async move {
            if let Err(failed) = unit.rollback().await {
                tracing::debug!(%failed, "a rollback was answered by an error; the transaction is gone all the same");
            }
        }))
    }

    /// The id is taken by a run that is over: whoever runs the message again does so under a new one.
    pub(super) fn renew_id(&mut self) {
        self.id = OnceLock::new();
    }

    /// Commits and keeps what the commit told.
    pub(super) async fn commit(&mut self) -> Result<(), Error> {
        if let Some(unit) = self.unit.take() {
            // Boxed, so that a dispatch without a commit does not carry the room for one.
            self.finished = Some(Box::pin(unit.commit()).await?);
        }
        Ok(())
    }

    /// What the handler stages belongs to this message's conversation and was caused by this message.
    pub(super) fn stamp(&mut self) {
        let id = self.message_id();
        self.filled().caused_by(id);
    }

    pub(super) fn executed<C: Handled>(&mut self, output: C::Output) -> Executed<C> {
        let finished = self.finished.take().unwrap_or_default();
        Executed {
            id: self.message_id(),
            output,
            position: finished.committed.position(),
            dispatch_errors: finished.dispatch_errors,
        }
    }
}

pub(crate) fn existing<A: Aggregate>(root: Root<A>) -> Result<Root<A>, Error> {
    if root.version() > crate::version::Version::NONE {
        return Ok(root);
    }
    let message = "there is no such aggregate; create it first";
    Err(Error::new(ErrorKind::NotFound, "aggregate/not_found", message)
        .with("aggregate", A::NAME)
        .with("id", root.id()))
}

impl fmt::Debug for Context<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").field("message", &self.info.name).field("unit", &self.unit).finish_non_exhaustive()
    }
}
