//! Entities in memory: a transaction works on the tables as they were when it began, and puts them in place as a whole.
//!
//! One writes at a time, so nothing that was read by who writes can have changed.

use std::{
    future::ready,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{sync::OwnedMutexGuard, time::timeout};

use super::MemoryStore;
use crate::{
    entity::{Table, Value},
    error::{Error, ErrorKind},
    plan::{
        Answer, Batch, Reach, SchemaFinding, Select, Sink, SlowLog, Snapshot, Statements, Step, Upsert, Write,
        memory::Tables,
    },
    store::{
        Commit, Committed, Store,
        entities::{Begin, Held, Rows, Savepoint, snapshot},
        nesting,
    },
};

/// How long to wait for who writes.
const PATIENCE: Duration = Duration::from_secs(5);

impl MemoryStore {
    async fn turn(&self) -> Result<OwnedMutexGuard<()>, Error> {
        if let Ok(turn) = Arc::clone(&self.turn).try_lock_owned() {
            return Ok(turn);
        }
        nesting::refuse_within(self.home())?;
        timeout(PATIENCE, Arc::clone(&self.turn).lock_owned()).await.map_err(|_| busy())
    }
}

impl Statements for MemoryStore {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        // Locked no longer than to see the state of this moment: what takes the rows is code of the user.
        let tables = self.open().map(|state| state.tables.clone());
        Box::pin(ready(tables.and_then(|mut tables| tables.select(&plan, sink))))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        Box::pin(ready(self.open().and_then(|mut state| state.tables.count(&reach, most))))
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        snapshot(self)
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        Box::pin(ready(self.open().and_then(|mut state| state.tables.sum(&reach, place))))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Box::pin(async move {
            let _turn = self.turn().await?;
            self.open()?.tables.write(plan)
        })
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(async move {
            let _turn = self.turn().await?;
            self.open()?.tables.batch(plan)
        })
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(async move {
            let _turn = self.turn().await?;
            self.open()?.tables.upsert(plan, sink())
        })
    }

    fn slow(&self) -> Option<&SlowLog> {
        Some(&self.slow)
    }

    fn system(&self) -> &'static str {
        "memory"
    }
}

impl Rows for MemoryStore {
    fn begin(&self, begin: Begin) -> Answer<'_, Box<dyn Held>> {
        Box::pin(async move {
            let turn = if begin.read_only { None } else { Some(self.turn().await?) };
            let tables = self.open()?.tables.clone();
            let work = Mutex::new(Work { tables, marks: Vec::new() });
            let held: Box<dyn Held> = Box::new(Own { store: self.clone(), work, turn });
            Ok(held)
        })
    }

    fn home(&self) -> usize {
        Arc::as_ptr(&self.turn).addr()
    }

    fn session(&self) -> Box<dyn Statements> {
        Box::new(self.clone()) // there are no connections
    }

    fn migrate(&self, steps: Vec<Step>) -> Answer<'_, ()> {
        Box::pin(async move {
            let _turn = self.turn().await?;
            self.open()?.tables.migrate(steps)
        })
    }

    fn check(&self, _: Vec<&'static Table>) -> Answer<'_, Vec<SchemaFinding>> {
        Box::pin(ready(Ok(Vec::new()))) // a table is what its entity declares
    }

    fn ddl(&self, _: &'static Table) -> String {
        String::new() // a table is there as soon as it is named
    }

    fn close(&self) -> Answer<'_, ()> {
        Box::pin(Store::close(self))
    }
}

/// A transaction, and the right to write if it has it.
struct Own {
    store: MemoryStore,
    work: Mutex<Work>,
    turn: Option<OwnedMutexGuard<()>>,
}

struct Work {
    tables: Tables,
    /// The tables as they were at each savepoint.
    marks: Vec<Tables>,
}

impl Own {
    fn work(&self) -> MutexGuard<'_, Work> {
        // A statement happens wholly or not at all, so a panic leaves nothing half-way.
        self.work.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Statements for Own {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let selected = self.work().tables.select(&plan, sink);
        Box::pin(ready(selected))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        let counted = self.work().tables.count(&reach, most);
        Box::pin(ready(counted))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        let summed = self.work().tables.sum(&reach, place);
        Box::pin(ready(summed))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        let written = self.work().tables.write(plan);
        Box::pin(ready(written))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        let told = self.work().tables.batch(plan);
        Box::pin(ready(told))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        let told = self.work().tables.upsert(plan, sink());
        Box::pin(ready(told))
    }
}

impl Held for Own {
    fn savepoint(&self, step: Savepoint) -> Answer<'_, ()> {
        let mut work = self.work();
        match step {
            Savepoint::Set(_) => {
                let mark = work.tables.clone();
                work.marks.push(mark);
            }
            Savepoint::Release(_) => drop(work.marks.pop()),
            Savepoint::Undo(_) => {
                if let Some(mark) = work.marks.pop() {
                    work.tables = mark;
                }
            }
        }
        Box::pin(ready(Ok(())))
    }

    fn is_lost(&self) -> bool {
        false
    }

    fn commit(self: Box<Self>, staged: Commit) -> Answer<'static, Committed> {
        Box::pin(async move {
            let tables = std::mem::take(&mut self.work().tables);
            self.store.commit_with(staged, self.turn.is_some().then_some(tables))
        })
    }

    fn rollback(self: Box<Self>) -> Answer<'static, ()> {
        Box::pin(ready(Ok(())))
    }
}

fn busy() -> Error {
    let message = "another unit of work has held the database for 5 s; end it, or try again";
    Error::new(ErrorKind::Transient, "db/busy", message)
}
