//! Connections that are used by their callers: those that read, and those that do what is one statement.

use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use tokio::{
    runtime::Handle,
    sync::{OwnedSemaphorePermit, Semaphore, SemaphorePermit},
};

use super::{Dialect, Failure, Session, watch::Watch};
use crate::{error::Error, store::refusal};

/// Connections that nobody uses just now, and how many may be used at once.
pub(in super::super) struct Readers<D: Dialect> {
    options: D::Options,
    free: Mutex<Vec<(Home, Session<D>)>>,
    most: usize,
    room: Arc<Semaphore>,
    closed: AtomicBool,
}

/// The runtime that drives a connection: nobody else can use it, for nothing says that it still runs.
pub(in super::super) type Home = Option<tokio::runtime::Id>;

fn here() -> Home {
    Handle::try_current().ok().map(|runtime| runtime.id())
}

/// A connection while it is used. Dropped without [`settle`](Self::settle), it is closed: whoever gave up waiting left an
/// answer in it.
pub(in super::super) struct Held<'a, D: Dialect> {
    readers: &'a Readers<D>,
    session: Session<D>,
    _room: SemaphorePermit<'a>,
}

impl<D: Dialect> Readers<D> {
    pub(in super::super) fn new(options: D::Options, most: usize) -> Self {
        let room = Arc::new(Semaphore::new(most));
        Self { options, free: Mutex::new(Vec::new()), most, room, closed: AtomicBool::new(false) }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<(Home, Session<D>)>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a connection that nobody uses.
    pub(in super::super) async fn hold(&self) -> Result<Held<'_, D>, Error> {
        if let Some(held) = self.try_hold() {
            return Ok(held);
        }
        let room = self.room.acquire().await.map_err(|_| refusal::closed())?;
        Ok(self.held(room))
    }

    /// One that nobody uses just now, unless another runtime has to be robbed of it.
    pub(in super::super) fn try_hold(&self) -> Option<Held<'_, D>> {
        let here = Some(here()?);
        let room = self.room.try_acquire().ok()?;
        let free = self.free();
        let robs = free.len() > self.room.available_permits() && free.iter().all(|(home, _)| *home != here);
        drop(free);
        (!robs).then(|| self.held(room))
    }

    /// A connection for as long as its permit is kept. It comes [back](Self::bring_back) by itself never.
    pub(in super::super) async fn lend(&self) -> Result<(Home, Session<D>, OwnedSemaphorePermit), Error> {
        let room = Arc::clone(&self.room).acquire_owned().await.map_err(|_| refusal::closed())?;
        Ok((here(), self.session(), room))
    }

    /// Takes a connection that was lent, as it is, for its own runtime.
    pub(in super::super) fn bring_back(&self, home: Home, session: Session<D>) {
        if !self.closed.load(Ordering::Acquire) {
            self.free().push((home, session));
        }
    }

    fn held<'a>(&'a self, room: SemaphorePermit<'a>) -> Held<'a, D> {
        Held { readers: self, session: self.session(), _room: room }
    }

    fn session(&self) -> Session<D> {
        let (mut free, here) = (self.free(), here());
        let own = free.iter().rposition(|(home, _)| *home == here).map(|place| free.remove(place));
        if own.is_none() && free.len() > self.room.available_permits() {
            free.remove(0); // no more connections than there may be
        }
        drop(free);
        own.map_or_else(|| Session::new(self.options.clone()), |(_, session)| session)
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
        for (_, mut session) in free {
            session.close().await;
        }
    }
}

impl<D: Dialect> Held<'_, D> {
    /// The connection, to a database that has this program's tables, and who watches over it.
    pub(in super::super) async fn connection(&mut self) -> Result<(&mut D::Connection, Watch<D>), Error> {
        self.session().watched().await
    }

    /// Whether the server had closed the connection, perhaps long ago, or the connection knows the tables as they were
    /// once; the next one is a new one.
    pub(in super::super) fn was_stale<T>(&mut self, answer: &Result<T, Failure<D::Error>>) -> bool {
        let stale = answer.as_ref().is_err_and(|failure| failure.is_lost() || failure.is_outdated());
        if stale {
            self.session.discard();
        }
        stale
    }

    /// Gives the connection back, if it is well.
    pub(in super::super) fn settle<T>(mut self, answer: Result<T, Failure<D::Error>>) -> Result<T, Error> {
        let place = self.session.place();
        let answer = answer.map_err(|failure| self.session.doubt(failure.of_a_read(), &place));
        self.give_back();
        answer
    }

    /// The connection itself, for one who says what is wrong with it.
    pub(in super::super) fn session(&mut self) -> &mut Session<D> {
        &mut self.session
    }

    /// Gives the connection back, as it is.
    pub(in super::super) fn give_back(self) {
        self.readers.bring_back(here(), self.session);
    }
}

/// Does on a connection what may be done twice: a connection that the server had closed is replaced once.
macro_rules! on_a_connection {
    ($store:expr, |$db:ident| $work:expr) => {{
        let mut held = $store.readers.hold().await?;
        let mut answer = {
            let ($db, watch) = held.connection().await?;
            watch.over($work).await
        };
        if held.was_stale(&answer) {
            let ($db, watch) = held.connection().await?;
            answer = watch.over($work).await;
        }
        held.settle(answer)
    }};
}
pub(in super::super) use on_a_connection;
