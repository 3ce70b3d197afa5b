//! Subscribers of services: how an event, from this process or from the broker, reaches a method.

use std::{fmt, marker::PhantomData, panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures_util::FutureExt as _;

use super::{
    Context, Mediator, MessageInfo, MessageKind, PatternSubscriber, Request, Subscriber,
    way::{Boxed, panicked},
};
use crate::{
    envelope::{Envelope, Recorded},
    error::{BoxError, Error, ErrorKind},
    event::{Event, EventSpec, read},
    unit_of_work::UnitOfWork,
};

/// How long a subscriber in this process may take, with those of the events that it publishes.
const WITHIN: Duration = Duration::from_secs(5);
/// How deep the subscribers of events may publish events.
const DEEPEST: u8 = 32;

type Attach = Box<dyn FnOnce(&Arc<Mediator>) -> Result<(), Error> + Send + Sync>;

/// A subscription to events of this process, to be attached to the bus.
pub struct LocalSubscription {
    /// `{service}.{method}`.
    pub name: &'static str,
    /// The event names it wants: a table, or a pattern.
    pub wants: Wants,
    attach: Attach,
}

/// What a subscription wants.
#[derive(Debug, Clone, Copy)]
pub enum Wants {
    /// The events of one type.
    Events(&'static [EventSpec]),
    /// The events whose name matches.
    Pattern(&'static str),
}

/// A subscription to events of the broker.
#[derive(Clone)]
pub struct RemoteSubscription {
    /// The consumer of inbox and broker.
    pub name: &'static str,
    /// The events it wants.
    pub events: &'static [EventSpec],
    receive: Arc<dyn Receive>,
}

trait Receive: Send + Sync {
    fn receive<'a>(&'a self, cx: Context<'a>, envelope: &'a Envelope) -> Boxed<'a, (UnitOfWork, Result<(), Error>)>;
}

impl RemoteSubscription {
    pub(super) fn new<T: Subscriber>(service: Arc<T::Service>) -> Self {
        let receive = Arc::new(Typed::<T> { service, subscriber: PhantomData });
        Self { name: T::NAME, events: T::Event::SPECS, receive }
    }

    /// Hands a message to the method, with everything it stages in `unit`, and gives the unit back.
    pub async fn receive(
        &self,
        mediator: &Mediator,
        envelope: &Envelope,
        unit: UnitOfWork,
    ) -> (UnitOfWork, Result<(), Error>) {
        let info = of_subscriber(self.name);
        let request = Request::acting_as(self.name, &envelope.metadata);
        let cx = Context::with_unit(mediator, &info, request, unit).handling(envelope.id);
        self.receive.receive(cx, envelope).await
    }
}

struct Typed<T: Subscriber> {
    service: Arc<T::Service>,
    subscriber: PhantomData<fn() -> T>,
}

impl<T: Subscriber> Receive for Typed<T> {
    fn receive<'a>(
        &'a self,
        mut cx: Context<'a>,
        envelope: &'a Envelope,
    ) -> Boxed<'a, (UnitOfWork, Result<(), Error>)> {
        Box::pin(async move {
            let event = match cx.mediator().units().store().ring(std::iter::once(envelope)).await {
                Ok(ring) => ring.hold(|| read::<T::Event>(envelope, None)),
                Err(error) => Err(error),
            };
            let answer = match event {
                Ok(Some(event)) => {
                    let around = cx.around();
                    guarded(T::NAME, around.keep(T::receive(&self.service, &event, &mut cx))).await
                }
                Ok(None) => {
                    let message = "no event of the subscribed type has that name";
                    Err(Error::new(ErrorKind::Invalid, "message/unknown_type", message).with("event", &envelope.name))
                }
                Err(error) => Err(error),
            };
            (cx.into_unit(), answer)
        })
    }
}

async fn guarded(name: &'static str, work: impl Future<Output = Result<(), BoxError>>) -> Result<(), Error> {
    match AssertUnwindSafe(work).catch_unwind().await {
        Ok(Ok(())) => Ok(()),
        Ok(Err(source)) => Err(Error::new(ErrorKind::Internal, "subscription/failed", "a subscriber refused an event")
            .with("subscription", name)
            .with("reason", &source)
            .caused_by(source)),
        Err(panic) => Err(panicked(name, &*panic)),
    }
}

impl LocalSubscription {
    pub(super) fn typed<T: Subscriber>(service: Arc<T::Service>) -> Self {
        let attach: Attach = Box::new(move |mediator| {
            let weak = Arc::downgrade(mediator);
            let handler = move |event: Arc<Recorded<T::Event>>| {
                let (weak, service, info) = (weak.clone(), Arc::clone(&service), of_subscriber(T::NAME));
                bounded(T::NAME, async move {
                    let Some(mediator) = weak.upgrade() else { return Ok(()) };
                    let mut cx = enter(&mediator, &info, event.envelope())?;
                    cx.around().keep(T::receive(&service, &event, &mut cx)).await?;
                    Ok(cx.commit().await?)
                })
            };
            mediator.units().bus().subscribe::<T::Event>(T::NAME, handler).map(drop)
        });
        Self { name: T::NAME, wants: Wants::Events(T::Event::SPECS), attach }
    }

    pub(super) fn pattern<T: PatternSubscriber>(service: Arc<T::Service>) -> Self {
        let attach: Attach = Box::new(move |mediator| {
            let weak = Arc::downgrade(mediator);
            let handler = move |event: Arc<Envelope>| {
                let (weak, service, info) = (weak.clone(), Arc::clone(&service), of_subscriber(T::NAME));
                bounded(T::NAME, async move {
                    let Some(mediator) = weak.upgrade() else { return Ok(()) };
                    let mut cx = enter(&mediator, &info, &event)?;
                    cx.around().keep(T::receive(&service, &event, &mut cx)).await?;
                    Ok(cx.commit().await?)
                })
            };
            mediator.units().bus().subscribe_to(T::PATTERN, T::NAME, handler).map(drop)
        });
        Self { name: T::NAME, wants: Wants::Pattern(T::PATTERN), attach }
    }

    /// Attaches it to the bus.
    ///
    /// # Errors
    /// `bus/duplicate_handler`, `bus/pattern`.
    pub fn attach(self, mediator: &Arc<Mediator>) -> Result<(), Error> {
        (self.attach)(mediator)
    }
}

/// Whoever sent the command waits for its subscribers: none of them may keep it for ever.
async fn bounded(name: &'static str, work: impl Future<Output = Result<(), BoxError>>) -> Result<(), BoxError> {
    tokio::time::timeout(WITHIN, work).await.unwrap_or_else(|_| {
        let message = "a subscriber did not end in time and was dropped; what takes long belongs behind the broker";
        let error = Error::new(ErrorKind::Internal, "subscription/timeout", message);
        Err(error.with("subscription", name).with("seconds", WITHIN.as_secs()).into())
    })
}

fn of_subscriber(name: &'static str) -> MessageInfo {
    MessageInfo { name, kind: MessageKind::Command }
}

/// A unit of work of its own for one subscriber.
fn enter<'a>(mediator: &'a Mediator, info: &'a MessageInfo, envelope: &Envelope) -> Result<Context<'a>, Error> {
    let depth = envelope.metadata.depth;
    if depth >= DEEPEST {
        let message = "subscribers publish events more than 32 levels deep; is there a cycle?";
        return Err(Error::new(ErrorKind::Config, "mediator/depth", message).with("subscription", info.name));
    }
    let request = Request::within(&envelope.metadata, depth + 1);
    Ok(Context::new(mediator, info, request).handling(envelope.id))
}

impl fmt::Debug for LocalSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "LocalSubscription({}, {:?})", self.name, self.wants)
    }
}

impl fmt::Debug for RemoteSubscription {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RemoteSubscription({})", self.name)
    }
}
