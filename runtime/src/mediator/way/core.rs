//! Checks, attempts, handler, commit.

use std::{
    any::{Any, TypeId},
    future::poll_fn,
    panic::{AssertUnwindSafe, catch_unwind},
    pin::{Pin, pin},
    task::{self, Poll},
    time::Duration,
};

use tokio::time::{Sleep, sleep};
use tracing::Instrument as _;

use super::{
    Boxed, Handle,
    undo::{Draft, outcome_of, record_failure},
};
use crate::{
    command::{Command, Handled, Policy},
    error::{Error, ErrorKind, SendError},
    id::MessageId,
    mediator::{Context, Mediator, MessageInfo, behaviour::Answer},
    resilience::Backoff,
    store::{CommandOutcome, CommandRecord, nesting::Around},
    telemetry,
};

pub(super) struct Core<H> {
    pub(super) handler: H,
    pub(super) info: MessageInfo,
    pub(super) policy: Policy,
    pub(super) attempts: u32,
    pub(super) timeout: Option<Duration>,
}

/// Which part of a run this is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attempt {
    /// All of it, unless the command is repeated or audited.
    Only,
    /// The first of several.
    First,
    /// One that repeats a lost race: the checks are done.
    Later,
    /// Inside of another command's unit of work, with an audit row under an id of its own.
    Nested,
}

/// What a lost race has led to: the turn at the target, held until the last attempt.
struct Queued {
    _turn: tokio::sync::OwnedMutexGuard<()>,
    backoff: Backoff,
}

// What each dispatch goes through is `attempt` and `work`, the one future inside the other, and a layer more would be paid by
// each. What few dispatches need is boxed when it comes to it, so that the others carry no room for it.
impl<H> Core<H> {
    /// Checks, load, decide, stage: what the timeout ends. Then one commit, which it does not.
    pub(super) async fn attempt<C: Command + Handled>(
        &self,
        command: C,
        cx: &mut Context<'_>,
        attempt: Attempt,
    ) -> Answer<C>
    where
        H: Handle<C>,
    {
        if attempt == Attempt::Only && (self.attempts > 1 || self.policy.audit) {
            return self.attempts(command, cx).await;
        }
        cx.begin_attempt();
        let (mediator, around) = (cx.mediator(), cx.around());
        let answer = {
            let work = pin!(self.work(command, cx, attempt));
            self.bounded(mediator, around, work).await
        };
        match answer {
            Ok(output) => {
                if cx.unit.is_some() {
                    cx.commit().await?;
                }
                Ok(output)
            }
            Err(error) => {
                if let Some(over) = cx.give_up() {
                    over.await;
                }
                Err(error)
            }
        }
    }

    /// What is repeated or audited; a failure leaves an audit row too.
    fn attempts<'a, C: Command + Handled>(&'a self, command: C, cx: &'a mut Context<'_>) -> Boxed<'a, Answer<C>>
    where
        H: Handle<C>,
    {
        if !self.policy.audit {
            return Box::pin(self.repeated(command, cx));
        }
        Box::pin(async move {
            let draft = self.draft(&command, cx, cx.message_id())?;
            let answer = self.repeated(command, cx).await;
            if let Err(error) = &answer {
                let (outcome, error) = outcome_of(error);
                if Box::pin(record_failure(cx, draft, outcome, error)).await {
                    cx.renew_id();
                }
            }
            answer
        })
    }

    /// Repeats a lost race. From the second attempt on, attempts at one target queue behind each other.
    async fn repeated<C: Command + Handled>(&self, mut command: C, cx: &mut Context<'_>) -> Answer<C>
    where
        H: Handle<C>,
    {
        let (mut attempt, mut number, mut queued) = (Attempt::First, 1, None);
        loop {
            let again = (number < self.attempts).then(|| command.clone());
            let answer = self.attempt(command, cx, attempt).await;
            match again {
                Some(same) if lost(&answer) => command = same,
                _ => return answer,
            }
            queued = Some(Box::pin(queue(queued, &command, cx)).await);
            (attempt, number) = (Attempt::Later, number + 1);
        }
    }

    /// What user code does with a command: its own checks, and its handler.
    async fn work<C: Command + Handled>(&self, command: C, cx: &mut Context<'_>, attempt: Attempt) -> Answer<C>
    where
        H: Handle<C>,
    {
        if attempt != Attempt::Later {
            command.validate().map_err(SendError::Rejected)?;
            if !command.authorize(cx.who()).await {
                return Err(self.denied(cx).into());
            }
        }
        if self.records() || telemetry::heard() {
            let span = telemetry::handle(self.info.name);
            return Box::pin(self.recorded(command, cx, attempt).instrument(span)).await;
        }
        self.handler.handle(command, cx).await.map_err(H::failed)
    }

    /// A command inside of another's unit of work.
    pub(super) async fn nested<C: Command + Handled>(&self, command: C, cx: &mut Context<'_>) -> Answer<C>
    where
        H: Handle<C>,
    {
        let mut work = pin!(self.work(command, cx, Attempt::Nested));
        poll_fn(|task| self.guarded(|| work.as_mut().poll(task))).await
    }

    /// User code, one guard against panics around all of it, within its timeout. Most handlers on a warm store answer at
    /// once: then no timer is made.
    pub(super) fn bounded<T, E>(
        &self,
        mediator: &Mediator,
        mut around: Around,
        mut work: Pin<&mut impl Future<Output = Result<T, SendError<E>>>>,
    ) -> impl Future<Output = Result<T, SendError<E>>> {
        let mut timer = None;
        poll_fn(move |task| match self.guarded(|| around.run(|| work.as_mut().poll(task))) {
            Poll::Pending => self.late(&mut timer, mediator, task),
            answer => answer,
        })
    }

    /// A panic in user code is an error that names the message.
    fn guarded<T, E>(&self, poll: impl FnOnce() -> Poll<Result<T, SendError<E>>>) -> Poll<Result<T, SendError<E>>> {
        catch_unwind(AssertUnwindSafe(poll))
            .unwrap_or_else(|panic| Poll::Ready(Err(panicked(self.info.name, &*panic).into())))
    }

    #[cold]
    fn late<T, E>(
        &self,
        timer: &mut Option<Timer>,
        mediator: &Mediator,
        task: &mut task::Context<'_>,
    ) -> Poll<Result<T, SendError<E>>> {
        let Some(limit) = self.timeout.or(mediator.timeout) else { return Poll::Pending };
        timer.get_or_insert_with(|| Box::pin(sleep(limit))).as_mut().poll(task).map(|()| {
            let message = "the handler took longer than its timeout; nothing was written";
            let error = Error::new(ErrorKind::Transient, "mediator/timeout", message);
            Err(error.with("message", self.info.name).with("timeout_ms", limit.as_millis()).into())
        })
    }

    #[cold]
    fn denied(&self, cx: &Context<'_>) -> Error {
        let text = "the actor may not do this; send it with `Request::actor` of one who may";
        let error = Error::new(ErrorKind::Denied, "mediator/denied", text);
        error.with("message", self.info.name).with("actor", cx.actor())
    }

    pub(super) fn draft<C: Command + Handled>(
        &self,
        command: &C,
        cx: &Context<'_>,
        id: MessageId,
    ) -> Result<Draft, Error> {
        let input = command.audit_input()?.unwrap_or_default();
        Ok(Draft { id, name: self.info.name, input, started: cx.now() })
    }

    fn records<C: Command + Handled>(&self) -> bool
    where
        H: Handle<C>,
    {
        self.policy.audit || self.handler.remembers()
    }

    /// The handler, with the audit row of its success in the same transaction.
    async fn recorded<C: Command + Handled>(&self, command: C, cx: &mut Context<'_>, attempt: Attempt) -> Answer<C>
    where
        H: Handle<C>,
    {
        if !self.records() {
            return self.handler.handle(command, cx).await.map_err(H::failed);
        }
        let id = match attempt {
            Attempt::Nested => cx.clock().message_id(),
            _ => cx.message_id(),
        };
        let (draft, kept) = (self.draft(&command, cx, id)?, command.clone());
        let output = self.handler.handle(command, cx).await.map_err(H::failed)?;
        let undo = self.handler.remember(&kept, &output)?;
        let record = CommandRecord { undo, ..draft.record(cx, CommandOutcome::Ok) };
        cx.unit().transaction().staged_mut().commands.push(record);
        Ok(output)
    }
}

type Timer = Pin<Box<Sleep>>;

/// Before the second attempt: for the turn at the target. Later: a while.
async fn queue<C: Command + Handled>(queued: Option<Queued>, command: &C, cx: &mut Context<'_>) -> Queued {
    if let Some(mut queued) = queued {
        sleep(queued.backoff.fail(cx.clock())).await;
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
