//! The homes of messages: how an aggregate, a service and an operation each take one.

use std::{future::Future, marker::PhantomData, sync::Arc};

use super::{
    Context, HandleCommand, HandleQuery, Operation, Service,
    behaviour::Answer,
    undo,
};
use crate::{
    aggregate::{Aggregate, Decide},
    command::{Command, Handled, Targeted},
    error::SendError,
    query::Query,
};

/// Takes one type of command.
pub(super) trait Handle<C: Command + Handled>: Send + Sync + 'static {
    /// How often a lost race is tried, unless the command says otherwise.
    const ATTEMPTS: u32;

    fn handle(&self, command: C, cx: &mut Context) -> impl Future<Output = Answer<C>> + Send;
}

/// Takes one type of query.
pub(super) trait Ask<Q: Query + Handled>: Send + Sync + 'static {
    fn ask(&self, query: Q, cx: &Context) -> impl Future<Output = Answer<Q>> + Send;
}

/// Load, decide, save.
pub(super) struct AggregateHandler<A>(pub(super) PhantomData<fn() -> A>);

impl<A, C> Handle<C> for AggregateHandler<A>
where
    A: Decide<C>,
    C: Command + Targeted<Id = A::Id> + Handled<Home = A, Error = <A as Aggregate>::Error, Output = ()>,
{
    const ATTEMPTS: u32 = 5;

    async fn handle(&self, command: C, cx: &mut Context) -> Answer<C> {
        let mut root = cx.load_or_new::<A>(command.target_id().clone()).await?;
        root.decide(command)?;
        cx.save(&mut root)?;
        undo::stage_success::<C>(cx, &())?;
        Ok(())
    }
}

/// A method of a service.
pub(super) struct ServiceHandler<S>(pub(super) Arc<S>);

impl<S, C> Handle<C> for ServiceHandler<S>
where
    S: HandleCommand<C>,
    C: Command + Handled<Home = S>,
{
    const ATTEMPTS: u32 = 1;

    async fn handle(&self, command: C, cx: &mut Context) -> Answer<C> {
        let output = self.0.handle(command, cx).await.map_err(SendError::Rejected)?;
        undo::stage_success::<C>(cx, &output)?;
        Ok(output)
    }
}

impl<S, Q> Ask<Q> for ServiceHandler<S>
where
    S: Service + HandleQuery<Q>,
    Q: Query + Handled<Home = S>,
{
    async fn ask(&self, query: Q, cx: &Context) -> Answer<Q> {
        self.0.handle(query, cx).await.map_err(SendError::Rejected)
    }
}

/// A command that carries out itself.
pub(super) struct OperationHandler<C> {
    /// Writes what `undo` will need.
    pub(super) remember: undo::Remember<C>,
}

impl<C: Operation> Handle<C> for OperationHandler<C> {
    const ATTEMPTS: u32 = 1;

    async fn handle(&self, command: C, cx: &mut Context) -> Answer<C> {
        let output = command.execute(cx).await.map_err(SendError::Rejected)?;
        undo::stage(cx, &command, &output, self.remember)?;
        Ok(output)
    }
}
