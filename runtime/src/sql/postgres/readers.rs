//! Connections that read, and that do what is one statement.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use sqlx::PgConnection;
use tokio::sync::{Semaphore, SemaphorePermit};

use super::{classify::Failure, connection::Session, options::PostgresOptions};
use crate::{error::Error, store::refusal};

/// Connections that nobody uses just now, and how many may be used at once.
pub(super) struct Readers {
    options: PostgresOptions,
    free: Mutex<Vec<Session>>,
    room: Semaphore,
    closed: AtomicBool,
}

/// A connection while it is used. Dropped without [`settle`](Self::settle), it is closed: whoever gave up waiting left an
/// answer in it.
pub(super) struct Held<'a> {
    readers: &'a Readers,
    session: Session,
    _room: SemaphorePermit<'a>,
}

impl Readers {
    pub(super) fn new(options: PostgresOptions) -> Self {
        let room = Semaphore::new(options.readers);
        Self { options, free: Mutex::default(), room, closed: AtomicBool::new(false) }
    }

    fn free(&self) -> std::sync::MutexGuard<'_, Vec<Session>> {
        self.free.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for a connection that nobody uses.
    pub(super) async fn hold(&self) -> Result<Held<'_>, Error> {
        let room = self.room.acquire().await.map_err(|_| refusal::closed())?;
        let free = self.free().pop();
        let session = free.unwrap_or_else(|| Session::new(self.options.clone()));
        Ok(Held { readers: self, session, _room: room })
    }

    /// Takes no more work and says goodbye; work that was begun is finished.
    pub(super) async fn close(&self) {
        self.closed.store(true, Ordering::Release);
        let all = u32::try_from(self.options.readers).unwrap_or(u32::MAX);
        let last = self.room.acquire_many(all).await;
        self.room.close();
        drop(last);
        let free = std::mem::take(&mut *self.free());
        for mut session in free {
            session.close().await;
        }
    }
}

impl Held<'_> {
    /// The connection, to a database that has this program's tables.
    pub(super) async fn connection(&mut self) -> Result<&mut PgConnection, Error> {
        self.session.ready().await
    }

    /// Whether the server had closed the connection, perhaps long ago; the next one is a new one.
    pub(super) fn was_stale<T>(&mut self, answer: &Result<T, Failure>) -> bool {
        let stale = answer.as_ref().is_err_and(Failure::is_lost);
        if stale {
            self.session.discard();
        }
        stale
    }

    /// Gives the connection back, if it is well.
    pub(super) fn settle<T>(mut self, answer: Result<T, Failure>) -> Result<T, Error> {
        let place = self.session.options.place();
        let answer = answer.map_err(|failure| self.session.doubt(failure, &place));
        if !self.readers.closed.load(Ordering::Acquire) {
            self.readers.free().push(self.session);
        }
        answer
    }
}
