//! A bulkhead: so much at once, so much that waits, and no more.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

use crate::error::{Error, ErrorKind};

/// Bounds how much is done at once, and how many wait for their turn, so that one thing that is slow does not take everything.
/// Who waits is let in in the order of coming. Clones share it.
///
/// ```
/// # use std::time::Duration;
/// use bailiwick::resilience::{Bulkhead, BulkheadFull};
/// # tokio::runtime::Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
/// let reports = Bulkhead::new(1, 0).wait_at_most(Duration::from_secs(2));
/// let place = reports.enter().await.expect("nobody is inside");
/// assert!(matches!(reports.enter().await, Err(BulkheadFull { .. })));
/// drop(place);
/// assert!(reports.enter().await.is_ok());
/// # });
/// ```
#[derive(Debug, Clone)]
pub struct Bulkhead {
    room: Arc<Semaphore>,
    waiting: Arc<AtomicUsize>,
    most: usize,
    queue: usize,
    limit: Option<Duration>,
}

/// There is no place, and no place to wait for one, or it was waited for too long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{most} are at work and {queue} may wait for them: there is no place; try again with fewer at once")]
#[non_exhaustive]
pub struct BulkheadFull {
    /// As many are at work at once.
    pub most: usize,
    /// As many may wait.
    pub queue: usize,
}

impl From<BulkheadFull> for Error {
    fn from(full: BulkheadFull) -> Self {
        Self::new(ErrorKind::Transient, "resilience/bulkhead_full", full.to_string()).caused_by(full)
    }
}

/// A place inside; it is free again when this is dropped.
#[derive(Debug)]
#[must_use = "the place is free again when this is dropped"]
pub struct Place(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl Bulkhead {
    /// So many at once, at least 1, and so many that wait.
    #[must_use]
    pub fn new(most: usize, queue: usize) -> Self {
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        Self { room: Arc::new(Semaphore::new(most)), waiting: Arc::default(), most, queue, limit: None }
    }

    /// Nobody waits longer than this; without it, as long as it takes.
    #[must_use]
    pub fn wait_at_most(self, limit: Duration) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Takes a place, or waits for one.
    ///
    /// # Errors
    /// [`BulkheadFull`] if as many wait as may, or the longest wait has passed.
    ///
    /// # Cancel safety
    /// Dropping the future gives up the place in the queue.
    pub async fn enter(&self) -> Result<Place, BulkheadFull> {
        if let Ok(permit) = Arc::clone(&self.room).try_acquire_owned() {
            return Ok(Place(permit));
        }
        let _waits = self.queued().ok_or_else(|| self.full())?;
        let turn = Arc::clone(&self.room).acquire_owned();
        let entered = match self.limit {
            Some(limit) => timeout(limit, turn).await.map_err(|_| self.full())?,
            None => turn.await,
        };
        entered.map(Place).map_err(|_| self.full()) // it is never closed
    }

    /// How many are inside.
    #[must_use]
    pub fn inside(&self) -> usize {
        self.most - self.room.available_permits().min(self.most)
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Acquire)
    }

    fn queued(&self) -> Option<Waits<'_>> {
        let more = |waiting| (waiting < self.queue).then_some(waiting + 1);
        self.waiting.fetch_update(Ordering::AcqRel, Ordering::Acquire, more).ok().map(|_| Waits(&self.waiting))
    }

    fn full(&self) -> BulkheadFull {
        BulkheadFull { most: self.most, queue: self.queue }
    }
}

/// One who waits.
struct Waits<'a>(&'a AtomicUsize);

impl Drop for Waits<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use futures_util::future::{join_all, poll_immediate};

    use super::*;

    #[tokio::test]
    async fn who_waits_is_let_in_in_the_order_of_coming_and_no_more_wait_than_may() {
        let bulkhead = Bulkhead::new(1, 3);
        let first = bulkhead.enter().await.unwrap();
        let order = Mutex::new(Vec::new());
        let one = async |number: u32| {
            let place = bulkhead.enter().await?;
            order.lock().unwrap().push(number);
            tokio::task::yield_now().await;
            drop(place);
            Ok::<_, BulkheadFull>(())
        };
        let later = async {
            tokio::task::yield_now().await;
            assert_eq!((bulkhead.inside(), bulkhead.waiting()), (1, 3));
            drop(first);
        };
        let (told, ()) = tokio::join!(join_all((0..5).map(one)), later);
        assert_eq!(told.iter().map(Result::is_ok).collect::<Vec<_>>(), [true, true, true, false, false]);
        assert_eq!(*order.lock().unwrap(), [0, 1, 2]);
        assert_eq!((bulkhead.inside(), bulkhead.waiting()), (0, 0));
    }

    #[tokio::test]
    async fn who_gives_up_or_waits_too_long_leaves_nothing() {
        let bulkhead = Bulkhead::new(1, 1).wait_at_most(Duration::from_millis(10));
        let first = bulkhead.enter().await.unwrap();
        for _ in 0..100 {
            let given_up = Box::pin(bulkhead.enter());
            assert!(poll_immediate(given_up).await.is_none());
        }
        assert_eq!(bulkhead.enter().await.unwrap_err(), BulkheadFull { most: 1, queue: 1 });
        drop(first);
        assert_eq!((bulkhead.inside(), bulkhead.waiting()), (0, 0));
        let _again = bulkhead.enter().await.unwrap();
    }
}
