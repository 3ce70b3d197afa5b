//! Wiring an application, line by line.

use std::{fmt, marker::PhantomData, path::PathBuf, sync::Arc, time::Duration};

use super::{
    App, Layer, Parts, checks,
    describe::Description,
    open::{KNOWN, Place, Schema},
    secrets::Secrets,
    tasks::Tasks,
    workers::Hints,
};
use crate::{
    bus::{AnyBroker, Broker, Bus},
    clock::Clock,
    command::Handled,
    error::{Error, ErrorKind},
    mediator::{AggregateHome, Behaviour, Behaviours, Operation, Service, Wiring},
    projection::{AnyProjection, Follower, Mode, Projection},
    store::{AnyStore, Store},
    unit_of_work::{Observer, Units},
};

/// No home is registered yet: behaviours of one's own can be added.
#[derive(Debug)]
pub enum Open {}

/// A home is registered.
#[derive(Debug)]
pub enum Sealed {}

/// Where an application keeps what must not be lost.
enum Home {
    Nowhere,
    At(Place),
    Given(AnyStore),
}

/// Begins with [`App::builder`], ends with [`build`](Self::build), which reports everything that is missing at once.
#[must_use = "nothing runs before `build()`"]
pub struct AppBuilder<U = (), S = Open> {
    home: Home,
    clock: Clock,
    ring: Arc<U>,
    timeout: Option<Duration>,
    wiring: Wiring,
    projections: Vec<AnyProjection>,
    brokers: Vec<AnyBroker>,
    observer: Option<Observer>,
    require_handlers: bool,
    pub(super) secrets: Secrets,
    pub(super) schema: Schema,
    state: PhantomData<fn() -> S>,
}

impl AppBuilder<(), Open> {
    pub(super) fn new() -> Self {
        Self {
            home: Home::Nowhere,
            clock: Clock::system(),
            ring: Arc::new(()),
            timeout: Some(Duration::from_secs(30)),
            wiring: Wiring::default(),
            projections: Vec::new(),
            brokers: Vec::new(),
            observer: None,
            require_handlers: false,
            secrets: Secrets::default(),
            schema: Schema::default(),
            state: PhantomData,
        }
    }
}

impl<U, S> AppBuilder<U, S> {
    /// Keeps everything in a SQLite file, which is created and brought up to date.
    pub fn sqlite(mut self, path: impl Into<PathBuf>) -> Self {
        self.home = Home::At(Place::Sqlite(path.into()));
        self
    }

    /// Keeps everything in the database at this URL: `sqlite://path`, without parameters, `postgres://…`, `mysql://…`,
    /// `mariadb://…`, or `memory:`. A server's database must be there; its tables are made and brought up to date.
    pub fn database(mut self, url: &str) -> Self {
        self.home = Home::At(Place::of(url).unwrap_or_else(|| {
            self.wiring.findings.push(format!("`{url}` is no database: write {KNOWN}"));
            Place::Memory
        }));
        self
    }

    /// Keeps everything in memory: for tests and demonstrations.
    pub fn memory(mut self) -> Self {
        self.home = Home::At(Place::Memory);
        self
    }

    /// Keeps everything in a store of one's own.
    pub fn store(self, store: impl Store) -> Self {
        self.any_store(AnyStore::new(store))
    }

    /// Keeps everything in a store that others use too.
    pub fn any_store(mut self, store: AnyStore) -> Self {
        self.home = Home::Given(store);
        self
    }

    /// Says that `build()` may bring the schema up to date; it does so anyway.
    pub fn migrate(self) -> Self {
        self
    }

    /// Another clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Publishes events with a topic through this broker, and subscribes to it.
    pub fn broker(mut self, broker: impl Broker) -> Self {
        self.brokers.push(AnyBroker::new(broker));
        self
    }

    /// Is told of every message that a commit has made durable.
    pub fn observer(mut self, observer: Observer) -> Self {
        self.observer = Some(observer);
        self
    }

    /// Makes a domain event to which nothing subscribes a finding of `build()`.
    pub fn require_handlers(mut self) -> Self {
        self.require_handlers = true;
        self
    }

    /// Adds a behaviour. One of one's own goes inside those added before and stands before the first home; a built-in one
    /// takes its own place and may stand anywhere.
    pub fn behaviour<L: Layer<U, S>>(self, layer: L) -> L::Builder {
        layer.add_to(self)
    }

    /// Keeps a read model up to date: inline or from a checkpoint, as `#[projection]` says.
    pub fn projection<P: Projection>(mut self, projection: P) -> Self {
        self.wiring.projected.extend(P::EVENTS);
        self.projections.push(AnyProjection::new(projection));
        self
    }

    /// Expects that something handles `M`; otherwise `build()` says so.
    pub fn expects<M: Handled>(mut self) -> Self {
        if !self.wiring.handles::<M>() {
            let name = std::any::type_name::<M>();
            self.wiring.findings.push(format!("nothing handles `{name}`: add `{}` before `.expects`", M::REGISTER));
        }
        self
    }

    pub(super) fn with_timeout(mut self, timeout: Result<Option<Duration>, String>) -> Self {
        match timeout {
            Ok(timeout) => self.timeout = timeout,
            Err(finding) => self.wiring.findings.push(finding),
        }
        self
    }

    fn rebuilt<V, T>(self, ring: Arc<V>) -> AppBuilder<V, T> {
        AppBuilder {
            home: self.home,
            clock: self.clock,
            ring,
            timeout: self.timeout,
            wiring: self.wiring,
            projections: self.projections,
            brokers: self.brokers,
            observer: self.observer,
            require_handlers: self.require_handlers,
            secrets: self.secrets,
            schema: self.schema,
            state: PhantomData,
        }
    }

    fn sealed(self) -> AppBuilder<U, Sealed> {
        let ring = Arc::clone(&self.ring);
        self.rebuilt(ring)
    }
}

impl<U: Behaviours> AppBuilder<U, Open> {
    pub(super) fn with_ring<B: Behaviour>(self, behaviour: B) -> AppBuilder<(Arc<U>, B), Open> {
        let ring = Arc::new((Arc::clone(&self.ring), behaviour));
        self.rebuilt(ring)
    }
}

impl<U: Behaviours, S> AppBuilder<U, S> {
    /// Registers an aggregate with every command it handles.
    pub fn aggregate<A: AggregateHome>(mut self) -> AppBuilder<U, Sealed> {
        self.wiring.aggregate::<A, U>(&self.ring);
        self.sealed()
    }

    /// Registers a service with every message and event it handles.
    pub fn service<V: Service>(mut self, service: V) -> AppBuilder<U, Sealed> {
        self.wiring.service(service, &self.ring);
        self.sealed()
    }

    /// Registers a command that carries out itself.
    pub fn command<C: Operation>(mut self) -> AppBuilder<U, Sealed> {
        self.wiring.operation::<C, U>(&self.ring);
        self.sealed()
    }

    /// Checks the wiring, opens the store and brings its schema up to date.
    ///
    /// # Errors
    /// `app/build` with every finding, one per line; what the store answers when it is opened.
    pub async fn build(self) -> Result<App, Error> {
        self.check()?;
        let description = Description::of(&self.wiring, &self.projections);
        let store = self.secrets.open(open(self.home)?)?;
        store.migrate().await?;
        self.schema.prepare(&store).await?;
        let (tasks, hints) = (Tasks::default(), Arc::new(Hints::default()));
        let projections = self.projections;
        let of = |mode| projections.iter().filter(move |projection| projection.mode() == mode).cloned();
        let followers = of(Mode::Async).map(|projection| Follower::of(store.clone(), projection)).collect();
        let units = Units::new(store.clone(), Bus::new(), self.clock).inline(of(Mode::Inline).collect());
        let mut units = units.spawner(tasks.spawner());
        units = units.wake(hints.on_outbox());
        if let Some(observer) = self.observer {
            units = units.observer(observer);
        }
        let mut wiring = self.wiring;
        let (local, remote) = (std::mem::take(&mut wiring.local), std::mem::take(&mut wiring.remote));
        let mediator = Arc::new(wiring.build(units, self.timeout));
        for subscription in local {
            subscription.attach(&mediator)?;
        }
        let broker = self.brokers.into_iter().next();
        let parts = Parts { mediator, broker, remote, followers, relayed: hints, tasks, description, projections };
        Ok(App(Arc::new(parts)))
    }

    fn check(&self) -> Result<(), Error> {
        let findings = self.findings();
        if findings.is_empty() {
            return Ok(());
        }
        let message = format!("the application is not wired completely:\n- {}", findings.join("\n- "));
        Err(Error::new(ErrorKind::Config, "app/build", message))
    }

    fn findings(&self) -> Vec<String> {
        let mut findings = self.wiring.findings.clone();
        if matches!(self.home, Home::Nowhere) {
            findings.push("there is no store: add `.sqlite(\"app.db\")`, or `.memory()` for tests".into());
        }
        let projections = self.projections.iter().map(AnyProjection::name).collect();
        checks::run(&self.wiring, projections, self.brokers.len(), &mut findings);
        checks::unlogged(&self.wiring, &self.projections, &mut findings);
        self.secrets.check(&self.wiring, &mut findings);
        if self.require_handlers {
            checks::unheard(&self.wiring, &mut findings);
        }
        findings
    }
}

fn open(home: Home) -> Result<AnyStore, Error> {
    match home {
        Home::Nowhere => Place::Memory.open(),
        Home::At(place) => place.open(),
        Home::Given(store) => Ok(store),
    }
}

impl<U, S> fmt::Debug for AppBuilder<U, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppBuilder").field("wiring", &self.wiring).finish_non_exhaustive()
    }
}
