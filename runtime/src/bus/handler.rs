//! What can be subscribed: functions of one event.

use std::{
    any::Any,
    fmt,
    future::Future,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
    task::{Context, Poll, ready},
};

use futures_util::future::BoxFuture;

use crate::{
    envelope::{Envelope, Recorded},
    error::BoxError,
};

/// What a handler answers.
pub(super) type Handled = Result<(), BoxError>;

/// An asynchronous handler: any `Fn(Arc<T>) -> impl Future<Output = Result<(), BoxError>> + Send`.
///
/// `T` is [`Recorded<E>`] for a typed subscription and [`AnyEvent`](crate::AnyEvent) for one to a pattern.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not handle this event",
    label = "needs `Fn(Arc<Recorded<E>>) -> impl Future<Output = Result<(), BoxError>> + Send`",
    note = "a synchronous function is subscribed with `subscribe_sync`"
)]
pub trait Handler<T>: Fn(Arc<T>) -> <Self as Handler<T>>::Future + Send + Sync + 'static {
    /// What it returns.
    type Future: Future<Output = Handled> + Send + 'static;
}

impl<T, F, R> Handler<T> for F
where
    F: Fn(Arc<T>) -> R + Send + Sync + 'static,
    R: Future<Output = Handled> + Send + 'static,
{
    type Future = R;
}

/// Calls a handler and polls it once, so that one that does not wait costs no more than its call.
type Asynchronous<T> = Arc<dyn Fn(Arc<T>, &mut Context<'_>) -> Called + Send + Sync>;
type Synchronous<T> = Arc<dyn Fn(&T) -> Handled + Send + Sync>;

/// What a handler has come to when it was called.
pub(super) enum Called {
    Done(Handled),
    Waits(Waiting),
}

/// A handler that waits for something; `None` once it has ended.
pub(super) struct Waiting(Option<BoxFuture<'static, Handled>>);

impl Waiting {
    /// Goes on with it. A panic becomes its error, also one of what it holds, which is free once it has answered.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Handled> {
        let Some(work) = &mut self.0 else { return Poll::Ready(Ok(())) };
        let answer = ready!(caught(|| work.as_mut().poll(cx)).unwrap_or_else(|panic| Poll::Ready(Err(panic))));
        Poll::Ready(answer.and(caught(|| self.0 = None)))
    }
}

/// A handler of a pattern, shared by all event types.
pub(super) type AnyCall = Asynchronous<Envelope>;

/// A handler as the bus keeps it for events of one type.
pub(super) enum Call<E> {
    Sync(Synchronous<Recorded<E>>),
    Async(Asynchronous<Recorded<E>>),
    Any(AnyCall),
}

impl<E> Clone for Call<E> {
    fn clone(&self) -> Self {
        match self {
            Self::Sync(call) => Self::Sync(Arc::clone(call)),
            Self::Async(call) => Self::Async(Arc::clone(call)),
            Self::Any(call) => Self::Any(Arc::clone(call)),
        }
    }
}

/// One handler in the order of a route.
pub(super) struct Entry<E> {
    /// Its place among all registrations.
    pub(super) number: u64,
    pub(super) name: Arc<str>,
    pub(super) call: Call<E>,
}

impl<E> Clone for Entry<E> {
    fn clone(&self) -> Self {
        Self { number: self.number, name: Arc::clone(&self.name), call: self.call.clone() }
    }
}

// Panics are caught in here, where the handler's type is known: if it cannot panic, no guard is left of it, and if its future
// never waits, no box.

/// Puts the type of a handler away.
pub(super) fn erase<T: 'static>(handler: impl Handler<T>) -> Asynchronous<T> {
    let call = move |event: Arc<T>, cx: &mut Context<'_>| {
        let mut work = Box::pin(handler(event));
        match work.as_mut().poll(cx) {
            Poll::Ready(answer) => Called::Done(answer),
            Poll::Pending => Called::Waits(Waiting(Some(work))),
        }
    };
    Arc::new(move |event, cx| caught(|| call(event, cx)).unwrap_or_else(|panic| Called::Done(Err(panic))))
}

/// Puts the type of a synchronous handler away.
pub(super) fn erase_sync<T: 'static>(handler: impl Fn(&T) -> Handled + Send + Sync + 'static) -> Synchronous<T> {
    Arc::new(move |event| caught(|| handler(event)).unwrap_or_else(Err))
}

/// Runs a part of a handler; a panic becomes its error.
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, BoxError> {
    catch_unwind(AssertUnwindSafe(work)).map_err(panicked)
}

#[cold]
fn panicked(payload: Box<dyn Any + Send>) -> BoxError {
    Panic::of(&*payload).into()
}

/// A handler panicked; what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic(String);

impl Panic {
    /// Reads the payload of a panic.
    pub(crate) fn of(payload: &(dyn Any + Send)) -> Self {
        let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
        Self(text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "no text".to_owned()))
    }

    /// What it said.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Panic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "panicked: {}", self.0)
    }
}

impl std::error::Error for Panic {}
