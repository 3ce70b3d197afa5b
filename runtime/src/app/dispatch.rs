//! The application together with who asks.

use std::sync::Arc;

use futures_core::Stream;
use serde::Serialize;

use super::secrets;
use crate::{
    aggregate::{Aggregate, EventSourced, Root},
    command::{Command, Handled},
    envelope::StreamId,
    error::{Error, SendError},
    history::{self, History},
    id::MessageId,
    mediator::{Executed, Mediator, Request},
    query::Query,
    store::Until,
    unit_of_work::Answer,
};

/// Sends and asks on behalf of a tenant, an actor, a conversation: [`App::dispatch`](super::App::dispatch).
#[derive(Debug, Clone)]
pub struct Dispatch<'a> {
    mediator: &'a Arc<Mediator>,
    request: Request,
}

impl<'a> Dispatch<'a> {
    pub(super) fn new(mediator: &'a Arc<Mediator>, request: Request) -> Self {
        Self { mediator, request }
    }

    /// Carries out a command.
    ///
    /// # Errors
    /// As [`App::send`](super::App::send).
    ///
    /// # Cancel safety
    /// As [`App::send`](super::App::send).
    pub async fn send<C>(&self, command: C) -> Result<<C as Handled>::Output, SendError<<C as Handled>::Error>>
    where
        C: Command + Handled,
    {
        self.mediator.send(command, self.request.clone()).await
    }

    /// Carries out a command and tells what it led to.
    ///
    /// # Errors
    /// As [`App::send`](super::App::send).
    ///
    /// # Cancel safety
    /// As [`App::send`](super::App::send).
    pub async fn run<C>(&self, command: C) -> Result<Executed<C>, SendError<<C as Handled>::Error>>
    where
        C: Command + Handled,
    {
        self.mediator.run(command, self.request.clone()).await
    }

    /// Takes back what a run did, once.
    ///
    /// # Errors
    /// As [`App::undo`](super::App::undo).
    ///
    /// # Cancel safety
    /// As [`App::send`](super::App::send).
    pub async fn undo(&self, run: MessageId) -> Result<(), Error> {
        self.mediator.undo(run, self.request.clone()).await
    }

    /// Answers a query.
    ///
    /// # Errors
    /// As [`App::query`](super::App::query).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn query<Q>(&self, query: Q) -> Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>
    where
        Q: Query + Handled,
    {
        self.mediator.query(query, self.request.clone()).await
    }

    /// Answers a query item by item.
    pub fn stream<Q>(
        &self,
        query: Q,
    ) -> impl Stream<Item = Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>> + Send + use<Q>
    where
        Q: Query + Handled,
    {
        self.mediator.stream(query, self.request.clone())
    }

    /// Loads an aggregate of the tenant.
    ///
    /// # Errors
    /// As [`App::load`](super::App::load).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn load<A: Aggregate>(&self, id: impl Into<A::Id>) -> Result<Root<A>, Error> {
        let tenant = self.request.tenant_id().cloned();
        crate::mediator::existing(self.mediator.units().load_stored::<A>(tenant, id.into()).await?)
    }

    /// Loads an aggregate of the tenant as it was at a [`Version`](crate::Version) or a [`Timestamp`](crate::Timestamp).
    ///
    /// # Errors
    /// As [`App::load_at`](super::App::load_at).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub fn load_at<A: EventSourced>(&self, id: impl Into<A::Id>, at: impl Into<Until>) -> Answer<'_, Root<A>> {
        Box::pin(history::load_at(self.mediator.units(), self.request.tenant_id().cloned(), id.into(), at.into()))
    }

    /// What happened to an aggregate of the tenant, event by event.
    ///
    /// # Errors
    /// As [`App::history`](super::App::history).
    pub fn history<A: EventSourced + Serialize>(&self, id: impl Into<A::Id>) -> Result<History<A>, Error> {
        History::new(self.mediator.units(), self.request.tenant_id().cloned(), id.into())
    }

    /// Forgets a subject of the tenant for ever.
    ///
    /// # Errors
    /// As [`App::forget`](super::App::forget).
    ///
    /// # Cancel safety
    /// As [`App::forget`](super::App::forget).
    pub async fn forget(&self, subject: impl Into<String>) -> Result<(), Error> {
        secrets::forget(self.mediator.units(), self.request.tenant_id().cloned(), subject.into()).await
    }

    /// Wraps the keys of the tenant's subjects by the newest master key.
    ///
    /// # Errors
    /// As [`App::rewrap`](super::App::rewrap).
    ///
    /// # Cancel safety
    /// As [`App::rewrap`](super::App::rewrap).
    pub async fn rewrap(&self) -> Result<u64, Error> {
        secrets::rewrap(self.mediator.units(), self.request.tenant_id().cloned()).await
    }

    /// The events of a stream of the tenant as text.
    ///
    /// # Errors
    /// As [`App::replay_log`](super::App::replay_log).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn replay_log(&self, stream: &StreamId) -> Result<String, Error> {
        history::replay_log(self.mediator.units().store(), self.request.tenant_id().cloned(), stream).await
    }
}
