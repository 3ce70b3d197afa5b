//! An application on memory, with a fixed clock and recorded events.

use std::{fmt, ops::Deref};

use super::RecordedEvents;
use crate::{
    app::{App, AppBuilder, Layer, Open, Sealed},
    bus::MemoryBroker,
    clock::Clock,
    error::Error,
    mediator::{AggregateHome, Behaviours, Operation, Service},
    projection::Projection,
    sensitive::{MasterKey, MemoryKeys, Vault},
    timestamp::Timestamp,
};

/// 2026-01-01T00:00:00Z, in microseconds since 1970.
pub(super) const START: i64 = 1_767_225_600_000_000;

/// Begins an application for a test: in-memory store and broker, a clock that stands at 2026-01-01T00:00:00Z, and every
/// durable message recorded. Sensitive fields are sealed by a master key that everybody knows.
pub fn app() -> TestAppBuilder<(), Open> {
    let clock = Clock::fixed(Timestamp::from_micros(START));
    let events = RecordedEvents::default();
    let builder = App::builder().memory().clock(clock).observer(events.observer()).broker(MemoryBroker::new());
    let builder = match master_key() {
        Ok(key) => builder.master_key(key),
        Err(_) => builder, // a build without the feature `sensitive`
    };
    TestAppBuilder { builder, events }
}

/// A key that everybody knows, if it can seal.
fn master_key() -> Result<MasterKey, Error> {
    let key = MasterKey::new("test", [7; 32])?;
    Vault::new(key.clone(), MemoryKeys::new()).map(|_| key)
}

/// As [`AppBuilder`], for tests.
#[must_use = "nothing runs before `build()`"]
pub struct TestAppBuilder<U = (), S = Open> {
    builder: AppBuilder<U, S>,
    events: RecordedEvents,
}

impl<U: Behaviours, S> TestAppBuilder<U, S> {
    /// As [`AppBuilder::aggregate`].
    pub fn aggregate<A: AggregateHome>(self) -> TestAppBuilder<U, Sealed> {
        TestAppBuilder { builder: self.builder.aggregate::<A>(), events: self.events }
    }

    /// As [`AppBuilder::service`].
    pub fn service<V: Service>(self, service: V) -> TestAppBuilder<U, Sealed> {
        TestAppBuilder { builder: self.builder.service(service), events: self.events }
    }

    /// As [`AppBuilder::command`].
    pub fn command<C: Operation>(self) -> TestAppBuilder<U, Sealed> {
        TestAppBuilder { builder: self.builder.command::<C>(), events: self.events }
    }

    /// As [`AppBuilder::projection`].
    pub fn projection<P: Projection>(self, projection: P) -> Self {
        Self { builder: self.builder.projection(projection), events: self.events }
    }

    /// As [`AppBuilder::behaviour`].
    pub fn behaviour<V, T, L: Layer<U, S, Builder = AppBuilder<V, T>>>(self, layer: L) -> TestAppBuilder<V, T> {
        TestAppBuilder { builder: self.builder.behaviour(layer), events: self.events }
    }

    /// Anything else of [`AppBuilder`].
    pub fn with<V, T>(self, change: impl FnOnce(AppBuilder<U, S>) -> AppBuilder<V, T>) -> TestAppBuilder<V, T> {
        TestAppBuilder { builder: change(self.builder), events: self.events }
    }

    /// Checks the wiring and starts.
    ///
    /// # Panics
    /// With every finding, if the wiring is not complete.
    pub async fn build(self) -> TestApp {
        match self.builder.build().await {
            Ok(app) => TestApp { app, events: self.events },
            Err(error) => panic!("{error}"),
        }
    }
}

/// An application under test; reads like the [`App`] itself.
#[derive(Clone)]
pub struct TestApp {
    app: App,
    events: RecordedEvents,
}

impl TestApp {
    /// What was made durable so far.
    #[must_use]
    pub fn events(&self) -> &RecordedEvents {
        &self.events
    }

    /// The application.
    #[must_use]
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Runs relay, subscriptions and projections until nothing is left to do: outbox, broker, subscribers, what they
    /// publish in turn.
    ///
    /// # Panics
    /// If the store answers with an error, or something keeps going for 10 s.
    pub async fn settle(&self) {
        let work = async {
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            let workers = self.app.run_workers(async move {
                let _ = stopped.await;
            });
            let drained = async {
                let answer = self.app.drained().await;
                let _ = stop.send(());
                answer
            };
            let (worked, drained) = tokio::join!(workers, drained);
            worked.and(drained)
        };
        match tokio::time::timeout(std::time::Duration::from_secs(10), work).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => panic!("the workers failed: {error:?}"),
            Err(_) => panic!("something keeps going: {:?} after 10 s", self.app.counts().await),
        }
    }
}

impl Deref for TestApp {
    type Target = App;

    fn deref(&self) -> &App {
        &self.app
    }
}

impl fmt::Debug for TestApp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.app.fmt(f)
    }
}

impl<U, S> fmt::Debug for TestAppBuilder<U, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.builder.fmt(f)
    }
}
