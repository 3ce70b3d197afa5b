//! Checks, attempts, handler, commit.

use std::{
    any::{Any, TypeId},
    future::poll_fn,
    panic::AssertUnwindSafe,
    pin::{Pin, pin},
    task::{self, Poll},
    time::Duration,
};

use futures_util::{FutureExt as _, future::Either};
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

/// Which id the audit row of a run has.
#[derive(Debug, Clone, Copy)]
pub(super) enum Run {
    /// That of the dispatch.
    First,
    /// One of its own.
    Nested,
}

/// What a lost race has led to: the turn at the target, held until the last attempt.
struct Queued {
    _turn: tokio::sync::OwnedMutexGuard<()>,
    backoff: Backoff,
}

// What a dispatch goes through each time is one async fn inside the other's body or a combinator; what it rarely needs is
// boxed. So its future stays small, and a poll is not a jump per step.
impl<H> Core<H> {
    /// The message's own checks; a panic in them is an error that names the message.
    pub(super) fn admit<'a, M: Handled>(
        &'a self,
        message: &'a M,
        cx: &'a Context,
    ) -> impl Future<Output = Result<(), SendError<M::Error>>> + Send + 'a {
        let name = self.info.name;
        let guarded = AssertUnwindSafe(checks(name, message, cx)).catch_unwind();
        guarded.map(move |answer| answer.unwrap_or_else(|panic| Err(panicked(name, &*panic).into())))
    }

    /// Repeats a lost race. From the second attempt on, attempts at one target queue behind each other.
    pub(super) async fn attempts<C: Command + Handled>(&self, mut command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        self.admit(&command, cx).await?;
        let (mut attempt, mut queued) = (1, None);
        loop {
            let again = (attempt < self.attempts).then(|| command.clone());
            let answer = self.attempt(command, cx).await;
            match again {
                Some(same) if lost(&answer) => command = same,
                _ => return answer,
            }
            queued = Some(Box::pin(queue(queued, &command, cx)).await);
            attempt += 1;
        }
    }

    /// Load, decide, stage: the handler, which the timeout ends. Then one commit, which it does not.
    async fn attempt<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        cx.begin_attempt();
        let limit = self.timeout.or(cx.mediator().timeout);
        let answer = {
            let mut work = pin!(self.audited(command, cx, Run::First));
            let mut timer = None; // most handlers on a warm store answer at once: then none is made
            poll_fn(|task| match (work.as_mut().poll(task), limit) {
                (Poll::Pending, Some(limit)) => self.late(timer.get_or_insert_with(|| timer_of(limit)), task),
                (answer, _) => answer,
            })
            .await
        };
        let output = answer?;
        cx.commit().await?;
        Ok(output)
    }

    #[cold]
    fn late<T, E>(&self, timer: &mut Timer, task: &mut task::Context<'_>) -> Poll<Result<T, SendError<E>>> {
        timer.0.as_mut().poll(task).map(|()| {
            let message = "the handler took longer than its timeout; nothing was written";
            let error = Error::new(ErrorKind::Transient, "mediator/timeout", message);
            Err(error.with("command", self.info.name).with("timeout_ms", timer.1.as_millis()).into())
        })
    }

    pub(super) fn draft<C: Command + Handled>(&self, command: &C, cx: &Context, id: MessageId) -> Result<Draft, Error> {
        let input = command.audit_input()?.unwrap_or_default();
        Ok(Draft { id, name: self.info.name, input, started: cx.now() })
    }

    /// The handler, and the audit row of its success in the same transaction.
    pub(super) fn audited<'a, C: Command + Handled>(
        &'a self,
        command: C,
        cx: &'a mut Context,
        run: Run,
    ) -> impl Future<Output = Answer<C>> + Send + 'a
    where
        H: Handle<C>,
    {
        if self.policy.audit || self.handler.remembers() {
            Either::Left(Box::pin(self.recorded(command, cx, run)))
        } else {
            Either::Right(self.handle(command, cx))
        }
    }

    async fn recorded<C: Command + Handled>(&self, command: C, cx: &mut Context, run: Run) -> Answer<C>
    where
        H: Handle<C>,
    {
        let id = match run {
            Run::First => cx.message_id(),
            Run::Nested => cx.clock().message_id(),
        };
        let (draft, kept) = (self.draft(&command, cx, id)?, command.clone());
        let output = self.handle(command, cx).await?;
        let undo = self.handler.remember(&kept, &output)?;
        let record = CommandRecord { undo, ..draft.record(cx, CommandOutcome::Ok) };
        cx.unit().transaction().staged_mut().commands.push(record);
        Ok(output)
    }

    fn handle<'a, C: Command + Handled>(
        &'a self,
        command: C,
        cx: &'a mut Context,
    ) -> impl Future<Output = Answer<C>> + Send + 'a
    where
        H: Handle<C>,
    {
        let name = self.info.name;
        let guarded = AssertUnwindSafe(self.handler.handle(command, cx)).catch_unwind();
        let handled = guarded.instrument(telemetry::handle(name));
        handled.map(move |answer| answer.unwrap_or_else(|panic| Err(panicked(name, &*panic).into())))
    }
}

async fn checks<M: Handled>(name: &'static str, message: &M, cx: &Context) -> Result<(), SendError<M::Error>> {
    message.validate().map_err(SendError::Rejected)?;
    if !message.authorize(cx.who()).await {
        let text = "the actor may not do this; send it with `Request::actor` of one who may";
        let error = Error::new(ErrorKind::Denied, "mediator/denied", text);
        return Err(error.with("message", name).with("actor", cx.actor()).into());
    }
    Ok(())
}

struct Timer(Pin<Box<tokio::time::Sleep>>, Duration);

fn timer_of(limit: Duration) -> Timer {
    Timer(Box::pin(tokio::time::sleep(limit)), limit)
}

/// Before the second attempt: for the turn at the target. Later: a while.
async fn queue<C: Command + Handled>(queued: Option<Queued>, command: &C, cx: &mut Context) -> Queued {
    if let Some(mut queued) = queued {
        tokio::time::sleep(queued.backoff.fail(cx.clock())).await;
        return queued;
    }
    let key = (TypeId::of::<C::Home>(), command.target().unwrap_or_default());
    let _turn = cx.mediator().retries.turn(key).lock_owned().await;
    Queued { _turn, backoff: Backoff::new(Duration::from_millis(5), Duration::from_millis(200)) }
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
