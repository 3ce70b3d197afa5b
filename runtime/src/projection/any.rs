//! Any projection, behind one type.

use std::{fmt, future::Future, panic::AssertUnwindSafe, pin::Pin, sync::Arc};

use futures_util::FutureExt as _;

use super::{Mode, Projection};
use crate::{
    envelope::StoredEvent,
    error::{BoxError, Error, ErrorKind},
    sensitive::{Ring, Subject},
    store::{GenerationChange, KEYS, ModelSeen, Transaction, states},
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
pub struct AnyProjection {
    name: &'static str,
    version: u32,
    mode: Mode,
    park_after: Option<u32>,
    reads: fn(&str) -> bool,
    owner: Arc<str>,
    projection: Arc<dyn DynProjection>,
}

impl AnyProjection {
    /// Erases a projection.
    #[must_use]
    pub fn new<P: Projection>(projection: P) -> Self {
        Self {
            name: P::NAME,
            version: P::VERSION,
            mode: P::MODE,
            park_after: P::PARK_AFTER.filter(|_| P::MODE == Mode::Async),
            reads: P::reads,
            owner: format!("{}/{}", P::NAME, P::VERSION).into(),
            projection: Arc::new(projection),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its version.
    #[must_use]
    pub fn version(&self) -> u32 {
        self.version
    }

    /// As whom it owns the read models that it writes: `NAME/VERSION`. Versions that run side by side, or one after the
    /// other, have read models of their own.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// When it runs.
    #[must_use]
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// The name of the checkpoint from which it follows, if it is asynchronous.
    #[must_use]
    pub fn checkpoint(&self) -> String {
        format!("projection/{}/{}", self.name, self.version)
    }

    /// After how many failed attempts it parks an event.
    pub(super) fn park_after(&self) -> Option<u32> {
        self.park_after
    }

    pub(super) fn reads(&self, event: &StoredEvent) -> bool {
        self.reads_name(&event.envelope.name)
    }

    /// Whether it reads events of this name.
    pub(crate) fn reads_name(&self, name: &str) -> bool {
        (self.reads)(name)
    }

    /// Refuses the note that events which the projection reads are not in the log from there on: what follows the log, or
    /// reads it again, would leave them out.
    pub(super) fn refuse_unlogged(&self, event: &StoredEvent) -> Result<(), Error> {
        let unlogged = states::noted(&event.envelope)?.unwrap_or_default();
        let Some(name) = unlogged.iter().find(|name| self.reads_name(name)) else { return Ok(()) };
        let message = "the log lacks events that the projection reads: the state of their aggregate is stored; make the \
                       projection inline, and do not rebuild it";
        Err(Error::new(ErrorKind::Config, "projection/unlogged", message)
            .with("projection", self.name)
            .with("event", name)
            .with("stream", &event.stream)
            .with("position", event.position))
    }

    /// The keys for those of these events that it reads. The transaction holds their rows: what was taken out is not
    /// written once its subject was forgotten.
    ///
    /// # Errors
    /// Trouble with keys, which is no fault of an event.
    pub(super) async fn keys(&self, events: &[StoredEvent], tx: &mut Transaction) -> Result<Ring, Error> {
        let read = events.iter().filter(|event| self.reads(event)).map(|event| &event.envelope);
        let ring = tx.store().ring(read).await?;
        if !tx.is_rebuilding() {
            // The rows of keys lie in the live generation.
            let seen = |(subject, revision): (&Subject, u64)| {
                let key = subject.name().to_owned();
                ModelSeen { model: KEYS, key, revision: Some(revision) }
            };
            tx.staged_mut().seen.extend(ring.held().map(seen));
        }
        Ok(ring)
    }

    /// Hands it one event, opened with these keys.
    pub(super) async fn open(&self, event: &StoredEvent, ring: &Ring, tx: &mut Transaction) -> Result<(), Error> {
        ring.hold_while(self.project(event, tx)).await
    }

    /// Hands it one event, if it reads events of that name. The read models that it writes become its own.
    ///
    /// # Errors
    /// `projection/failed` or `projection/panicked`, with its name and the event's.
    pub async fn project(&self, event: &StoredEvent, tx: &mut Transaction) -> Result<(), Error> {
        if !self.reads(event) {
            return Ok(());
        }
        let fault = |code, message: &str| {
            Error::new(ErrorKind::Internal, code, message)
                .with("projection", self.name)
                .with("event", &event.envelope.name)
        };
        let before = tx.staged().models.len();
        match AssertUnwindSafe(self.projection.project(event, tx)).catch_unwind().await {
            Ok(Ok(())) => self.own(before, tx),
            Ok(Err(source)) => {
                return Err(passed_on(source, || fault("projection/failed", "a projection refused an event")));
            }
            Err(_) => return Err(fault("projection/panicked", "a projection panicked on an event")),
        }
        Ok(())
    }

    /// Stages the entry of the read models that it writes, unless the store is known to have it.
    fn own(&self, before: usize, tx: &mut Transaction) {
        let written = tx.staged().models.iter().skip(before).map(|write| write.model);
        for model in tx.store().not_entered(&self.owner, written) {
            let change = GenerationChange::Own { model, owner: self.owner.to_string() };
            let generations = &mut tx.staged_mut().generations;
            if !generations.contains(&change) {
                generations.push(change);
            }
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

impl fmt::Debug for AnyProjection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyProjection({})", self.name)
    }
}
