//! The runtime of a facade: on a thread of its own, which ends with the last handle.

use std::{
    cell::Cell,
    fmt,
    future::Future,
    pin::pin,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
};

use tokio::{
    runtime::{Builder, Handle, Id},
    sync::oneshot,
};

use crate::error::{Error, ErrorKind};

thread_local! {
    /// The runtime for whose answer this thread waits.
    static WAITING: Cell<Option<Id>> = const { Cell::new(None) };
}

/// What drives sockets, timers and tasks while nobody waits, too. Clones share it; it is started by the first who waits.
#[derive(Clone, Default)]
pub(super) struct Background(Arc<OnceLock<Started>>);

struct Started {
    runtime: Handle,
    /// Dropped, it ends the thread, which drops the runtime: that is nothing for who may be in one.
    _end: oneshot::Sender<()>,
}

impl Background {
    /// Waits for an answer. The future is polled by this thread, so neither it nor what it calls has to be `Send`; and what it
    /// calls may wait in turn.
    ///
    /// # Errors
    /// `db/config` on a thread of a runtime.
    pub(super) fn wait<T, X: From<Error>>(&self, future: impl Future<Output = Result<T, X>>) -> Result<T, X> {
        let runtime = self.runtime().and_then(|runtime| runtime.ok_or_else(in_a_runtime)).map_err(X::from)?;
        let _context = runtime.enter();
        let _waiting = Waiting(WAITING.replace(Some(runtime.id())));
        until_ready(future)
    }

    /// The runtime, unless this thread is one of another.
    fn runtime(&self) -> Result<Option<&Handle>, Error> {
        if Handle::try_current().ok().map(|around| around.id()) != WAITING.get() {
            return Ok(None);
        }
        if self.0.get().is_none() {
            let _other = self.0.set(start()?); // who started one at the same moment was first: this one ends
        }
        Ok(self.0.get().map(|started| &started.runtime))
    }
}

impl fmt::Debug for Background {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Background")
    }
}

fn start() -> Result<Started, Error> {
    let runtime = Builder::new_current_thread().enable_all().build().map_err(not_started)?;
    let (handle, (end, ended)) = (runtime.handle().clone(), oneshot::channel());
    let own = thread::Builder::new().name("bailiwick-blocking".into());
    let driven = own.spawn(move || runtime.block_on(ended));
    driven.map(|_| Started { runtime: handle, _end: end }).map_err(not_started)
}

/// Restores what was waited for around it, also when a poll panics.
struct Waiting(Option<Id>);

impl Drop for Waiting {
    fn drop(&mut self) {
        WAITING.set(self.0);
    }
}

/// Of one wait: others may lie in it and around it on the same thread.
struct Bell {
    rung: AtomicBool,
    thread: Thread,
}

impl Wake for Bell {
    fn wake(self: Arc<Self>) {
        self.rung.store(true, Ordering::Release);
        self.thread.unpark();
    }
}

fn until_ready<F: Future>(future: F) -> F::Output {
    let bell = Arc::new(Bell { rung: AtomicBool::new(false), thread: thread::current() });
    let waker = Waker::from(Arc::clone(&bell));
    let (mut task, mut future) = (Context::from_waker(&waker), pin!(future));
    loop {
        if let Poll::Ready(answer) = future.as_mut().poll(&mut task) {
            return answer;
        }
        while !bell.rung.swap(false, Ordering::Acquire) {
            thread::park();
        }
    }
}

fn in_a_runtime() -> Error {
    let message = "this thread belongs to an async runtime, which a call that blocks would hold up: await the same method of \
                   `bailiwick::repository`, or call from a thread of your own";
    Error::new(ErrorKind::Config, "db/config", message)
}

fn not_started(error: std::io::Error) -> Error {
    let message = "the thread that drives the blocking facade could not be started";
    Error::new(ErrorKind::Config, "db/config", message).caused_by(error)
}
