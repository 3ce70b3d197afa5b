//! What can be subscribed: functions of one event.

use std::{fmt, future::Future, panic::AssertUnwindSafe, panic::catch_unwind, sync::Arc};

use futures_util::{FutureExt, future::BoxFuture};

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

type Asynchronous<T> = Arc<dyn Fn(Arc<T>) -> BoxFuture<'static, Handled> + Send + Sync>;
type Synchronous<T> = Arc<dyn Fn(&T) -> Handled + Send + Sync>;

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

/// Boxes the futures of a handler.
pub(super) fn erase<T: 'static>(handler: impl Handler<T>) -> Asynchronous<T> {
    Arc::new(move |event| handler(event).boxed())
}

/// Calls a synchronous handler; a panic becomes its error.
pub(super) fn call_sync<T>(call: &Synchronous<T>, event: &T) -> Handled {
    catch_unwind(AssertUnwindSafe(|| call(event))).unwrap_or_else(|payload| Err(Panic::of(&*payload).into()))
}

/// A handler panicked; what it said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Panic(String);

impl Panic {
    /// Reads the payload of a panic.
    pub(crate) fn of(payload: &(dyn std::any::Any + Send)) -> Self {
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
