//! Queries that answer item by item.

use std::{
    panic::AssertUnwindSafe,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context as Task, Poll},
};

use futures_core::Stream;
use futures_util::{FutureExt as _, StreamExt as _};
use tracing::Instrument as _;

use super::{Boxed, panicked};
use crate::mediator::{Context, HandleStream, Mediator, MessageInfo, MessageKind, Request, behaviour::Answer};
use crate::{
    command::Handled,
    error::{Error, ErrorKind, SendError},
    query::Query,
    telemetry,
};

/// The way of a streamed query.
pub(in crate::mediator) struct StreamSlot<Q: Query + Handled>(Box<dyn DynStream<Q>>);

trait DynStream<Q: Query + Handled>: Send + Sync {
    fn drive<'a>(&'a self, query: Q, cx: Context<'a>, out: Slot<Answer<Q>>) -> Boxed<'a, ()>;
}

/// Where the item lies that was produced and not yet taken.
type Slot<T> = Arc<Mutex<Option<T>>>;

impl<Q: Query + Handled> StreamSlot<Q> {
    pub(in crate::mediator) fn new<S: HandleStream<Q>>(service: Arc<S>) -> Self
    where
        Q: Handled<Home = S>,
    {
        Self(Box::new(ServiceStream(service)))
    }
}

struct ServiceStream<S>(Arc<S>);

impl<S, Q> DynStream<Q> for ServiceStream<S>
where
    S: HandleStream<Q>,
    Q: Query + Handled<Home = S>,
{
    fn drive<'a>(&'a self, query: Q, cx: Context<'a>, out: Slot<Answer<Q>>) -> Boxed<'a, ()> {
        let work = async move {
            let items = AssertUnwindSafe(self.items(query, &cx, &out)).catch_unwind().await;
            if let Err(panic) = items {
                put(&out, Err(panicked(Q::NAME, &*panic).into())).await;
            }
        };
        Box::pin(work.instrument(telemetry::query(Q::NAME)))
    }
}

impl<S> ServiceStream<S> {
    async fn items<Q>(&self, query: Q, cx: &Context<'_>, out: &Slot<Answer<Q>>)
    where
        S: HandleStream<Q>,
        Q: Query + Handled<Home = S>,
    {
        if let Err(error) = admit(&query, cx).await {
            return put(out, Err(error)).await;
        }
        let mut items = std::pin::pin!(self.0.handle(query, cx));
        while let Some(item) = items.next().await {
            let failed = item.is_err();
            put(out, item.map_err(SendError::Rejected)).await;
            if failed {
                return;
            }
        }
    }
}

/// A query's own checks.
pub(super) async fn admit<Q: Query + Handled>(query: &Q, cx: &Context<'_>) -> Result<(), SendError<Q::Error>> {
    query.validate().map_err(SendError::Rejected)?;
    if query.authorize(cx.who()).await {
        return Ok(());
    }
    let error = Error::new(ErrorKind::Denied, "mediator/denied", "the actor may not ask this");
    Err(error.with("query", Q::NAME).with("actor", cx.actor()).into())
}

/// Lays an item into the slot and waits until it was taken.
async fn put<T>(slot: &Slot<T>, item: T) {
    *lock(slot) = Some(item);
    std::future::poll_fn(|_| if lock(slot).is_some() { Poll::Pending } else { Poll::Ready(()) }).await;
}

fn lock<T>(slot: &Slot<T>) -> std::sync::MutexGuard<'_, Option<T>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Producer and consumer in one value: polling the stream polls the handler.
struct Driven<T> {
    work: Option<Boxed<'static, ()>>,
    slot: Slot<T>,
}

impl<T> Stream for Driven<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Task<'_>) -> Poll<Option<T>> {
        let Some(work) = &mut self.work else { return Poll::Ready(None) };
        let ended = work.as_mut().poll(task).is_ready();
        if ended {
            self.work = None;
        }
        match lock(&self.slot).take() {
            Some(item) => Poll::Ready(Some(item)),
            None if ended => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}

/// Starts a streamed query; nothing runs before the first poll.
pub(in crate::mediator) fn start<Q: Query + Handled>(
    mediator: Arc<Mediator>,
    query: Q,
    request: Request,
) -> impl Stream<Item = Answer<Q>> + Send + 'static {
    let slot: Slot<Answer<Q>> = Arc::default();
    let out = Arc::clone(&slot);
    let work = async move {
        match mediator.slot::<StreamSlot<Q>, Q>() {
            Ok(way) => {
                let info = MessageInfo { name: Q::NAME, kind: MessageKind::Query };
                let cx = Context::new(&mediator, &info, request);
                way.0.drive(query, cx, out).await;
            }
            Err(error) => put(&out, Err(error.into())).await,
        }
    };
    Driven { work: Some(Box::pin(work)), slot }
}
