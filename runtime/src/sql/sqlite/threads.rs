//! The threads of a store: started together, joined at its end.

use std::{
    sync::{Mutex, PoisonError},
    thread::{self, JoinHandle},
};

use tokio::sync::oneshot;

use crate::error::{Error, ErrorKind};

struct Thread {
    ended: oneshot::Receiver<()>,
    handle: JoinHandle<()>,
}

/// Threads that are still to be joined.
#[derive(Default)]
pub(super) struct Threads(Mutex<Vec<Thread>>);

impl Threads {
    pub(super) fn spawn(&mut self, name: String, run: impl FnOnce() + Send + 'static) -> Result<(), Error> {
        let (end, ended) = oneshot::channel::<()>();
        let body = move || {
            run();
            drop(end);
        };
        let handle = thread::Builder::new().name(name).spawn(body).map_err(|source| {
            let message = "a thread for the database cannot be started; raise the limit of threads";
            Error::new(ErrorKind::Transient, "db/thread", message).caused_by(source)
        })?;
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner).push(Thread { ended, handle });
        Ok(())
    }

    /// Waits until each has ended, without blocking the caller's thread.
    pub(super) async fn join(&self) {
        let threads = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            let _ended = thread.ended.await; // the sender is dropped, never used
            let _panicked = thread.handle.join(); // it ended already; its callers have been told
        }
    }
}
