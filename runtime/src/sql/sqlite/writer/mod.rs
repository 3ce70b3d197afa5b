//! The one thread that writes.
//!
//! **Group commit**: all commits that wait share one transaction and one wait for the disk. Each is checked before it
//! writes; one that is refused has written nothing. Where a commit fails half-way after all, the transaction is rolled
//! back and the group is done again with a savepoint around each commit, so that only the failing one is undone.
//! Nobody is answered before COMMIT has.

mod group;
mod job;
pub(super) mod settle;

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use rusqlite::Connection;
use tokio::{sync::oneshot, time::timeout};

use super::{
    super::threads::Threads,
    classify::{Failure, busy, closed, commit_unknown, overloaded, panicked},
    connection::{Session, Use},
    options::SqliteOptions,
    queue::{Queue, Refused},
};
use crate::{error::Error, store::nesting};
use group::{Desk, Group};
use job::{Claim, Job, Work};

/// What the thread is asked to do.
enum Order {
    /// A piece of a group.
    Write(Box<dyn Job>),
    /// Something that has transactions of its own.
    Alone(Box<dyn FnOnce(&mut Session) + Send>),
}

/// The writer, seen from the callers.
pub(super) struct Writer {
    options: SqliteOptions,
    queue: Arc<Queue<Order>>,
    /// Whoever keeps the thread for longer than a commit takes, or waits to, has a clone of it.
    pub(super) lent: Arc<()>,
}

impl Writer {
    /// Opens the file and starts the thread.
    pub(super) fn start(options: SqliteOptions, threads: &mut Threads) -> Result<Self, Error> {
        let mut session = Session::new(options.clone(), Use::Write);
        session.connection()?;
        let queue = Arc::new(Queue::new());
        let orders = Arc::clone(&queue);
        threads.spawn("bw-sqlite-write".into(), move || run(session, &orders))?;
        Ok(Self { options, queue, lent: Arc::default() })
    }

    /// Has a work done in the writer's transaction; `weight` is about how many bytes it writes. The work may run twice.
    /// Where the thread is lent, it is waited for no longer than for any lock.
    pub(super) async fn write<T, F>(&self, weight: usize, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnMut(&Connection) -> Result<T, Failure> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let work = Work::new(weight, work, reply);
        let claim = work.claim();
        self.order(Order::Write(Box::new(work)))?;
        let lent = Arc::strong_count(&self.lent) > 1;
        let answer = if lent { self.in_turn(&claim, answer).await? } else { answer.await };
        answer.unwrap_or_else(|_| Err(commit_unknown(&self.options.path)))
    }

    /// The answer, unless who holds the thread has it for too long: then the work is taken back.
    async fn in_turn<A: Future + Unpin>(&self, claim: &Claim, mut answer: A) -> Result<A::Output, Error> {
        match timeout(self.options.lock_timeout, &mut answer).await {
            Ok(answer) => Ok(answer),
            Err(_) if claim.take_back() => Err(busy(&self.options.path)),
            Err(_) => Ok(answer.await),
        }
    }

    /// Has a work done that has transactions of its own.
    pub(super) async fn alone<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Session) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.lend(move |session| {
            let _gone = reply.send(work(session)); // a caller that left wants no answer
        })?;
        answer.await.unwrap_or_else(|_| Err(panicked(&self.options.path)))
    }

    /// Lends the thread and its connection when it is their turn; the work answers by itself.
    pub(super) fn lend(&self, work: impl FnOnce(&mut Session) + Send + 'static) -> Result<(), Error> {
        self.order(Order::Alone(Box::new(work)))
    }

    /// The number of this writer among all that live.
    pub(super) fn home(&self) -> usize {
        Arc::as_ptr(&self.queue).addr()
    }

    fn order(&self, order: Order) -> Result<(), Error> {
        nesting::refuse_within(self.home())?;
        self.queue.push(order).map_err(|refused| match refused {
            Refused::Closed => closed(&self.options.path),
            Refused::Full => overloaded(&self.options.path),
        })
    }

    pub(super) fn close(&self) {
        self.queue.close();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close(); // ends when its work is done; nobody waits for it
    }
}

/// When the thread ends by whatever way, nobody waits for it for ever.
struct Farewell<'a>(&'a Queue<Order>);

impl Drop for Farewell<'_> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}

fn run(session: Session, queue: &Queue<Order>) {
    let _farewell = Farewell(queue);
    let mut desk = Desk::new(session);
    while !desk.orders.is_empty() || queue.take(&mut desk.orders) {
        match desk.orders.pop_front() {
            Some(Order::Write(first)) => Group::new(&mut desk, queue).run(first),
            Some(Order::Alone(work)) => alone(&mut desk.session, work),
            None => {}
        }
    }
    if let Ok(connection) = desk.session.connection() {
        // What cannot be moved into the database file now stays in the log beside it and is read from there.
        let _later = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |_| Ok(()));
    }
}

fn alone(session: &mut Session, work: impl FnOnce(&mut Session)) {
    if catch_unwind(AssertUnwindSafe(|| work(session))).is_err() {
        session.discard();
    }
}
