//! The one place that spawns tasks, and joins them.

use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::task::JoinSet;

use crate::unit_of_work::Spawner;

/// The tasks of an application.
#[derive(Clone, Default)]
pub(super) struct Tasks(Arc<Mutex<JoinSet<()>>>);

impl Tasks {
    /// Runs a future to its end.
    #[allow(clippy::disallowed_methods, reason = "the one home of spawned tasks; `join` waits for them")]
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// A handle for those who may not spawn.
    pub(super) fn spawner(&self) -> Spawner {
        let tasks = self.clone();
        Arc::new(move |work: Pin<Box<dyn Future<Output = ()> + Send>>| tasks.spawn(work))
    }

    /// Waits until all have ended.
    pub(super) async fn join(&self) {
        loop {
            let mut tasks = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
            if tasks.is_empty() {
                return;
            }
            while tasks.join_next().await.is_some() {}
        }
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tasks")
    }
}
