//! Watches over work on a connection, because a link that is dead may stay silent.
//!
//! No deadline would do: a statement may wait for a lock as long as it likes. So a connection that has been silent for as
//! long as a call waits for one is asked after on another: while the server works for it, it is waited for. A server that
//! does not, seen twice with as much time between, has answered, or has never heard the question, or cannot be reached.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Wake, Waker},
    time::Duration,
};

use futures_util::task::AtomicWaker;
use tokio::time::{sleep, timeout};

use super::{Dialect, Failure, Session, failure::UNREACHABLE};

/// What is known of a connection while it is used.
pub(in super::super) struct Watch<D: Dialect> {
    options: Arc<D::Options>,
    server: Option<D::Server>,
}

impl<D: Dialect> Watch<D> {
    pub(super) const fn new(options: Arc<D::Options>, server: Option<D::Server>) -> Self {
        Self { options, server }
    }

    /// Does the work, or fails as [`InDoubt`](Failure::InDoubt) when its answer will not come any more.
    pub(in super::super) async fn over<T, E: From<Failure<D::Error>>>(
        &self,
        work: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        let signs = Arc::new(Signs::default());
        tokio::select! {
            biased;
            done = noted(work, &signs) => done,
            () = self.lost(&signs) => Err(Failure::InDoubt(Failure::silence()).into()),
        }
    }

    /// Waits until no answer will come.
    async fn lost(&self, signs: &Signs) {
        let Some(server) = &self.server else { return std::future::pending().await };
        let patience = D::patience(&self.options);
        sleep(patience).await; // most have an answer by then
        let (mut asker, mut lost) = (Session::<D>::new(D::Options::clone(&self.options)), false);
        loop {
            let silent = !signs.take() && !works(&mut asker, server, patience).await && !signs.take();
            if silent && lost {
                return tracing::warn!(database = asker.place(), "a connection was lost without a sign");
            }
            lost = silent;
            sleep(patience).await;
        }
    }
}

/// Whether the server works for a connection. One that says anything else cannot be said not to.
async fn works<D: Dialect>(asker: &mut Session<D>, server: &D::Server, patience: Duration) -> bool {
    let place = asker.place();
    let asked = async { D::works(asker.connection().await?, server).await };
    match timeout(patience, asked).await {
        Ok(Ok(works)) => works,
        Ok(Err(failure)) => asker.doubt(failure, &place).code() != UNREACHABLE,
        Err(_) => {
            asker.discard();
            false
        }
    }
}

/// Does the work, and notes each sign of life: what it waits for has moved.
async fn noted<T>(work: impl Future<Output = T>, signs: &Arc<Signs>) -> T {
    let mut work = pin!(work);
    let waker = Waker::from(Arc::clone(signs));
    std::future::poll_fn(|task| {
        signs.task.register(task.waker());
        work.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

/// Whether there was a sign of life since somebody asked.
#[derive(Default)]
struct Signs {
    some: AtomicBool,
    task: AtomicWaker,
}

impl Signs {
    fn take(&self) -> bool {
        self.some.swap(false, Ordering::AcqRel)
    }
}

impl Wake for Signs {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.some.store(true, Ordering::Release);
        self.task.wake();
    }
}
