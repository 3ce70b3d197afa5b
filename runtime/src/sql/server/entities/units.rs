//! A transaction that is held: a connection that is its own, until it ends.
//!
//! Whoever holds it sends its statements from where he runs. Its end is a task of the store's own thread, which goes on when
//! the caller leaves.

use std::{
    future::ready,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    Transactions,
    asked::Rule,
    together::{batch, merged, upsert},
};
use crate::{
    entity::{Kind, Table, Value},
    error::Error,
    plan::{Answer, Batch, Reach, Select, Sink, Snapshot, Statements, Upsert, Write, raw::Raw},
    resilience::{Breaker, Pool},
    sql::{
        query::{Statement, render_count, render_raw, render_select, render_sum, render_write, table_of},
        server::{Failure, Home, Loan, Readers, Session, Writer, commit_unknown, dead, unsteady},
    },
    store::{
        Commit, Committed, News,
        entities::{Begin, Held, Savepoint, too_many_streams},
    },
};

/// The connections of transactions, and the thread on which they end.
pub(in crate::sql) struct Units<D: Transactions> {
    connections: Readers<D>,
    options: D::Options,
    writer: Arc<Writer>,
    /// Who holds a connection for long; one is left to the others.
    streams: Arc<Semaphore>,
}

impl<D: Transactions> Units<D> {
    /// With up to so many connections, which a breaker spares.
    pub(in crate::sql) fn new(
        options: D::Options,
        (most, breaker): (usize, Option<Breaker>),
        writer: Arc<Writer>,
    ) -> Self {
        let streams = Arc::new(Semaphore::new(most.saturating_sub(1)));
        Self { connections: Readers::new(options.clone(), most).guarded(breaker), options, writer, streams }
    }

    pub(in crate::sql) fn pool(&self) -> Pool {
        self.connections.pool()
    }

    /// Takes a connection and begins, with what the server is told. One that the server had closed is replaced once.
    pub(in crate::sql) async fn begin(self: &Arc<Self>, rule: &Rule, begin: Begin) -> Result<Box<dyn Held>, Error> {
        let place = D::place(&self.options);
        let stream = begin.at_once.then(|| Arc::clone(&self.streams).try_acquire_owned()).transpose();
        let stream = stream.map_err(|_| too_many_streams(&place))?;
        let Loan { home, mut session, mut guard, room } = self.connections.lend().await?;
        let begun = begin_twice(&mut session, (begin, rule.told())).await;
        let begun = begun.and_then(|answer| answer.map_err(|failure| session.doubt(failure.of_a_read(), &place)));
        guard.end(session.has_failed());
        let open = Mutex::new(Open { home, session, trace: Some(begun?), outdated: false });
        let (units, snapshot, copies) = (Arc::clone(self), begin.is_snapshot(), rule.copies::<D>());
        let [lost, wrote] = [const { AtomicBool::new(false) }; 2];
        Ok(Box::new(Lent { units, place, open, lost, wrote, snapshot, copies, _room: (room, stream) }))
    }

    /// Lends no more connections. Of transactions that are open, those that have written can be rolled back alone.
    pub(in crate::sql) fn close(&self) {
        self.connections.shut();
    }
}

async fn begin_twice<D: Transactions>(
    session: &mut Session<D>,
    how: (Begin, Option<&str>),
) -> Result<Result<D::Trace, Failure<D::Error>>, Error> {
    session.ready().await?;
    let begun = D::begin(session, how).await;
    if !begun.as_ref().is_err_and(Failure::is_lost) {
        return Ok(begun);
    }
    session.discard();
    session.ready().await?;
    Ok(D::begin(session, how).await)
}

/// What is open.
struct Open<D: Transactions> {
    home: Home,
    session: Session<D>,
    trace: Option<D::Trace>,
    /// The connection knows tables as they were once.
    outdated: bool,
}

struct Lent<D: Transactions> {
    units: Arc<Units<D>>,
    place: String,
    open: Mutex<Open<D>>,
    /// The transaction has ended, or nobody knows: also while an answer is waited for, which nobody may have heard.
    lost: AtomicBool,
    /// Something was asked that may have written.
    wrote: AtomicBool,
    /// Whether all its statements see one state.
    snapshot: bool,
    /// So many rows are not inserted but copied.
    copies: usize,
    _room: (OwnedSemaphorePermit, Option<OwnedSemaphorePermit>),
}

/// Executes in the transaction. A future that is dropped meanwhile leaves the transaction lost.
macro_rules! inside {
    ($lent:expr, |$db:ident| $work:expr) => {{
        let mut open = $lent.open.lock().await;
        $lent.take()?;
        let answer = match open.session.watched().await {
            Ok(($db, watch)) => watch.over($work).await,
            Err(error) => Err(error.into()),
        };
        $lent.told(&mut open, answer)
    }};
}

impl<D: Transactions> Lent<D> {
    fn take(&self) -> Result<(), Error> {
        if self.lost.swap(true, Ordering::AcqRel) { Err(dead(&self.place)) } else { Ok(()) }
    }

    fn told<T>(&self, open: &mut Open<D>, answer: Result<T, Failure<D::Error>>) -> Result<T, Error> {
        open.outdated |= answer.as_ref().is_err_and(Failure::is_outdated);
        let ended = answer.as_ref().is_err_and(|failure| match failure {
            Failure::Own(_) => false,
            Failure::InDoubt(_) => true,
            Failure::Sql(error) => failure.breaks() || failure.is_lost() || D::ends(error),
        });
        if ended {
            open.session.discard();
        }
        self.lost.store(ended, Ordering::Release);
        answer.map_err(|failure| failure.of_a_read().into_error(&self.place))
    }

    async fn rows(
        &self,
        table: &'static Table,
        statement: Statement,
        mut sink: Box<dyn Sink>,
    ) -> Result<Box<dyn Sink>, Error> {
        inside!(self, |db| D::select(db, (table, &statement), sink.as_mut()))?;
        Ok(sink)
    }

    async fn written(&self, table: &'static Table, statement: Statement) -> Result<u64, Error> {
        D::admits(self.open.lock().await.session.server().as_ref(), &statement)?;
        inside!(self, |db| D::write(db, (table, &statement)))
    }

    fn writes(&self) {
        self.wrote.store(true, Ordering::Release);
    }

    /// Ends it where its caller is: of what has written nothing nobody has to learn what became of it.
    async fn leave(self, sql: &str) -> Result<(), Error> {
        let done = async { inside!(self, |db| D::execute(db, sql.into())) }.await;
        let Open { home, session, outdated, .. } = self.open.into_inner();
        if done.is_ok() && !outdated {
            self.units.connections.bring_back(home, session);
        }
        done
    }

    async fn end(self, staged: Commit) -> Result<Committed, Error> {
        let Self { units, place, open, lost, _room, .. } = self;
        let Open { home, mut session, trace, outdated } = open.into_inner();
        let Some(trace) = trace.filter(|_| !lost.into_inner()) else { return Err(dead(&place)) };
        let done = D::finish(&mut session, trace, &staged).await;
        if outdated {
            session.discard();
        }
        units.connections.bring_back(home, session);
        if done.as_ref().map_or_else(Error::is_unknown_outcome, |_| true) {
            units.writer.tell(News::of(&staged));
        }
        done
    }
}

impl<D: Transactions> Statements for Lent<D> {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.rows(plan.reach.table, render_select::<D::Sql>(&plan), sink))
    }

    /// What a statement of the user calls may write.
    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.writes();
        Box::pin(self.rows(plan.table, render_raw::<D::Sql>(&plan), sink))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        let (table, statement) = (reach.table, render_count::<D::Sql>(&reach, most));
        Box::pin(async move { inside!(self, |db| D::count(db, (table, &statement))) })
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        let (table, statement) = (reach.table, render_sum::<D::Sql>(&reach, place));
        Box::pin(async move {
            let Some(column) = table.columns().get(place) else { return Ok(Value::Null(Kind::Int)) };
            inside!(self, |db| D::sum(db, (table, &statement), column))
        })
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        Box::pin(ready(if self.snapshot { Ok(None) } else { Err(unsteady()) }))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(batch(self, merged::<D>(plan, self.copies)))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(upsert(self, plan, sink()))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        self.writes();
        match plan {
            Write::Insert { table, rows } if rows.len() >= self.copies => {
                Box::pin(async move { inside!(self, |db| D::copy(db, table, rows)) })
            }
            plan => Box::pin(self.written(table_of(&plan), render_write::<D::Sql>(plan))),
        }
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        self.writes();
        Box::pin(self.written(plan.table, render_raw::<D::Sql>(&plan)))
    }
}

impl<D: Transactions> Held for Lent<D> {
    fn savepoint(&self, step: Savepoint) -> Answer<'_, ()> {
        let sql = match step {
            Savepoint::Set(depth) => format!("SAVEPOINT bw_{depth}"),
            Savepoint::Release(depth) => format!("RELEASE SAVEPOINT bw_{depth}"),
            Savepoint::Undo(depth) => format!("ROLLBACK TO SAVEPOINT bw_{depth}; RELEASE SAVEPOINT bw_{depth}"),
        };
        Box::pin(async move {
            let done = inside!(self, |db| D::execute(db, sql));
            // Whatever goes wrong here, it is not known any more what is open.
            if done.is_err() {
                self.lost.store(true, Ordering::Release);
            }
            done
        })
    }

    fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire)
    }

    fn commit(self: Box<Self>, staged: Commit) -> Answer<'static, Committed> {
        if !self.wrote.load(Ordering::Acquire) && staged.is_void() {
            return Box::pin(async move { self.leave("COMMIT").await.map(|()| Committed::default()) });
        }
        let (reply, answer) = oneshot::channel();
        let (units, place) = (Arc::clone(&self.units), self.place.clone());
        Box::pin(async move {
            units.writer.finish(Box::pin(async move {
                let _gone = reply.send(self.end(staged).await); // a caller that left wants no answer
            }))?;
            answer.await.unwrap_or_else(|_| Err(commit_unknown(&place)))
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(async move {
            let _gone = self.leave("ROLLBACK").await; // where the connection is gone, so is the transaction
            Ok(())
        })
    }
}
