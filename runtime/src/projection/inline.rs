//! Inline projections: part of the commit.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use futures_util::FutureExt as _;
use std::panic::AssertUnwindSafe;

use super::Projection;
use crate::{
    envelope::StoredEvent,
    error::{BoxError, Error, ErrorKind},
    store::Transaction,
};

type Answer<'a> = Pin<Box<dyn Future<Output = Result<(), BoxError>> + Send + 'a>>;

trait DynProjection: Send + Sync {
    fn project<'a>(&'a self, event: &'a StoredEvent, tx: &'a mut Transaction) -> Answer<'a>;
}

impl<P: Projection> DynProjection for P {
    fn project<'a>(&'a self, event: &'a StoredEvent, tx: &'a mut Transaction) -> Answer<'a> {
        Box::pin(Projection::project(self, event, tx))
    }
}

/// Any [`Projection`], behind one type; clones share it.
#[derive(Clone)]
pub struct Inline {
    name: &'static str,
    reads: fn(&str) -> bool,
    projection: Arc<dyn DynProjection>,
}

impl Inline {
    /// Erases a projection.
    #[must_use]
    pub fn new<P: Projection>(projection: P) -> Self {
        Self { name: P::NAME, reads: P::reads, projection: Arc::new(projection) }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Hands it one event, if it reads events of that name.
    ///
    /// # Errors
    /// `projection/failed` or `projection/panicked`, with its name and the event's.
    pub async fn project(&self, event: &StoredEvent, tx: &mut Transaction) -> Result<(), Error> {
        if !(self.reads)(&event.envelope.name) {
            return Ok(());
        }
        let fault = |code, message: &str| {
            Error::new(ErrorKind::Internal, code, message)
                .with("projection", self.name)
                .with("event", &event.envelope.name)
        };
        match AssertUnwindSafe(self.projection.project(event, tx)).catch_unwind().await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(source)) => Err(passed_on(source, || fault("projection/failed", "a projection refused an event"))),
            Err(_) => Err(fault("projection/panicked", "a projection panicked on an event")),
        }
    }
}

/// A transient error or a conflict stays what it is, so that the unit is repeated; anything else is the projection's.
fn passed_on(source: BoxError, fault: impl FnOnce() -> Error) -> Error {
    match source.downcast::<Error>() {
        Ok(error) if error.is_transient() || error.is_conflict() => *error,
        Ok(error) => fault().caused_by(*error),
        Err(source) => fault().caused_by(source),
    }
}

impl fmt::Debug for Inline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inline({})", self.name)
    }
}
