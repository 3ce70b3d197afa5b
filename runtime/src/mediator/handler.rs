//! Who handles what: the traits that `#[service]` and `#[command]` write, and the registrars they speak to.

use std::future::Future;

use futures_core::Stream;
use serde::{Serialize, de::DeserializeOwned};

use super::Context;
use crate::{
    aggregate::{Aggregate, Decide},
    command::{Command, Handled, Targeted},
    envelope::{EventKind, Recorded},
    error::BoxError,
    event::{AnyEvent, Event},
    query::Query,
};

/// An application service: `#[service]` on its `impl` writes this. Its fields are its dependencies.
#[diagnostic::on_unimplemented(message = "`{Self}` is not a service", label = "needs `#[service]` on its `impl`")]
pub trait Service: Sized + Send + Sync + 'static {
    /// Its name in traces and in the names of its subscriptions.
    const NAME: &'static str;

    /// Names every message and event it handles.
    fn register<R: ServiceRegistrar<Self>>(registrar: &mut R);
}

/// Takes down what a service handles.
pub trait ServiceRegistrar<S: Service> {
    /// A command.
    fn command<C>(&mut self)
    where
        C: Command + Handled<Home = S>,
        S: HandleCommand<C>;

    /// A query.
    fn query<Q>(&mut self)
    where
        Q: Query + Handled<Home = S>,
        S: HandleQuery<Q>;

    /// A query answered by a stream.
    fn stream<Q>(&mut self)
    where
        Q: Query + Handled<Home = S>,
        S: HandleStream<Q>;

    /// A subscriber to one type of event.
    fn subscriber<T: Subscriber<Service = S>>(&mut self);

    /// A subscriber to a pattern of event names.
    fn pattern_subscriber<T: PatternSubscriber<Service = S>>(&mut self);
}

/// Handles one command in a service: `#[handle]` on a method that takes a command.
pub trait HandleCommand<C: Command + Handled<Home = Self>>: Service {
    /// Runs inside the command's unit of work; what it stages is written if it returns `Ok`.
    fn handle(
        &self,
        command: C,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<<C as Handled>::Output, <C as Handled>::Error>> + Send;
}

/// Handles one query in a service: `#[handle]` on a method that takes a query.
pub trait HandleQuery<Q: Query + Handled<Home = Self>>: Service {
    /// Reads; a `&Context` can stage nothing.
    fn handle(
        &self,
        query: Q,
        cx: &Context<'_>,
    ) -> impl Future<Output = Result<<Q as Handled>::Output, <Q as Handled>::Error>> + Send;
}

/// Answers one query with a stream: `#[handle(stream)]`. [`Handled::Output`] is the type of one item.
pub trait HandleStream<Q: Query + Handled<Home = Self>>: Service {
    /// Nothing runs before the first poll. The stream may borrow the service and the context.
    fn handle<'a>(
        &'a self,
        query: Q,
        cx: &'a Context<'_>,
    ) -> impl Stream<Item = Result<<Q as Handled>::Output, <Q as Handled>::Error>> + Send + 'a;
}

/// A method that receives one type of event: `#[subscribe]`.
pub trait Subscriber: Send + Sync + 'static {
    /// The service it belongs to.
    type Service: Service;
    /// What it receives.
    type Event: Event;
    /// `{service}.{method}` unless `#[subscribe(name = "…")]` says otherwise; the consumer of inbox and broker.
    const NAME: &'static str;
    /// Where the events come from.
    const SOURCE: Source;

    /// Takes one event. For [`Source::Broker`] its writes and the inbox mark are one transaction.
    fn receive(
        service: &Self::Service,
        event: &Recorded<Self::Event>,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// A method that receives every event whose name matches a pattern: `#[subscribe("order.*")]`.
pub trait PatternSubscriber: Send + Sync + 'static {
    /// The service it belongs to.
    type Service: Service;
    /// As [`Subscriber::NAME`].
    const NAME: &'static str;
    /// `*` any characters, `?` one, `[ab]` and `[!ab]` a class.
    const PATTERN: &'static str;

    /// Takes one event, still encoded, after the commit of the command that published it.
    fn receive(
        service: &Self::Service,
        event: &AnyEvent,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// Where a subscriber's events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Source {
    /// This process, after the commit, at most once, for at most 5 s: the sender of the command waits for it.
    Process,
    /// The broker, at least once, behind the inbox: the effect is once.
    Broker,
}

impl Source {
    /// Where the events of `E` come from when nothing is said: a remote kind from the broker, a domain event from here.
    #[must_use]
    pub const fn of<E: Event>() -> Self {
        match E::SPECS {
            [first, ..] if first.kind.is_remote() => Self::Broker,
            _ => Self::Process,
        }
    }

    /// Whether an event of this kind reaches a subscriber with this source.
    #[must_use]
    pub const fn carries(self, kind: EventKind) -> bool {
        match self {
            Self::Process => !kind.is_remote(),
            Self::Broker => true,
        }
    }
}

/// An aggregate that names every command it handles; `#[aggregate]` writes it beside [`Aggregate`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an aggregate",
    label = "needs `#[aggregate(name = …, id = …, event = …, error = …)]` on its `impl`"
)]
pub trait AggregateHome: Aggregate {
    /// Names every command.
    fn register<R: AggregateRegistrar<Self>>(registrar: &mut R);
}

/// Takes down what an aggregate handles.
pub trait AggregateRegistrar<A: Aggregate> {
    /// A command.
    fn decides<C>(&mut self)
    where
        C: Command + Targeted<Id = A::Id> + Handled<Home = A, Error = A::Error, Output = ()>,
        A: Decide<C>;
}

/// A command that carries out itself: `#[command]` with `#[execute]`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not carry out itself",
    label = "needs `#[command(name = \"…\")]` on its `impl`, with an `#[execute]` method",
    note = "a command that an aggregate or a service handles is registered with that: `.aggregate::<A>()`, `.service(…)`"
)]
pub trait Operation: Command + Handled<Home = Self> {
    /// Says whether it can be undone.
    fn register<R: OperationRegistrar<Self>>(registrar: &mut R);

    /// Runs inside the command's unit of work; what it stages is written if it returns `Ok`.
    fn execute(
        &self,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<Self::Output, <Self as Handled>::Error>> + Send;
}

/// Takes down an operation.
pub trait OperationRegistrar<C: Operation> {
    /// One that cannot be undone.
    fn plain(&mut self);

    /// One that can.
    fn undoable(&mut self)
    where
        C: Undoable,
        <C as Handled>::Output: Serialize + DeserializeOwned + Sync;
}

/// An operation that can be taken back: `#[undo]`. Command and output are kept in its audit row.
pub trait Undoable: Operation + Serialize + DeserializeOwned {
    /// Takes back what `execute` did and answered.
    fn undo(
        &self,
        done: &<Self as Handled>::Output,
        cx: &mut Context<'_>,
    ) -> impl Future<Output = Result<(), <Self as Handled>::Error>> + Send;
}
