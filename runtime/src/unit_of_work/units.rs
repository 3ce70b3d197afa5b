//! What every unit of work needs, wired once by the application.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, OnceLock},
};

use super::UnitOfWork;
use crate::{
    bus::Bus,
    clock::Clock,
    envelope::{Envelope, Metadata},
    error::Error,
    projection::AnyProjection,
    repository::Db,
    store::{AnyStore, Transaction},
};

/// Runs a future to its end, whatever becomes of who asked. Only the application spawns tasks, and it joins them.
pub type Spawner = Arc<dyn Fn(Pin<Box<dyn Future<Output = ()> + Send>>) + Send + Sync>;

/// A future in a box: where a bound is not kept, rustc says so once and not again for the future.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// An async function of one argument, with its future named so that it can be required to be `Send`.
pub trait AsyncFunc<A, R>: FnOnce(A) -> Self::Fut {
    /// The future.
    type Fut: Future<Output = R>;
}

impl<F, A, R, Fut> AsyncFunc<A, R> for F
where
    F: FnOnce(A) -> Fut,
    Fut: Future<Output = R>,
{
    type Fut = Fut;
}

/// As [`AsyncFunc`], of a function that is called repeatedly.
pub trait AsyncFuncMut<A, R>: FnMut(A) -> Self::Fut {
    /// The future.
    type Fut: Future<Output = R>;
}

impl<F, A, R, Fut> AsyncFuncMut<A, R> for F
where
    F: FnMut(A) -> Fut,
    Fut: Future<Output = R>,
{
    type Fut = Fut;
}

/// Is told of every message that a commit has made durable.
pub type Observer = Arc<dyn Fn(&Envelope) + Send + Sync>;

/// Makes units of work; clones share everything.
#[derive(Clone)]
pub struct Units(Arc<Parts>);

pub(super) struct Parts {
    pub(super) store: AnyStore,
    db: OnceLock<Option<Db>>,
    pub(super) bus: Bus,
    pub(super) clock: Clock,
    pub(super) inline: Vec<AnyProjection>,
    pub(super) spawner: Option<Spawner>,
    pub(super) observer: Option<Observer>,
    pub(super) wake: Option<Arc<dyn Fn() + Send + Sync>>,
    /// No application is there: nobody hears domain events.
    pub(super) alone: bool,
}

impl Units {
    /// Units on a store; events are dispatched through `bus`.
    #[must_use]
    pub fn new(store: AnyStore, bus: Bus, clock: Clock) -> Self {
        let db = OnceLock::new();
        Self(Arc::new(Parts {
            store,
            db,
            bus,
            clock,
            inline: Vec::new(),
            spawner: None,
            observer: None,
            wake: None,
            alone: false,
        }))
    }

    /// Runs these projections inside each commit.
    #[must_use]
    pub fn inline(self, inline: Vec<AnyProjection>) -> Self {
        self.change(|parts| parts.inline = inline)
    }

    /// Finishes what follows a commit on a task of its own, so that a caller who goes away does not stop it.
    #[must_use]
    pub fn spawner(self, spawner: Spawner) -> Self {
        self.change(|parts| parts.spawner = Some(spawner))
    }

    /// Tells `observer` of each committed message.
    #[must_use]
    pub fn observer(self, observer: Observer) -> Self {
        self.change(|parts| parts.observer = Some(observer))
    }

    /// Calls `wake` after each commit that put something into the outbox.
    #[must_use]
    pub fn wake(self, wake: Arc<dyn Fn() + Send + Sync>) -> Self {
        self.change(|parts| parts.wake = Some(wake))
    }

    /// Of a database without an application.
    pub(super) fn alone(self) -> Self {
        self.change(|parts| parts.alone = true)
    }

    fn change(self, change: impl FnOnce(&mut Parts)) -> Self {
        let mut parts = Arc::try_unwrap(self.0).unwrap_or_else(|shared| Parts {
            store: shared.store.clone(),
            db: shared.db.clone(),
            bus: shared.bus.clone(),
            clock: shared.clock.clone(),
            inline: shared.inline.clone(),
            spawner: shared.spawner.clone(),
            observer: shared.observer.clone(),
            wake: shared.wake.clone(),
            alone: shared.alone,
        });
        change(&mut parts);
        Self(Arc::new(parts))
    }

    /// An empty unit of work.
    pub fn begin(&self, metadata: Metadata) -> UnitOfWork {
        UnitOfWork {
            transaction: Transaction::new(self.0.store.clone(), metadata.tenant.clone()),
            units: self.clone(),
            metadata,
            loaded: Vec::new(),
            unlogged: Vec::new(),
            staged: Vec::new(),
            hooks: Vec::new(),
            sealed: Vec::new(),
            fault: None,
            depth: 0,
            attempt: 1,
            open: None,
        }
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &AnyStore {
        &self.0.store
    }

    /// The entities of the store; nothing if it keeps none.
    #[must_use]
    pub fn db(&self) -> Option<&Db> {
        self.0.db.get_or_init(|| Db::of(&self.0.store)).as_ref()
    }

    /// The clock.
    #[must_use]
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// The bus.
    #[must_use]
    pub fn bus(&self) -> &Bus {
        &self.0.bus
    }

    pub(super) fn observes(&self) -> bool {
        self.0.observer.is_some()
    }

    pub(super) fn parts(&self) -> &Parts {
        &self.0
    }
}

impl fmt::Debug for Units {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Units").field("inline", &self.0.inline).finish_non_exhaustive()
    }
}
