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

use self::core::{Attempt, Core};
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
    fn send<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Answer<C>>;
    fn run<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Ran<C>>;
    fn nested<'a>(&'a self, command: C, cx: &'a mut Context<'_>) -> Boxed<'a, Answer<C>>;
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

    pub(super) fn send<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Answer<C>> {
        self.0.send(mediator, command, request)
    }

    pub(super) fn run<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Ran<C>> {
        self.0.run(mediator, command, request)
    }

    pub(super) fn nested<'a>(&'a self, command: C, cx: &'a mut Context<'_>) -> Boxed<'a, Answer<C>> {
        self.0.nested(command, cx)
    }
}

struct Way<U, H> {
    ring: Arc<U>,
    core: Core<H>,
}

impl<C: Command + Handled, U: Behaviours, H: Handle<C>> DynCommand<C> for Way<U, H> {
    fn send<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Answer<C>> {
        if telemetry::failures_heard() {
            return self.told(mediator, command, request);
        }
        in_box(|| self.dispatch(mediator, command, request))
    }

    fn run<'a>(&'a self, mediator: &'a Mediator, command: C, request: Request) -> Boxed<'a, Ran<C>> {
        let mut cx = Context::new(mediator, &self.core.info, request);
        let work = async move {
            let answer = self.ring.run(command, &mut cx, Inner(&self.core)).await;
            tell("command", &answer);
            answer.map(|output| cx.executed::<C>(output))
        };
        Box::pin(work.instrument(telemetry::send(self.core.info.name)))
    }

    fn nested<'a>(&'a self, command: C, cx: &'a mut Context<'_>) -> Boxed<'a, Answer<C>> {
        Box::pin(self.core.nested(command, cx))
    }
}

/// A future made where it will lie: `Box::pin` makes it first, and then moves it there with all the room that is still empty.
fn in_box<F: Future>(make: impl FnOnce() -> F) -> Pin<Box<F>> {
    Box::into_pin(Box::write(Box::new_uninit(), make()))
}

impl<U: Behaviours, H> Way<U, H> {
    async fn dispatch<C: Command + Handled>(&self, mediator: &Mediator, command: C, request: Request) -> Answer<C>
    where
        H: Handle<C>,
    {
        let mut cx = Context::new(mediator, &self.core.info, request);
        self.ring.run(command, &mut cx, Inner(&self.core)).await
    }

    /// A dispatch in its span. Apart from the other, so that that one's future is made in its box and not moved there.
    #[cold]
    fn told<'a, C: Command + Handled>(
        &'a self,
        mediator: &'a Mediator,
        command: C,
        request: Request,
    ) -> Boxed<'a, Answer<C>>
    where
        H: Handle<C>,
    {
        let work = self.dispatch(mediator, command, request);
        Box::pin(work.inspect(|answer| tell("command", answer)).instrument(telemetry::send(self.core.info.name)))
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
    fn run(self, message: C, cx: &mut Context<'_>) -> impl Future<Output = Answer<C>> + Send {
        self.0.attempt(message, cx, Attempt::Only)
    }
}
