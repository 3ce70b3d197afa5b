//! One event to its handlers, and what went wrong.

use std::{fmt, sync::Arc};

use futures_util::{StreamExt, stream};

use super::{
    handler::{Call, Entry, Handled, call_async, call_sync},
    routes::Route,
};
use crate::{
    envelope::{Envelope, Recorded},
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
    let listened = route.iter().any(|entry| matches!(entry.call, Call::Any(_)));
    let any = listened.then(|| Arc::new(event.envelope().clone()));
    let (event, any) = (&event, any.as_ref());
    let mut errors = Vec::new();
    if at_once <= 1 {
        for entry in route.iter() {
            collect(&mut errors, entry, call(entry, event, any).await);
        }
    } else {
        let calls = stream::iter(0..route.len()).map(|index| call(&route[index], event, any));
        let answers: Vec<Handled> = calls.buffered(at_once).collect().await;
        for (entry, answer) in route.iter().zip(answers) {
            collect(&mut errors, entry, answer);
        }
    }
    answer(event, errors)
}

async fn call<E>(entry: &Entry<E>, event: &Arc<Recorded<E>>, any: Option<&Arc<Envelope>>) -> Handled {
    match (&entry.call, any) {
        (Call::Sync(call), _) => call_sync(call, &**event),
        (Call::Async(call), _) => call_async(call, Arc::clone(event)).await,
        (Call::Any(call), Some(any)) => call_async(call, Arc::clone(any)).await,
        (Call::Any(call), None) => call_async(call, Arc::new(event.envelope().clone())).await,
    }
}

fn collect<E>(errors: &mut Vec<HandlerError>, entry: &Entry<E>, answer: Handled) {
    if let Err(error) = answer {
        errors.push(HandlerError { handler: Arc::clone(&entry.name), error });
    }
}

fn answer<E: Event>(event: &Recorded<E>, errors: Vec<HandlerError>) -> Result<(), DispatchError> {
    if errors.is_empty() { Ok(()) } else { Err(DispatchError { event: event.event().spec().name, errors }) }
}
