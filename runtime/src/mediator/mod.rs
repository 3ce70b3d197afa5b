//! The mediator: finds the one handler of a message and leads the message to it through the behaviours.
//!
//! One dispatch is one look-up by type, one boxed future, one [`Context`], one transaction. Behaviours are composed
//! statically when a message is registered; see [`Behaviour`]. The mediator has no broker: handlers stage, the unit of work
//! commits, the relay publishes.

mod behaviour;
mod context;
mod entities;
mod handler;
mod request;
mod scope;
mod subscribers;
mod way;
mod wiring;

use std::{
    any::{Any, TypeId, type_name},
    collections::HashMap,
    fmt,
    future::ready,
    sync::Arc,
    time::Duration,
};

use futures_core::Stream;

pub use behaviour::{Behaviour, Behaviours, MessageInfo, MessageKind, Next};
pub use context::Context;
pub(crate) use context::existing;
pub use handler::{
    AggregateHome, AggregateRegistrar, HandleCommand, HandleQuery, HandleStream, Operation, OperationRegistrar,
    PatternSubscriber, Service, ServiceRegistrar, Source, Subscriber, Undoable,
};
pub use request::{Executed, Request};
pub use subscribers::{LocalSubscription, RemoteSubscription, Wants};
pub use wiring::{EventTable, Message, Wiring};

pub use crate::unit_of_work::AsyncFunc;

use way::{ByTypeId, CommandSlot, KeyedLocks, QuerySlot, Undo};

use crate::{
    command::{Command, Handled},
    error::{Error, ErrorKind, SendError},
    id::MessageId,
    query::Query,
    unit_of_work::Units,
};

type Slots = HashMap<TypeId, Box<dyn Any + Send + Sync>, ByTypeId>;

/// Everything that can be sent, asked or undone; made by [`Wiring`], frozen at `build()`.
pub struct Mediator {
    units: Units,
    timeout: Option<Duration>,
    slots: Slots,
    undoers: HashMap<&'static str, Box<dyn Undo>>,
    retries: KeyedLocks,
}

impl Mediator {
    /// Carries out a command.
    ///
    /// # Errors
    /// The domain's no as [`SendError::Rejected`]; everything else as [`SendError::Runtime`]: `mediator/no_handler`,
    /// `mediator/timeout`, `mediator/denied`, `mediator/panic`, and what the store answers.
    ///
    /// # Cancel safety
    /// Dropping the future before the commit was sent writes nothing; later, the commit goes to its end.
    pub fn send<C>(
        &self,
        command: C,
        request: Request,
    ) -> impl Future<Output = Result<<C as Handled>::Output, SendError<<C as Handled>::Error>>> + Send + use<'_, C>
    where
        C: Command + Handled,
    {
        match self.command_slot::<C>() {
            Ok(slot) => slot.send(self, command, request),
            Err(error) => Box::pin(ready(Err(error.into()))),
        }
    }

    /// Carries out a command and tells what it led to.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn run<C>(&self, command: C, request: Request) -> Result<Executed<C>, SendError<<C as Handled>::Error>>
    where
        C: Command + Handled,
    {
        self.command_slot::<C>()?.run(self, command, request).await
    }

    /// Answers a query. There is no transaction, and nothing can be staged.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    ///
    /// # Cancel safety
    /// Dropping the future does nothing.
    pub async fn query<Q>(
        &self,
        query: Q,
        request: Request,
    ) -> Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>
    where
        Q: Query + Handled,
    {
        let slot = self.slot::<QuerySlot<Q>, Q>()?;
        slot.ask(self, query, request).await
    }

    /// Answers a query item by item. Nothing runs before the first poll; an error is the last item. The query's own checks
    /// come first; behaviours stand around commands and queries with one answer, not around streams.
    pub fn stream<Q>(
        self: &Arc<Self>,
        query: Q,
        request: Request,
    ) -> impl Stream<Item = Result<<Q as Handled>::Output, SendError<<Q as Handled>::Error>>> + Send + use<Q>
    where
        Q: Query + Handled,
    {
        way::start_stream(Arc::clone(self), query, request)
    }

    /// Takes back what a run of a command did.
    ///
    /// # Errors
    /// `command/not_found`, `command/nothing_to_undo`, `command/already_undone`, `mediator/denied`, and what `#[undo]`
    /// answers as `command/undo_rejected`.
    ///
    /// # Cancel safety
    /// As [`send`](Self::send).
    pub async fn undo(&self, run: MessageId, request: Request) -> Result<(), Error> {
        way::undo(self, run, request).await
    }

    fn command_slot<C: Command + Handled>(&self) -> Result<&CommandSlot<C>, Error> {
        self.slot::<CommandSlot<C>, C>()
    }

    fn slot<S: 'static, M: Handled>(&self) -> Result<&S, Error> {
        let slot = self.slots.get(&TypeId::of::<M>()).and_then(|slot| slot.downcast_ref());
        slot.ok_or_else(|| {
            let message = format!("add `{}` to `App::builder()`", M::REGISTER);
            Error::new(ErrorKind::Config, "mediator/no_handler", message).with("message", type_name::<M>())
        })
    }

    /// What makes units of work.
    #[must_use]
    pub fn units(&self) -> &Units {
        &self.units
    }
}

impl fmt::Debug for Mediator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mediator").field("messages", &self.slots.len()).finish_non_exhaustive()
    }
}
