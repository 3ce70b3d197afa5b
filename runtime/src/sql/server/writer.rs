//! The way from callers to the connections that write, all on one thread of the store's own.

use std::{future::Future, sync::Arc};

use tokio::sync::oneshot;

use super::{super::threads::Threads, Queue, Work, attend, commit_unknown, failure::overloaded, queue::Refused};
use crate::{
    error::{Error, ErrorKind},
    store::{Commit, Committed, News, refusal},
};

/// What a connection is asked to do.
pub(in super::super) enum Order {
    Commit(Box<Job>),
    Migrate(oneshot::Sender<Result<(), Error>>),
}

/// A commit, and the way back to its caller.
pub(in super::super) struct Job {
    pub(in super::super) commit: Commit,
    reply: oneshot::Sender<Result<Committed, Error>>,
    bell: Bell,
}

/// Whom a connection that writes tells what it has committed.
type Bell = Arc<dyn Fn(News) + Send + Sync>;

impl Job {
    /// Answers the caller. What was committed, or may have been, is told whether he is there or not.
    pub(in super::super) fn answer(self, answer: Result<Committed, Error>) {
        if answer.as_ref().map_or_else(Error::is_unknown_outcome, |_| true) {
            (self.bell)(News::of(&self.commit));
        }
        let _gone = self.reply.send(answer); // a caller that left wants no answer
    }
}

/// The writers, seen from the callers.
pub(in super::super) struct Writer {
    place: String,
    queue: Arc<Queue<Order>>,
    /// Ends of transactions that callers hold.
    ends: Arc<Queue<Work>>,
    bell: Bell,
}

impl Writer {
    /// Starts the thread, which serves orders until the queue is closed.
    pub(in super::super) fn start<S, F>(
        (name, place): (&str, String),
        bell: Bell,
        threads: &mut Threads,
        serve: S,
    ) -> Result<Self, Error>
    where
        S: FnOnce(Arc<Queue<Order>>) -> F + Send + 'static,
        F: Future<Output = ()>,
    {
        let queue = Arc::new(Queue::new());
        let ends = Arc::new(Queue::new());
        let (orders, own) = (Arc::clone(&queue), Arc::clone(&ends));
        let runtime =
            tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build().map_err(|error| {
                let message = "the connections of the database cannot be served; raise the limit of open files";
                Error::new(ErrorKind::Transient, "db/thread", message).caused_by(error)
            })?;
        threads.spawn(name.into(), move || {
            let _farewell = (Farewell(&orders), Farewell(&own));
            runtime.block_on(async { tokio::join!(serve(Arc::clone(&orders)), attend(&own)) });
        })?;
        Ok(Self { place, queue, ends, bell })
    }

    /// Applies a commit; what the caller does meanwhile does not matter.
    pub(in super::super) async fn write(&self, commit: Commit) -> Result<Committed, Error> {
        let (reply, answer) = oneshot::channel();
        let bell = Arc::clone(&self.bell);
        self.order(Order::Commit(Box::new(Job { commit, reply, bell })))?;
        answer.await.unwrap_or_else(|_| Err(commit_unknown(&self.place)))
    }

    /// Brings the tables up to this program's.
    pub(in super::super) async fn migrate(&self) -> Result<(), Error> {
        let (reply, answer) = oneshot::channel();
        self.order(Order::Migrate(reply))?;
        answer.await.unwrap_or_else(|_| Err(commit_unknown(&self.place)))
    }

    /// Does work to its end, whatever becomes of the caller.
    pub(in super::super) fn finish(&self, work: Work) -> Result<(), Error> {
        self.ends.push(work).map_err(|refused| self.refusal(&refused))
    }

    /// Tells what was committed, or may have been.
    pub(in super::super) fn tell(&self, news: News) {
        (self.bell)(news);
    }

    /// The number of this writer among all that live.
    pub(in super::super) fn home(&self) -> usize {
        Arc::as_ptr(&self.queue).addr()
    }

    fn order(&self, order: Order) -> Result<(), Error> {
        self.queue.push(order).map_err(|refused| self.refusal(&refused))
    }

    fn refusal(&self, refused: &Refused) -> Error {
        match refused {
            Refused::Closed => refusal::closed(),
            Refused::Full => overloaded(&self.place),
        }
    }

    pub(in super::super) fn close(&self) {
        self.queue.close();
        self.ends.close();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close(); // ends when its work is done; nobody waits for it
    }
}

/// When the thread ends by whatever way, nobody waits for it for ever.
struct Farewell<'a, J>(&'a Queue<J>);

impl<J> Drop for Farewell<'_, J> {
    fn drop(&mut self) {
        self.0.abandon();
    }
}
