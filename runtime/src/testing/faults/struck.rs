//! The database that faults strike: everything goes on to the one behind it, unless it fails.

use std::{
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{CommitOutcome, Fault, Script, commit_unknown};
use crate::{
    entity::{Table, Value},
    error::Error,
    plan::{Answer, Batch, Reach, SchemaFinding, Select, Sink, SlowLog, Snapshot, Statements, Step, Upsert, Write},
    repository::Db,
    store::{
        Commit, Committed,
        entities::{Begin, Held, Rows, Savepoint, snapshot},
    },
};

#[derive(Clone)]
pub(super) struct Struck {
    db: Db,
    script: Arc<Script>,
}

impl Struck {
    pub(super) const fn new(db: Db, script: Arc<Script>) -> Self {
        Self { db, script }
    }

    fn ask<'a, T>(&'a self, statement: impl FnOnce(&'a dyn Rows) -> Answer<'a, T> + Send + 'a) -> Answer<'a, T> {
        Box::pin(async move {
            self.script.strike().await.map_err(Fault::error)?;
            statement(self.db.rows()).await
        })
    }
}

impl Statements for Struck {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.ask(move |rows| rows.select(plan, sink))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        self.ask(move |rows| rows.count(reach, most))
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        snapshot(self)
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        self.ask(move |rows| rows.sum(reach, place))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        self.ask(move |rows| rows.write(plan))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        self.ask(move |rows| rows.batch(plan))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.ask(move |rows| rows.upsert(plan, sink))
    }

    fn slow(&self) -> Option<&SlowLog> {
        self.db.rows().slow()
    }

    fn system(&self) -> &'static str {
        self.db.rows().system()
    }
}

impl Rows for Struck {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(async move {
            let (held, script) = (self.db.rows().begin(begin).await?, Arc::clone(&self.script));
            let [wrote, lost] = [const { AtomicBool::new(false) }; 2];
            let unit: Box<dyn Held> = Box::new(Unit { held, script, wrote, lost });
            Ok(unit)
        })
    }

    fn home(&self) -> usize {
        self.db.home()
    }

    fn session(&self) -> Box<dyn Statements> {
        Box::new(self.clone())
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        self.db.rows().migrate(steps)
    }

    fn check(&self, tables: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        self.db.rows().check(tables)
    }

    fn ddl(&self, table: &'static Table) -> String {
        self.db.rows().ddl(table)
    }

    fn close(&self) -> Answer<'_, ()> {
        self.db.rows().close()
    }
}

/// A transaction of it.
struct Unit {
    held: Box<dyn Held>,
    script: Arc<Script>,
    /// Something was asked that may have written.
    wrote: AtomicBool,
    /// A fault has ended it.
    lost: AtomicBool,
}

impl Unit {
    fn ask<'a, T>(&'a self, statement: impl FnOnce(&'a dyn Held) -> Answer<'a, T> + Send + 'a) -> Answer<'a, T> {
        Box::pin(async move {
            self.struck(self.script.strike()).await?;
            statement(&*self.held).await
        })
    }

    /// The same, of a statement that may write.
    fn change<'a, T>(&'a self, statement: impl FnOnce(&'a dyn Held) -> Answer<'a, T> + Send + 'a) -> Answer<'a, T> {
        self.wrote.store(true, Ordering::Release);
        self.ask(statement)
    }

    async fn struck(&self, strike: impl Future<Output = Result<(), Fault>>) -> Result<(), Error> {
        let Err(fault) = strike.await else { return Ok(()) };
        self.lost.fetch_or(fault.ends(), Ordering::AcqRel);
        Err(fault.error())
    }
}

impl Statements for Unit {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.ask(move |held| held.select(plan, sink))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        self.ask(move |held| held.count(reach, most))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        self.ask(move |held| held.sum(reach, place))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        self.change(move |held| held.write(plan))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        self.change(move |held| held.batch(plan))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        self.change(move |held| held.upsert(plan, sink))
    }
}

impl Held for Unit {
    fn savepoint(&self, step: Savepoint) -> Answer<'_, ()> {
        self.held.savepoint(step)
    }

    fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Acquire) || self.held.is_lost()
    }

    /// As on servers: of what has written nothing there is nothing to find out.
    fn commit(self: Box<Self>, staged: Commit) -> Answer<'static, Committed> {
        Box::pin(async move {
            let Self { held, script, wrote, .. } = *self;
            let outcome = if wrote.into_inner() || !staged.is_void() { script.lost().await } else { None };
            match outcome {
                None | Some(CommitOutcome::Committed) => held.commit(staged).await,
                Some(CommitOutcome::NotCommitted) => {
                    held.rollback().await?;
                    Err(Fault::Unavailable.error())
                }
                Some(CommitOutcome::Unknown) => held.commit(staged).await.and_then(|_| Err(commit_unknown())),
            }
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        self.held.rollback()
    }
}
