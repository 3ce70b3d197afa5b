//! The way of one message: behaviours, checks, attempts, handler, commit. The heart is [`Core::attempt`].

use std::{
    any::{Any, TypeId},
    collections::HashMap,
    future::Future,
    hash::{BuildHasherDefault, Hasher},
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::FutureExt as _;
use tracing::{Instrument as _, Span};

use super::{
    Behaviours, Context, Executed, Mediator, MessageInfo, MessageKind, Next, Request,
    behaviour::Answer,
    homes::{Ask, Handle},
    undo::{self, Draft},
};
use crate::{
    command::{Command, Handled, Policy},
    error::{Error, ErrorKind, SendError},
    id::MessageId,
    query::Query,
    store::{CommandOutcome, CommandRecord},
    telemetry,
};

pub(super) type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Slots are found by the type's own hash.
pub(super) type ByTypeId = BuildHasherDefault<TypeIdHasher>;

/// Takes a `TypeId` for what it is: a hash already.
#[derive(Debug, Default)]
pub(super) struct TypeIdHasher(u64);

impl Hasher for TypeIdHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = bytes.iter().fold(self.0, |hash, byte| hash.rotate_left(8) ^ u64::from(*byte));
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

/// The way of a command, with its behaviours and its handler inside.
pub(super) struct CommandSlot<C: Command + Handled>(Box<dyn DynCommand<C>>);

trait DynCommand<C: Command + Handled>: Send + Sync {
    fn send<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Answer<C>>;
    fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Run<C>>;
    fn nested<'a>(&'a self, command: C, cx: &'a mut Context) -> Boxed<'a, Answer<C>>;
}

type Run<C> = Result<Executed<C>, SendError<<C as Handled>::Error>>;

impl<C: Command + Handled> CommandSlot<C> {
    pub(super) fn new<U: Behaviours, H: Handle<C>>(ring: Arc<U>, handler: H) -> Self {
        let policy = C::policy();
        let info = MessageInfo { name: policy.name.unwrap_or(C::NAME), kind: MessageKind::Command };
        let attempts = policy.attempts.unwrap_or(H::ATTEMPTS).max(1);
        let timeout = policy.timeout;
        Self(Box::new(Way { ring, core: Core { handler, info, policy, attempts, timeout } }))
    }

    pub(super) fn send<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Answer<C>> {
        self.0.send(mediator, command, request)
    }

    pub(super) fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Run<C>> {
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

pub(super) struct Core<H> {
    handler: H,
    info: MessageInfo,
    policy: Policy,
    attempts: u32,
    timeout: Option<Duration>,
}

impl<C: Command + Handled, U: Behaviours, H: Handle<C>> DynCommand<C> for Way<U, H> {
    fn send<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Answer<C>> {
        let mut cx = Context::new(Arc::clone(mediator), self.core.info, request);
        let span = telemetry::send(self.core.info.name);
        if span.is_disabled() {
            return Box::pin(async move { self.ring.run(command, &mut cx, Inner(&self.core)).await });
        }
        Box::pin(
            async move {
                let answer = self.ring.run(command, &mut cx, Inner(&self.core)).await;
                tell(&answer);
                answer
            }
            .instrument(span),
        )
    }

    fn run<'a>(&'a self, mediator: &'a Arc<Mediator>, command: C, request: Request) -> Boxed<'a, Run<C>> {
        let mut cx = Context::new(Arc::clone(mediator), self.core.info, request);
        let work = async move {
            let answer = self.ring.run(command, &mut cx, Inner(&self.core)).await;
            tell(&answer);
            answer.map(|output| cx.executed::<C>(output))
        };
        Box::pin(work.instrument(telemetry::send(self.core.info.name)))
    }

    fn nested<'a>(&'a self, command: C, cx: &'a mut Context) -> Boxed<'a, Answer<C>> {
        Box::pin(async move {
            self.core.admit(&command, cx).await?;
            let id = cx.clock().message_id();
            self.core.audited(command, cx, id).await
        })
    }
}

fn tell<T, E: std::error::Error>(answer: &Result<T, SendError<E>>) {
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
            tracing::error!(code = error.code(), %error, "a command failed");
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
        if !self.0.policy.audit {
            return self.0.attempts(message, cx).await;
        }
        let draft = self.0.draft(&message, cx, cx.message_id())?;
        let answer = self.0.attempts(message, cx).await;
        if let Err(error) = &answer {
            let (outcome, error) = undo::outcome_of(error);
            undo::record_failure(cx, draft, outcome, error).await;
        }
        answer
    }
}

impl<H> Core<H> {
    async fn admit<C: Command + Handled>(&self, command: &C, cx: &Context) -> Result<(), SendError<C::Error>> {
        command.validate().map_err(SendError::Rejected)?;
        if !command.authorize(&cx.actor()).await {
            let message = "the actor may not do this; send it with `Request::actor` of one who may";
            let error = Error::new(ErrorKind::Denied, "mediator/denied", message);
            return Err(error.with("command", self.info.name).with("actor", cx.actor()).into());
        }
        Ok(())
    }

    /// Repeats a lost race. From the second attempt on, attempts at one target queue behind each other.
    async fn attempts<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
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
        for attempt in 2..=self.attempts {
            cx.restart();
            let answer = self.attempt(command.clone(), cx).await;
            if attempt == self.attempts || !lost(&answer) {
                return answer;
            }
            tokio::time::sleep(backoff(attempt, cx)).await;
        }
        first
    }

    /// Load, decide, stage: the handler. Then one commit.
    async fn attempt<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
    where
        H: Handle<C>,
    {
        let output = self.timed(command, cx).await?;
        cx.commit().await?;
        Ok(output)
    }

    fn draft<C: Command + Handled>(&self, command: &C, cx: &Context, id: MessageId) -> Result<Draft, Error> {
        let input = command.audit_input()?.unwrap_or_default();
        Ok(Draft { id, name: self.info.name, input, started: cx.now() })
    }

    /// The handler, and the audit row of its success in the same transaction.
    async fn audited<C: Command + Handled>(&self, command: C, cx: &mut Context, id: MessageId) -> Answer<C>
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

    async fn handle<C: Command + Handled>(&self, command: C, cx: &mut Context) -> Answer<C>
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

/// 5 ms, doubling to 200 ms, with full jitter.
fn backoff(attempt: u32, cx: &Context) -> Duration {
    let longest = (5_u64 << attempt.saturating_sub(2).min(6)).min(200);
    let random = u64::from(cx.clock().uuid().as_bytes()[15]);
    Duration::from_millis(1 + longest * random / 255)
}

pub(super) fn panicked(name: &str, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = "the handler panicked; nothing was written";
    Error::new(ErrorKind::Internal, "mediator/panic", message)
        .with("handler", name)
        .with("panic", text.unwrap_or("(no text)"))
}

type Turn = Arc<tokio::sync::Mutex<()>>;
type Key = (TypeId, String);

/// A queue for each target at which commands have met.
#[derive(Debug, Default)]
pub(super) struct KeyedLocks(Mutex<HashMap<Key, Turn>>);

impl KeyedLocks {
    fn turn(&self, key: Key) -> Turn {
        let mut turns = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if turns.len() > 1_024 {
            turns.retain(|_, turn| Arc::strong_count(turn) > 1);
        }
        Arc::clone(turns.entry(key).or_default())
    }
}

/// The way of a query, with its behaviours and its handler inside.
pub(super) struct QuerySlot<Q: Query + Handled>(Box<dyn DynQuery<Q>>);

trait DynQuery<Q: Query + Handled>: Send + Sync {
    fn ask<'a>(&'a self, mediator: &'a Arc<Mediator>, query: Q, request: Request) -> Boxed<'a, Answer<Q>>;
}

impl<Q: Query + Handled> QuerySlot<Q> {
    pub(super) fn new<U: Behaviours, H: Ask<Q>>(ring: Arc<U>, handler: H) -> Self {
        let policy = Q::policy();
        let info = MessageInfo { name: policy.name.unwrap_or(Q::NAME), kind: MessageKind::Query };
        let timeout = policy.timeout;
        Self(Box::new(Way { ring, core: Core { handler, info, policy, attempts: 1, timeout } }))
    }

    pub(super) fn ask<'a>(&'a self, mediator: &'a Arc<Mediator>, query: Q, request: Request) -> Boxed<'a, Answer<Q>> {
        self.0.ask(mediator, query, request)
    }
}

impl<Q: Query + Handled, U: Behaviours, H: Ask<Q>> DynQuery<Q> for Way<U, H> {
    fn ask<'a>(&'a self, mediator: &'a Arc<Mediator>, query: Q, request: Request) -> Boxed<'a, Answer<Q>> {
        let mut cx = Context::new(Arc::clone(mediator), self.core.info, request);
        let work = async move {
            let answer = self.ring.run(query, &mut cx, Asked(&self.core)).await;
            tell(&answer);
            answer
        };
        Box::pin(work.instrument(telemetry::query(self.core.info.name)))
    }
}

struct Asked<'a, H>(&'a Core<H>);

impl<H> Clone for Asked<'_, H> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<H> Copy for Asked<'_, H> {}

impl<Q: Query + Handled, H: Ask<Q>> Next<Q> for Asked<'_, H> {
    async fn run(self, query: Q, cx: &mut Context) -> Answer<Q> {
        query.validate().map_err(SendError::Rejected)?;
        if !query.authorize(&cx.actor()).await {
            let error = Error::new(ErrorKind::Denied, "mediator/denied", "the actor may not ask this");
            return Err(error.with("query", self.0.info.name).with("actor", cx.actor()).into());
        }
        let (name, limit) = (self.0.info.name, self.0.timeout.or(cx.mediator().timeout));
        let work = AssertUnwindSafe(self.0.handler.ask(query, cx)).catch_unwind();
        let answer = match limit {
            Some(limit) => tokio::time::timeout(limit, work).await,
            None => Ok(work.await),
        };
        match answer {
            Ok(Ok(answer)) => answer,
            Ok(Err(panic)) => Err(panicked(name, &*panic).into()),
            Err(_) => {
                let error = Error::new(ErrorKind::Transient, "mediator/timeout", "the query took longer than its timeout");
                Err(error.with("query", name).into())
            }
        }
    }
}
