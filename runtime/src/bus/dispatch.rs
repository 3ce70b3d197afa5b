//! One event to its handlers, and what went wrong.

use std::{fmt, panic::AssertUnwindSafe, sync::Arc};

use futures_util::{FutureExt as _, StreamExt as _, stream};

use super::{
    handler::{Call, Entry, Handled, Panic, call_sync},
    routes::Route,
};
use crate::{
    envelope::Recorded,
    error::{BoxError, Error, ErrorKind},
    event::Event,
};

/// Handlers of one event failed; the others have run.
#[derive(Debug)]
#[non_exhaustive]
pub struct DispatchError {
    /// The event's name.
    pub event: &'static str,
    /// One entry for each handler that failed, in the order of registration.
    pub errors: Vec<HandlerError>,
}

/// What one handler answered, or that it panicked.
#[derive(Debug)]
#[non_exhaustive]
pub struct HandlerError {
    /// The handler's name.
    pub handler: Arc<str>,
    /// Its error; a [`Panic`](super::Panic) if it panicked.
    pub error: BoxError,
}

impl fmt::Display for DispatchError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of the handlers of {} failed", self.errors.len(), self.event)?;
        for (index, HandlerError { handler, error }) in self.errors.iter().enumerate() {
            write!(f, "{} {handler}: {error}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for DispatchError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.errors.first().map(|first| &*first.error as &(dyn std::error::Error + 'static))
    }
}

impl From<DispatchError> for Error {
    fn from(error: DispatchError) -> Self {
        let message = "subscribers of an event failed; what caused the event stands";
        Self::new(ErrorKind::Internal, "bus/dispatch", message).with("event", error.event).caused_by(error)
    }
}

/// Calls the handlers of a route that has synchronous ones alone; `None` if it has others.
pub(super) fn run_sync<E: Event>(route: &[Entry<E>], event: &Recorded<E>) -> Option<Result<(), DispatchError>> {
    if !route.iter().all(|entry| matches!(entry.call, Call::Sync(_))) {
        return None;
    }
    let mut errors = Vec::new();
    for entry in route {
        if let Call::Sync(call) = &entry.call {
            collect(&mut errors, entry, call_sync(call, event));
        }
    }
    Some(answer(event, errors))
}

/// Calls every handler of a route, at most `at_once` at a time.
pub(super) async fn run<E: Event>(
    route: Route<E>,
    event: Arc<Recorded<E>>,
    at_once: usize,
) -> Result<(), DispatchError> {
    let mut errors = Vec::new();
    if at_once <= 1 {
        for entry in route.iter() {
            collect(&mut errors, entry, call(entry, &event).await);
        }
    } else {
        let calls = stream::iter(0..route.len()).map(|index| call(&route[index], &event));
        let answers: Vec<Handled> = calls.buffered(at_once).collect().await;
        for (entry, answer) in route.iter().zip(answers) {
            collect(&mut errors, entry, answer);
        }
    }
    answer(&event, errors)
}

/// Awaits one handler; a panic, while its future is made or polled, becomes its error.
fn call<'a, E: Event>(entry: &'a Entry<E>, event: &'a Arc<Recorded<E>>) -> impl Future<Output = Handled> + Send + 'a {
    let work = async move {
        match &entry.call {
            Call::Sync(call) => call(event),
            Call::Async(call) => call(Arc::clone(event)).await,
            Call::Any(call) => call(Arc::clone(&event.envelope)).await,
        }
    };
    let guarded = AssertUnwindSafe(work).catch_unwind();
    guarded.map(|answer| answer.unwrap_or_else(|payload| Err(Panic::of(&*payload).into())))
}

fn collect<E>(errors: &mut Vec<HandlerError>, entry: &Entry<E>, answer: Handled) {
    if let Err(error) = answer {
        errors.push(HandlerError { handler: Arc::clone(&entry.name), error });
    }
}

fn answer<E: Event>(event: &Recorded<E>, errors: Vec<HandlerError>) -> Result<(), DispatchError> {
    if errors.is_empty() { Ok(()) } else { Err(DispatchError { event: event.event().spec().name, errors }) }
}
