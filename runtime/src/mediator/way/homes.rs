//! The homes of messages: how an aggregate, a service and an operation each take one.

use std::{future::Future, marker::PhantomData, sync::Arc};

use crate::mediator::{Context, HandleCommand, HandleQuery, Operation, Service, behaviour::Answer};
use crate::{
    aggregate::{Aggregate, Decide},
    command::{Command, Handled, Targeted},
    error::{Error, SendError},
    query::Query,
};

/// Takes one type of command.
pub(in crate::mediator) trait Handle<C: Command + Handled>: Send + Sync + 'static {
    /// How often a lost race is tried, unless the command says otherwise.
    const ATTEMPTS: u32;

    /// What it answers instead of an output: the domain's no, or also a failure of ours.
    type Failure: Send;

    /// The user's own future, with as little as possible around it.
    fn handle(&self, command: C, cx: &mut Context<'_>)
    -> impl Future<Output = Result<C::Output, Self::Failure>> + Send;

    fn failed(failure: Self::Failure) -> SendError<C::Error>;

    /// Whether a run can be undone.
    fn remembers(&self) -> bool {
        false
    }

    /// What `undo` will need.
    fn remember(&self, _command: &C, _output: &C::Output) -> Result<Option<(String, String)>, Error> {
        Ok(None)
    }
}

/// Takes one type of query.
pub(in crate::mediator) trait Ask<Q: Query + Handled>: Send + Sync + 'static {
    fn ask(&self, query: Q, cx: &Context<'_>) -> impl Future<Output = Answer<Q>> + Send;
}

/// Load, decide, save.
pub(in crate::mediator) struct AggregateHandler<A>(pub(in crate::mediator) PhantomData<fn() -> A>);

impl<A, C> Handle<C> for AggregateHandler<A>
where
    A: Decide<C>,
    C: Command + Targeted<Id = A::Id> + Handled<Home = A, Error = <A as Aggregate>::Error, Output = ()>,
{
    const ATTEMPTS: u32 = 5;

    type Failure = SendError<C::Error>;

    async fn handle(&self, command: C, cx: &mut Context<'_>) -> Answer<C> {
        let mut root = cx.load_or_new::<A>(command.target_id().clone()).await?;
        root.decide(command)?;
        cx.save(&mut root)?;
        Ok(())
    }

    fn failed(failure: SendError<C::Error>) -> SendError<C::Error> {
        failure
    }
}

/// A method of a service.
pub(in crate::mediator) struct ServiceHandler<S>(pub(in crate::mediator) Arc<S>);

impl<S, C> Handle<C> for ServiceHandler<S>
where
    S: HandleCommand<C>,
    C: Command + Handled<Home = S>,
{
    const ATTEMPTS: u32 = 1;

    type Failure = C::Error;

    fn handle(&self, command: C, cx: &mut Context<'_>) -> impl Future<Output = Result<C::Output, C::Error>> + Send {
        self.0.handle(command, cx)
    }

    fn failed(rejection: C::Error) -> SendError<C::Error> {
        SendError::Rejected(rejection)
    }
}

impl<S, Q> Ask<Q> for ServiceHandler<S>
where
    S: Service + HandleQuery<Q>,
    Q: Query + Handled<Home = S>,
{
    async fn ask(&self, query: Q, cx: &Context<'_>) -> Answer<Q> {
        self.0.handle(query, cx).await.map_err(SendError::Rejected)
    }
}

/// What [`Handle::remember`] does for an operation that can be undone.
pub(in crate::mediator) type Remember<C> = fn(&C, &<C as Handled>::Output) -> Result<(String, String), Error>;

/// A command that carries out itself.
pub(in crate::mediator) struct OperationHandler<C: Handled> {
    /// Writes what `undo` will need; `None` if it cannot be undone.
    pub(in crate::mediator) remember: Option<Remember<C>>,
}

impl<C: Operation> Handle<C> for OperationHandler<C> {
    const ATTEMPTS: u32 = 1;

    type Failure = <C as Handled>::Error;

    async fn handle(&self, command: C, cx: &mut Context<'_>) -> Result<C::Output, <C as Handled>::Error> {
        command.execute(cx).await
    }

    fn failed(rejection: <C as Handled>::Error) -> SendError<<C as Handled>::Error> {
        SendError::Rejected(rejection)
    }

    fn remembers(&self) -> bool {
        self.remember.is_some()
    }

    fn remember(&self, command: &C, output: &C::Output) -> Result<Option<(String, String)>, Error> {
        self.remember.map(|remember| remember(command, output)).transpose()
    }
}
