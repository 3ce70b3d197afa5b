//! How a commit tells the relay that there is work.

use std::{
    pin::pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Notify, watch};

use crate::store::{AnyStore, News};

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

    fn take_requeued(&self) -> bool {
        self.0.requeued.load(Ordering::Relaxed) && self.0.requeued.swap(false, Ordering::Acquire)
    }
}

/// All that may call one relay.
#[derive(Debug)]
pub(super) struct Calls {
    pub(super) wake: Wake,
    outbox: watch::Receiver<()>,
    letters: watch::Receiver<()>,
    /// A call that was about letters, until a pass asks. Not every round makes one: an idle relay only looks, and one
    /// without the lease not even that.
    requeued: bool,
}

impl Calls {
    pub(super) fn of(store: &AnyStore) -> Self {
        let (outbox, letters) = (store.listen(News::OUTBOX), store.listen(News::LETTERS));
        Self { wake: Wake::new(), outbox, letters, requeued: false }
    }

    /// The pass that begins sees what was sent until now.
    pub(super) fn answered(&mut self) {
        self.outbox.mark_unchanged();
        let _taken = pin!(self.wake.0.notify.notified()).enable();
    }

    /// Whether somebody has decided about dead letters since this was last asked.
    pub(super) fn take_requeued(&mut self) -> bool {
        let told = self.letters.has_changed().unwrap_or(false);
        self.letters.mark_unchanged();
        self.wake.take_requeued() | told | std::mem::take(&mut self.requeued)
    }

    /// Waits for the next call.
    pub(super) async fn next(&mut self) {
        tokio::select! {
            () = self.wake.0.notify.notified() => {}
            Ok(()) = self.outbox.changed() => {}
            Ok(()) = self.letters.changed() => self.requeued = true,
        }
    }
}
