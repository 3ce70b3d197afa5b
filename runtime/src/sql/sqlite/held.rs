//! A transaction that is held: a thread and its connection are lent to it, and take its statements one by one.
//!
//! Who writes has the one thread that writes: commits and other units wait in the queue until it has ended, by COMMIT, by
//! ROLLBACK, by being dropped, or after [`IDLE`] without a call.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{Receiver, Sender, channel},
    },
    time::Duration,
};

use rusqlite::Connection;
use tokio::{
    sync::{OwnedSemaphorePermit, oneshot},
    time::timeout,
};

use super::{
    apply,
    classify::{Failure, busy, classify, commit_unknown, panicked},
    connection::{Session, begin, execute},
    entities::{Batched, Counted, Selected, Summed, Upserted, Written},
    store::Parts,
    writer::settle::settle,
};
use crate::{
    entity::Value,
    error::{Error, ErrorKind},
    plan::{Answer, Batch, Reach, Select, Sink, Statements, Upsert, Write, raw::Raw},
    store::{
        Commit, Committed,
        entities::{Begin, Held, Savepoint, too_many_streams},
    },
};

/// So long a transaction may do nothing.
const IDLE: Duration = Duration::from_secs(60);

/// What the thread is asked to do next.
enum Step {
    /// A statement, which answers its caller by itself.
    Statement(Box<dyn FnOnce(&Connection) + Send>),
    Commit(Box<Commit>, oneshot::Sender<Result<Committed, Error>>),
    Rollback(oneshot::Sender<()>),
}

/// A transaction on a thread.
pub(super) struct Lent {
    steps: Sender<Step>,
    lost: Arc<AtomicBool>,
    path: PathBuf,
    _reader: Option<OwnedSemaphorePermit>,
}

impl Parts {
    /// Waits for a thread and begins.
    pub(super) async fn hold(&self, how: Begin) -> Result<Lent, Error> {
        let limit = self.options.lock_timeout;
        let reader = if how.read_only { Some(self.reader(how, limit).await?) } else { None };
        let (steps, orders) = channel();
        let (begun, answer) = oneshot::channel();
        let work = move |session: &mut Session| serve(session, how, begun, &orders);
        if reader.is_some() {
            self.readers.lend(work)?;
        } else {
            let loan = Arc::clone(&self.writer.lent);
            self.writer.lend(move |session| {
                work(session);
                drop(loan);
            })?;
        }
        let (lost, path) = (Arc::default(), self.options.path.clone());
        let lent = Lent { steps, lost, path, _reader: reader };
        match timeout(limit, answer).await {
            Ok(Ok(begun)) => begun.map(|()| lent),
            Ok(Err(_)) => Err(panicked(&lent.path)),
            Err(_) => Err(busy(&lent.path)),
        }
    }

    async fn reader(&self, how: Begin, limit: Duration) -> Result<OwnedSemaphorePermit, Error> {
        if self.options.readers < 2 {
            let message = "a unit that only reads needs a reader of its own; open the file with `readers(2)` or more";
            return Err(Error::new(ErrorKind::Config, "db/config", message).with("file", self.options.path.display()));
        }
        if how.at_once {
            let permit = Arc::clone(&self.lent).try_acquire_owned();
            return permit.map_err(|_| too_many_streams(self.options.path.display()));
        }
        let permit = timeout(limit, Arc::clone(&self.lent).acquire_owned()).await;
        permit.ok().and_then(Result::ok).ok_or_else(|| busy(&self.options.path))
    }
}

/// Takes the calls of a transaction, on the thread, until it has ended.
fn serve(session: &mut Session, how: Begin, begun: oneshot::Sender<Result<(), Error>>, orders: &Receiver<Step>) {
    if begun.is_closed() {
        return; // who wanted it went away while it waited
    }
    let started = start(session, how);
    let failed = started.is_err();
    if begun.send(started).is_err() || failed {
        return end(session);
    }
    loop {
        let Ok(connection) = session.connection() else { return };
        match orders.recv_timeout(IDLE) {
            Ok(Step::Statement(statement)) => statement(connection),
            Ok(Step::Commit(staged, reply)) => return drop(reply.send(commit(session, &staged))),
            Ok(Step::Rollback(reply)) => {
                end(session);
                let _gone = reply.send(()); // a caller that left wants no answer
                return;
            }
            Err(_) => return end(session), // idle, or dropped
        }
        if session.connection().is_ok_and(|connection| connection.is_autocommit()) {
            return session.discard(); // SQLite has ended it: nothing may follow
        }
    }
}

fn start(session: &mut Session, how: Begin) -> Result<(), Error> {
    let options = session.options.clone();
    let connection = session.ready()?;
    let begun = if how.read_only { execute(connection, "BEGIN") } else { begin(connection, &options) };
    begun.map_err(|error| classify(&options.path, error))
}

/// Rolls back what is open.
fn end(session: &mut Session) {
    let open = session.connection().is_ok_and(|connection| !connection.is_autocommit());
    if open && !session.connection().is_ok_and(|connection| execute(connection, "ROLLBACK").is_ok()) {
        session.discard();
    }
}

/// Applies what was staged and commits, as the group of the writer does.
fn commit(session: &mut Session, staged: &Commit) -> Result<Committed, Error> {
    let path = session.options.path.clone();
    let connection = session.connection()?;
    let applied = apply::commit(connection, staged);
    let ended = connection.is_autocommit();
    match applied {
        Ok(_) if ended => {
            session.discard();
            Err(commit_unknown(&path))
        }
        Ok(committed) => match execute(connection, "COMMIT") {
            Ok(()) => Ok(committed),
            Err(error) => Err(settle(session, error)),
        },
        Err(failure) => {
            end(session);
            Err(failure.into_error(&path))
        }
    }
}

impl Lent {
    /// Has a statement executed. One that is wrong in itself has done nothing; after any other failure the transaction is lost.
    async fn ask<T: Send + 'static>(
        &self,
        statement: impl FnOnce(&Connection) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let (lost, path) = (Arc::clone(&self.lost), self.path.clone());
        self.send(Step::Statement(Box::new(move |connection| {
            let done = statement(connection);
            let doubt = matches!(done, Err(Failure::Sql(_)));
            if doubt {
                let _ended = execute(connection, "ROLLBACK"); // it may have ended already
            }
            if doubt || connection.is_autocommit() {
                lost.store(true, Ordering::Release);
            }
            let _gone = reply.send(done.map_err(|failure| failure.into_error(&path))); // as above
        })))?;
        answer.await.unwrap_or_else(|_| Err(self.gone()))
    }

    fn send(&self, step: Step) -> Result<(), Error> {
        self.steps.send(step).map_err(|_| self.gone())
    }

    fn gone(&self) -> Error {
        self.lost.store(true, Ordering::Release);
        let message =
            "the transaction has ended: nothing was asked of it for 60 s, or its thread failed; begin another";
        // To do the same again would idle again.
        Error::new(ErrorKind::Invalid, "unit/dead", message).with("file", self.path.display())
    }
}

impl Statements for Lent {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statement = Selected::new(&plan);
        Box::pin(self.ask(move |connection| statement.run(connection, sink)))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        let statement = Counted::new(&reach, most);
        Box::pin(self.ask(move |connection| statement.run(connection)))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        let statement = Summed::new(&reach, place);
        Box::pin(self.ask(move |connection| statement.run(connection)))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        let statement = Written::new(plan);
        Box::pin(self.ask(move |connection| statement.run(connection)))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        let statements = Batched::new(plan);
        Box::pin(self.ask(move |connection| statements.run(connection)))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statements = Upserted::new(plan);
        Box::pin(self.ask(move |connection| statements.run(connection, sink)))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let statement = Selected::by_hand(&plan);
        Box::pin(self.ask(move |connection| statement.run(connection, sink)))
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        let statement = Written::by_hand(&plan);
        Box::pin(self.ask(move |connection| statement.run(connection)))
    }
}

impl Held for Lent {
    fn savepoint(&self, step: Savepoint) -> Answer<'_, ()> {
        let sql = match step {
            Savepoint::Set(depth) => format!("SAVEPOINT bw_{depth}"),
            Savepoint::Release(depth) => format!("RELEASE bw_{depth}"),
            Savepoint::Undo(depth) => format!("ROLLBACK TO bw_{depth}; RELEASE bw_{depth}"),
        };
        // Whatever goes wrong here, it is not known any more what is open.
        Box::pin(self.ask(move |connection| connection.execute_batch(&sql).map_err(Failure::Sql)))
    }

    fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    fn commit(self: Box<Self>, staged: Commit) -> Answer<'static, Committed> {
        let (reply, answer) = oneshot::channel();
        Box::pin(async move {
            self.send(Step::Commit(Box::new(staged), reply))?;
            answer.await.unwrap_or_else(|_| Err(commit_unknown(&self.path)))
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        let (reply, answer) = oneshot::channel();
        Box::pin(async move {
            let sent = self.send(Step::Rollback(reply));
            // Where the thread is gone, so is the transaction.
            if sent.is_ok() {
                let _gone = answer.await;
            }
            Ok(())
        })
    }
}
