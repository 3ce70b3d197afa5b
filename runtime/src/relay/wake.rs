//! How a commit tells the relay that there is work.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::Notify;

/// Wakes a relay of the same process; clones share it. A lost call costs at most one poll: nothing depends on it.
#[derive(Debug, Clone, Default)]
pub struct Wake(Arc<Bell>);

#[derive(Debug, Default)]
struct Bell {
    notify: Notify,
    requeued: AtomicBool,
}

impl Wake {
    /// A handle that wakes nobody yet; see [`Relay::woken_by`](super::Relay::woken_by).
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says that a commit put something into the outbox.
    pub fn sent(&self) {
        self.0.notify.notify_one();
    }

    /// Says that dead letters were requeued or removed.
    pub fn requeued(&self) {
        self.0.requeued.store(true, Ordering::Release);
        self.0.notify.notify_one();
    }

    pub(super) fn take_requeued(&self) -> bool {
        self.0.requeued.load(Ordering::Relaxed) && self.0.requeued.swap(false, Ordering::Acquire)
    }

    pub(super) async fn woken(&self) {
        self.0.notify.notified().await;
    }
}
