//! Checks, attempts, handler, commit.

use std::{
    any::{Any, TypeId},
    future::Future,
    panic::AssertUnwindSafe,
    sync::Arc,
    time::Duration,
};

use futures_util::FutureExt as _;
use tracing::Instrument as _;

use super::{Handle, undo::Draft};
use crate::{
    command::{Command, Handled, Policy},
    error::{Error, ErrorKind, SendError},
    id::MessageId,
    mediator::{Context, MessageInfo, behaviour::Answer},
    resilience::Backoff,
    store::{CommandOutcome, CommandRecord},
    telemetry,
};

pub(super) struct Core<H> {
    pub(super) handler: H,
    pub(super) info: MessageInfo,
    pub(super) policy: Policy,
    pub(super) attempts: u32,
    pub(super) timeout: Option<Duration>,
}

impl<H> Core<H> {
    /// The message's own checks; a panic in them is an error that names the message.
    pub(super) async fn admit<M: Handled>(&self, message: &M, cx: &Context) -> Result<(), SendError<M::Error>> {
        match AssertUnwindSafe(self.checks(message, cx)).catch_unwind().await {
            Ok(answer) => answer,
            Err(panic) => Err(panicked(self.info.name, &*panic).into()),
        }
    }

    async fn checks<M: Handled>(&self, message: &M, cx: &Context) -> Result<(), SendError<M::Error>> {
        message.validate().map_err(SendError::Rejected)?;
        if !message.authorize(&cx.actor()).await {
            let text = "the actor may not do this; send it with `Request::actor` of one who may";
            let error = Error::new(ErrorKind::Denied, "mediator/denied", text);
            return Err(error.with("message", self.info.name).with("actor", cx.actor()).into());
        }
        Ok(())
    }

    /// Repeats a lost race. From the second attempt on, attempts at one target queue behind each other.
    pub(super) async fn attempts<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        self.admit(&command, cx).await?;
        if self.attempts == 1 {
            return self.attempt(command, cx).await;
        }
        let first = self.attempt(command.clone(), cx).await;
        if !lost(&first) {
            return first;
        }
        let mediator = Arc::clone(cx.mediator());
        let key = (TypeId::of::<C::Home>(), command.target().unwrap_or_default());
        let turn = mediator.retries.turn(key);
        let _turn = turn.lock().await;
        let mut backoff = Backoff::new(Duration::from_millis(5), Duration::from_millis(200));
        for attempt in 2..=self.attempts {
            let answer = self.attempt(command.clone(), cx).await;
            if attempt == self.attempts || !lost(&answer) {
                return answer;
            }
            tokio::time::sleep(backoff.fail(cx.clock())).await;
        }
        first
    }

    /// Load, decide, stage: the handler. Then one commit.
    async fn attempt<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        cx.begin_attempt();
        let output = self.timed(command, cx).await?;
        cx.commit().await?;
        Ok(output)
    }

    pub(super) fn draft<C: Command + Handled>(&self, command: &C, cx: &Context, id: MessageId) -> Result<Draft, Error> {
        let input = command.audit_input()?.unwrap_or_default();
        Ok(Draft { id, name: self.info.name, input, started: cx.now() })
    }

    /// The handler, and the audit row of its success in the same transaction.
    pub(super) async fn audited<C: Command + Handled>(&self, command: C, cx: &mut Context, id: MessageId) -> Answer<C>
    where
        H: Handle<C>,
    {
        if !self.policy.audit && !self.handler.remembers() {
            return self.handle(command, cx).await;
        }
        let (draft, kept) = (self.draft(&command, cx, id)?, command.clone());
        let output = self.handle(command, cx).await?;
        let undo = self.handler.remember(&kept, &output)?;
        let record = CommandRecord { undo, ..draft.record(cx, CommandOutcome::Ok) };
        cx.unit().transaction().staged_mut().commands.push(record);
        Ok(output)
    }

    /// The timeout ends the handler, never the commit.
    async fn timed<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        let Some(limit) = self.timeout.or(cx.mediator().timeout) else { return self.run(command, cx).await };
        let mut work = std::pin::pin!(self.run(command, cx));
        if let Some(answer) = work.as_mut().now_or_never() {
            return answer; // most handlers on a warm store answer at once: no timer is made
        }
        tokio::select! {
            biased;
            answer = &mut work => answer,
            () = tokio::time::sleep(limit) => {
                let message = "the handler took longer than its timeout; nothing was written";
                let error = Error::new(ErrorKind::Transient, "mediator/timeout", message);
                Err(error.with("command", self.info.name).with("timeout_ms", limit.as_millis()).into())
            }
        }
    }

    fn run<C: Command + Handled>(&self, command: C, cx: &mut Context) -> impl Future<Output = Answer<C>> + Send
    where
        H: Handle<C>,
    {
        let id = cx.message_id();
        self.audited(command, cx, id)
    }

    pub(super) async fn handle<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        let name = self.info.name;
        let span = telemetry::handle(name);
        match AssertUnwindSafe(self.handler.handle(command, cx)).catch_unwind().instrument(span).await {
            Ok(answer) => answer,
            Err(panic) => Err(panicked(name, &*panic).into()),
        }
    }
}

fn lost<T, E>(answer: &Result<T, SendError<E>>) -> bool {
    matches!(answer, Err(SendError::Runtime(error)) if error.is_conflict())
}

pub(in crate::mediator) fn panicked(name: &str, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = "the handler panicked; nothing was written";
    Error::new(ErrorKind::Internal, "mediator/panic", message)
        .with("handler", name)
        .with("panic", text.unwrap_or("(no text)"))
}
