//! Connections that are used by their callers: those that read, and those that do what is one statement.

mod guard;
mod held;
mod limits;
mod load;

use std::{
    future::Future,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::{
    runtime::Handle,
    sync::{AcquireError, OwnedSemaphorePermit, Semaphore, SemaphorePermit},
    time::timeout,
};

use self::load::Load;
pub(in crate::sql) use self::{
    guard::Guard,
    held::{Held, on_a_connection},
    limits::Limits,
};
use super::{Dialect, Session, failure::pool_timeout};
use crate::{
    clock::Stopwatch,
    error::Error,
    resilience::{Breaker, Pool},
    store::refusal,
};

/// Connections that nobody uses just now, and how many may be used at once.
pub(in super::super) struct Readers<D: Dialect> {
    options: D::Options,
    /// In the order in which they were given back.
    free: Mutex<Vec<Resting<D>>>,
    most: usize,
    room: Arc<Semaphore>,
    load: Load,
    breaker: Option<Breaker>,
    closed: AtomicBool,
}

/// A connection that nobody uses.
struct Resting<D: Dialect> {
    home: Home,
    since: Stopwatch,
    session: Session<D>,
}

/// The runtime that drives a connection: nobody else can use it, for nothing says that it still runs.
pub(in super::super) type Home = Option<tokio::runtime::Id>;

fn here() -> Home {
    Handle::try_current().ok().map(|runtime| runtime.id())
}

/// A connection that was lent for as long as its room is kept.
pub(in super::super) struct Loan<D: Dialect> {
    pub(in super::super) home: Home,
    pub(in super::super) session: Session<D>,
    pub(in super::super) guard: Guard,
    pub(in super::super) room: OwnedSemaphorePermit,
}

impl<D: Dialect> Readers<D> {
    pub(in super::super) fn new(options: D::Options, most: usize) -> Self {
        let (room, load) = (Arc::new(Semaphore::new(most)), Load::new());
        Self { options, free: Mutex::default(), most, room, load, breaker: None, closed: AtomicBool::new(false) }
    }

    /// The same, which a breaker spares where it fails.
    pub(in super::super) fn guarded(self, breaker: Option<Breaker>) -> Self {
        Self { breaker, ..self }
    }

    fn free(&self) -> MutexGuard<'_, Vec<Resting<D>>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a connection that nobody uses, in the order of coming.
    ///
    /// # Errors
    /// `db/pool_timeout` if it takes too long, `db/circuit_open` if none is used now.
    pub(in super::super) async fn hold(&self) -> Result<Held<'_, D>, Error> {
        let mut guard = self.guard()?;
        if let Some(held) = self.try_hold() {
            return Ok(Held { guard, ..held });
        }
        let room = self.wait(self.room.acquire(), &mut guard).await?;
        Ok(self.held(room, guard))
    }

    /// One that nobody uses just now, unless another runtime has to be robbed of it.
    pub(in super::super) fn try_hold(&self) -> Option<Held<'_, D>> {
        self.try_room().map(|room| self.held(room, Guard::none()))
    }

    fn try_room(&self) -> Option<SemaphorePermit<'_>> {
        let here = Some(here()?);
        let room = self.room.try_acquire().ok()?;
        let free = self.free();
        let robs = free.len() > self.room.available_permits() && free.iter().all(|resting| resting.home != here);
        drop(free);
        if robs {
            return None;
        }
        self.load.at_once();
        Some(room)
    }

    /// A connection for as long as its room is kept. It comes [back](Self::bring_back) by itself never.
    ///
    /// # Errors
    /// Those of [`hold`](Self::hold).
    pub(in super::super) async fn lend(&self) -> Result<Loan<D>, Error> {
        let mut guard = self.guard()?;
        let room = match Arc::clone(&self.room).try_acquire_owned() {
            Ok(room) => {
                self.load.at_once();
                room
            }
            Err(_) => self.wait(Arc::clone(&self.room).acquire_owned(), &mut guard).await?,
        };
        Ok(Loan { home: here(), session: self.session(), guard, room })
    }

    /// The runtime that runs this.
    pub(in super::super) fn here() -> Home {
        here()
    }

    /// Takes a connection that was lent, as it is, for its own runtime.
    pub(in super::super) fn bring_back(&self, home: Home, session: Session<D>) {
        if !self.closed.load(Ordering::Acquire) {
            self.free().push(Resting { home, since: Stopwatch::start(), session });
        }
    }

    fn guard(&self) -> Result<Guard, Error> {
        Guard::enter(self.breaker.as_ref(), || D::place(&self.options))
    }

    async fn wait<R>(
        &self,
        turn: impl Future<Output = Result<R, AcquireError>>,
        guard: &mut Guard,
    ) -> Result<R, Error> {
        let _waits = self.load.wait();
        let Ok(room) = timeout(D::limits(&self.options).acquire, turn).await else {
            guard.end(true);
            return Err(pool_timeout(&D::place(&self.options)));
        };
        room.map_err(|_| refusal::closed())
    }

    fn held<'a>(&'a self, room: SemaphorePermit<'a>, guard: Guard) -> Held<'a, D> {
        Held { readers: self, session: self.session(), guard, _room: room }
    }

    fn session(&self) -> Session<D> {
        let (limits, here) = (D::limits(&self.options), here());
        let mut free = self.free();
        let stale = free.iter().take_while(|resting| resting.since.elapsed() >= limits.idle).count();
        let stale: Vec<_> = free.drain(..stale).collect();
        let own = free.iter().rposition(|resting| resting.home == here).map(|place| free.remove(place));
        if own.is_none() && free.len() > self.room.available_permits() {
            free.remove(0); // no more connections than there may be
        }
        drop(free);
        drop(stale);
        let rested = own.map(|Resting { since, session, .. }| session.rested(since.elapsed(), limits));
        rested.unwrap_or_else(|| Session::new(self.options.clone()))
    }

    /// How it does now.
    pub(in super::super) fn pool(&self) -> Pool {
        let (idle, free) = (self.free().len(), self.room.available_permits());
        let in_use = self.most.saturating_sub(free);
        Pool {
            most: self.most,
            size: idle + in_use,
            idle,
            in_use,
            waiting: self.load.waiting(),
            waits: self.load.waits(),
            p95: self.load.p95(),
        }
    }

    /// Lends no more and waits for nobody.
    pub(in super::super) fn shut(&self) {
        self.closed.store(true, Ordering::Release);
        self.room.close();
        self.free().clear();
    }

    /// Takes no more work and says goodbye; work that was begun is finished.
    pub(in super::super) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let all = u32::try_from(self.most).unwrap_or(u32::MAX);
        let last = self.room.acquire_many(all).await;
        self.room.close();
        drop(last);
        let free = std::mem::take(&mut *self.free());
        for mut resting in free {
            resting.session.close().await;
        }
    }
}

/// Both together; of the waits, the longer one.
pub(in super::super) fn both(one: Pool, other: Pool) -> Pool {
    Pool {
        most: one.most + other.most,
        size: one.size + other.size,
        idle: one.idle + other.idle,
        in_use: one.in_use + other.in_use,
        waiting: one.waiting + other.waiting,
        waits: one.waits + other.waits,
        p95: one.p95.max(other.p95),
    }
}
