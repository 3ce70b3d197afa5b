//! The threads of a store: started together, joined at its end.

use std::thread::{self, JoinHandle};

use tokio::sync::{Mutex, oneshot};

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
        self.0.get_mut().push(Thread { ended, handle });
        Ok(())
    }

    /// Waits until each has ended, without blocking the caller's thread. Who gives up waiting can wait again.
    pub(super) async fn join(&self) {
        let mut threads = self.0.lock().await;
        while let Some(thread) = threads.last_mut() {
            let _ended = (&mut thread.ended).await; // the sender is dropped, never used
            let ended = threads.pop();
            let _panicked = ended.map(|thread| thread.handle.join()); // its callers have been told
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Duration,
    };

    use super::Threads;

    #[tokio::test]
    async fn who_gives_up_waiting_can_wait_again() {
        let (mut threads, done) = (Threads::default(), Arc::new(AtomicBool::new(false)));
        let flag = Arc::clone(&done);
        let work = move || {
            std::thread::sleep(Duration::from_millis(200));
            flag.store(true, Ordering::SeqCst);
        };
        threads.spawn("slow".into(), work).unwrap();
        assert!(tokio::time::timeout(Duration::from_millis(20), threads.join()).await.is_err());
        threads.join().await;
        assert!(done.load(Ordering::SeqCst));
    }
}
