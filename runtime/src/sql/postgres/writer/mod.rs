//! The connections that write, all on one thread.
//!
//! **Coalescing**: a connection that is free takes all commits that wait. Those that only append, to different streams,
//! become one statement, and so one round trip and one wait for the disk; each of them is refused for itself. The others
//! have a transaction each. While a connection waits for the server the next commits gather.

mod group;
mod settle;

use std::sync::Arc;

use futures_util::{StreamExt, stream::FuturesUnordered};
use tokio::sync::oneshot;

use super::{
    super::threads::Threads,
    classify::{commit_unknown, overloaded},
    connection::Session,
    migrate,
    options::PostgresOptions,
    queue::{Queue, Refused},
};
use crate::{
    error::{Error, ErrorKind},
    store::{Commit, Committed, refusal},
};

/// As many commits a statement takes at most.
const MOST: usize = 256;

/// What a connection is asked to do.
enum Order {
    Commit(Box<Job>),
    Migrate(oneshot::Sender<Result<(), Error>>),
}

/// A commit, and the way back to its caller.
struct Job {
    commit: Commit,
    reply: oneshot::Sender<Result<Committed, Error>>,
}

impl Job {
    fn answer(self, answer: Result<Committed, Error>) {
        let _gone = self.reply.send(answer); // a caller that left wants no answer
    }
}

/// The writers, seen from the callers.
pub(super) struct Writer {
    place: String,
    queue: Arc<Queue<Order>>,
}

impl Writer {
    /// Starts the thread.
    pub(super) fn start(options: &PostgresOptions, threads: &mut Threads) -> Result<Self, Error> {
        let queue = Arc::new(Queue::new());
        let orders = Arc::clone(&queue);
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| {
                let message = "the connections of the database cannot be served; raise the limit of open files";
                Error::new(ErrorKind::Transient, "db/thread", message).caused_by(error)
            })?;
        let place = options.place();
        let options = options.clone();
        threads.spawn("bw-postgres-write".into(), move || {
            let _farewell = Farewell(&orders);
            let mut lanes: FuturesUnordered<_> = (0..options.writers).map(|_| lane(&options, &orders)).collect();
            runtime.block_on(async { while lanes.next().await.is_some() {} });
        })?;
        Ok(Self { place, queue })
    }

    /// Applies a commit; what the caller does meanwhile does not matter.
    pub(super) async fn write(&self, commit: Commit) -> Result<Committed, Error> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Commit(Box::new(Job { commit, reply })))?;
        answer.await.unwrap_or_else(|_| Err(commit_unknown(&self.place)))
    }

    /// Brings the tables up to this program's.
    pub(super) async fn migrate(&self) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Migrate(reply))?;
        answer.await.unwrap_or_else(|_| Err(commit_unknown(&self.place)))
    }

    fn order(&self, order: Order) -> Result<(), Error> {
        self.queue.push(order).map_err(|refused| match refused {
            Refused::Closed => refusal::closed(),
            Refused::Full => overloaded(&self.place),
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

/// What one connection does until the queue is closed.
async fn lane(options: &PostgresOptions, queue: &Queue<Order>) {
    let mut session = Session::new(options.clone());
    loop {
        let orders = queue.take(MOST).await;
        if orders.is_empty() {
            return session.close().await;
        }
        let mut jobs = Vec::with_capacity(orders.len());
        for order in orders {
            match order {
                Order::Commit(job) => jobs.push(*job),
                Order::Migrate(reply) => {
                    let _gone = reply.send(migrate::migrate(&mut session).await); // a caller that left wants no answer
                }
            }
        }
        group::run(&mut session, jobs).await;
    }
}
