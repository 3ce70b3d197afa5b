//! The way of one message: behaviours, checks, attempts, handler, commit. The heart is [`Core::attempt`](core::Core).

mod core;
mod homes;
mod query;
mod slots;
mod stream;
mod undo;

use std::{future::Future, pin::Pin, sync::Arc};

use futures_util::FutureExt as _;
use tracing::{Instrument as _, Span};

pub(super) use self::{
    core::panicked,
    homes::{AggregateHandler, Handle, OperationHandler, ServiceHandler},
    query::QuerySlot,
    slots::{ByTypeId, KeyedLocks},
    stream::{StreamSlot, start as start_stream},
    undo::{Undo, UndoOf, remember, undo},
};

use self::core::{Core, Run};
use super::{Behaviours, Context, Executed, Mediator, MessageInfo, MessageKind, Next, Request, behaviour::Answer};
use crate::{
    command::{Command, Handled},
    error::SendError,
    telemetry,
};

pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The way of a command, with its behaviours and its handler inside.
pub(super) struct CommandSlot<C: Command + Handled>(Box<dyn DynCommand<C>>);

trait DynCommand<C: Command + Handled>: Send + Sync {
    fn send<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Answer<C>>;
    fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Ran<C>>;
    fn nested<'a>(&'a self, command: C, cx: &'a mut Context) -> Boxed<'a, Answer<C>>;
}

type Ran<C> = Result<Executed<C>, SendError<<C as Handled>::Error>>;

impl<C: Command + Handled> CommandSlot<C> {
    pub(super) fn new<U: Behaviours, H: Handle<C>>(ring: Arc<U>, handler: H) -> Self {
        let policy = C::policy();
        let info = MessageInfo { name: policy.name.unwrap_or(C::NAME), kind: MessageKind::Command };
        let attempts = policy.attempts.unwrap_or(H::ATTEMPTS).max(1);
        let timeout = policy.timeout;
        Self(Box::new(Way { ring, core: Core { handler, info, policy, attempts, timeout } }))
    }

    pub(super) fn send<'a>(
        &'a self,
        mediator: &'a Arc<Mediator>,
        command: C,
        request: Request,
    ) -> Boxed<'a, Answer<C>> {
        self.0.send(mediator, command, request)
    }

    pub(super) fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Ran<C>> {
        self.0.run(mediator, command, request)
    }

    pub(super) fn nested<'a>(&'a self, command: C, cx: &'a mut Context) -> Boxed<'a, Answer<C>> {
        self.0.nested(command, cx)
    }
}

struct Way<U, H> {
    ring: Arc<U>,
    core: Core<H>,
}

impl<C: Command + Handled, U: Behaviours, H: Handle<C>> DynCommand<C> for Way<U, H> {
    fn send<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Answer<C>> {
        let span = telemetry::send(self.core.info.name);
        let work = async move {
            let mut cx = Context::new(Arc::clone(mediator), self.core.info, request);
            self.ring.run(command, &mut cx, Inner(&self.core)).await
        };
        if span.is_disabled() {
            return Box::pin(work);
        }
        Box::pin(work.inspect(|answer| tell("command", answer)).instrument(span))
    }

    fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Ran<C>> {
        let mut cx = Context::new(Arc::clone(mediator), self.core.info, request);
        let work = async move {
            let answer = self.ring.run(command, &mut cx, Inner(&self.core)).await;
            tell("command", &answer);
            answer.map(|output| cx.executed::<C>(output))
        };
        Box::pin(work.instrument(telemetry::send(self.core.info.name)))
    }

    fn nested<'a>(&'a self, command: C, cx: &'a mut Context) -> Boxed<'a, Answer<C>> {
        Box::pin(async move {
            self.core.admit(&command, cx).await?;
            self.core.audited(command, cx, Run::Nested).await
        })
    }
}

fn tell<T, E: std::error::Error>(kind: &str, answer: &Result<T, SendError<E>>) {
    let span = Span::current();
    match answer {
        Ok(_) => {
            span.record("outcome", "ok");
        }
        Err(SendError::Rejected(rejection)) => {
            span.record("outcome", "rejected");
            tracing::info!(%rejection, "the domain said no");
        }
        Err(SendError::Runtime(error)) => {
            span.record("outcome", if error.is_conflict() { "conflict" } else { "failed" });
            tracing::error!(code = error.code(), %error, "a {kind} failed");
        }
    }
}

struct Inner<'a, H>(&'a Core<H>);

impl<H> Clone for Inner<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Inner<'_, H> {}

impl<C: Command + Handled, H: Handle<C>> Next<C> for Inner<'_, H> {
    async fn run(self, message: C, cx: &mut Context) -> Answer<C> {
        if self.0.policy.audit { Box::pin(self.audited(message, cx)).await } else { self.0.attempts(message, cx).await }
    }
}

impl<H> Inner<'_, H> {
    /// A failure leaves an audit row too.
    async fn audited<C: Command + Handled>(self, message: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        let draft = self.0.draft(&message, cx, cx.message_id())?;
        let answer = self.0.attempts(message, cx).await;
        if let Err(error) = &answer {
            let (outcome, error) = undo::outcome_of(error);
            if undo::record_failure(cx, draft, outcome, error).await {
                cx.renew_id();
            }
        }
        answer
    }
}
