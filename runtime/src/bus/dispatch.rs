//! What went wrong when an event was handed to its handlers.

use std::{fmt, sync::Arc};

use crate::error::{BoxError, Error, ErrorKind};

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
