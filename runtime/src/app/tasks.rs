//! The one place that spawns tasks, and joins them.

use std::{
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::task::JoinSet;

use crate::unit_of_work::Spawner;

/// The tasks of an application.
#[derive(Clone, Default)]
pub(super) struct Tasks(Arc<Shared>);

#[derive(Default)]
struct Shared {
    tasks: Mutex<JoinSet<()>>,
    /// A set wakes one waiter alone.
    joining: tokio::sync::Mutex<()>,
}

impl Tasks {
    fn tasks(&self) -> MutexGuard<'_, JoinSet<()>> {
        self.0.tasks.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs a future to its end.
    #[allow(clippy::disallowed_methods, reason = "the one home of spawned tasks; `join` waits for them")]
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.tasks();
        while tasks.try_join_next().is_some() {}
        tasks.spawn(work);
    }

    /// A handle for those who may not spawn.
    pub(super) fn spawner(&self) -> Spawner {
        let tasks = self.clone();
        Arc::new(move |work: Pin<Box<dyn Future<Output = ()> + Send>>| tasks.spawn(work))
    }

    /// Waits until all have ended. Who gives up waiting stops none of them.
    pub(super) async fn join(&self) {
        let _turn = self.0.joining.lock().await;
        while poll_fn(|task| self.tasks().poll_join_next(task)).await.is_some() {}
    }
}

impl fmt::Debug for Tasks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tasks")
    }
}
