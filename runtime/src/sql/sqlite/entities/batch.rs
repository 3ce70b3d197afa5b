//! Writes that belong together, within a savepoint of their own.

use rusqlite::Connection;

use super::{super::connection::execute, Failure, Selected, Written};
use crate::{
    error::{Error, ErrorKind},
    plan::{Batch, Sink, Together, Upsert, Write},
    sql::query::{halves, rows_of},
};

/// Writes that belong together, rendered.
pub(in crate::sql::sqlite) struct Batched {
    how: Together,
    writes: Vec<Written>,
    /// The same, unless all are carried out or none.
    plans: Vec<Write>,
}

/// What each write came to, or each row.
type Told = Vec<Result<u64, Error>>;

impl Batched {
    pub(in crate::sql::sqlite) fn new(plan: Batch) -> Self {
        let Batch { writes, how } = plan;
        let plans = if how == Together::Able { writes.clone() } else { Vec::new() };
        Self { how, writes: writes.into_iter().map(Written::new).collect(), plans }
    }

    /// About how many bytes they write.
    pub(in crate::sql::sqlite) fn weight(&self) -> usize {
        self.writes.iter().map(|write| write.weight).sum()
    }

    pub(in crate::sql::sqlite) fn run(&self, db: &Connection) -> Result<Told, Failure> {
        let mut told = Vec::with_capacity(self.writes.len());
        within(db, || {
            if self.how == Together::Able {
                let mut writes = self.plans.iter().zip(&self.writes);
                writes.try_for_each(|(plan, write)| able(db, (plan, write), &mut told))?;
                return Ok(true);
            }
            for write in &self.writes {
                told.push(Ok(write.run(db)?));
            }
            Ok(self.how == Together::Whole || !told.iter().any(|told| matches!(told, Ok(0))))
        })?;
        Ok(told)
    }
}

/// Carries a write out as far as the table does not refuse it: halves it until what is refused stands alone.
fn able(db: &Connection, (plan, write): (&Write, &Written), told: &mut Told) -> Result<(), Failure> {
    match within(db, || write.run(db).map(|_| true)) {
        Ok(()) => told.extend((0..rows_of(plan)).map(|_| Ok(1))),
        Err(Failure::Own(error)) if db.is_autocommit() || error.kind() == ErrorKind::Config => return Err(error.into()),
        Err(Failure::Own(error)) if rows_of(plan) == 1 => told.push(Err(error)),
        Err(Failure::Own(_)) => {
            for half in halves(plan) {
                able(db, (&half, &Written::new(half.clone())), told)?;
            }
        }
        Err(other) => return Err(other),
    }
    Ok(())
}

/// Does a work within a savepoint; what it did is undone if it fails, or says so.
fn within(db: &Connection, work: impl FnOnce() -> Result<bool, Failure>) -> Result<(), Failure> {
    execute(db, "SAVEPOINT bw_batch").map_err(Failure::Sql)?;
    let done = work();
    match &done {
        Err(Failure::Sql(_)) => return done.map(drop), // nobody knows what is open: everything is undone
        Err(Failure::Own(_)) if db.is_autocommit() => return done.map(drop), // it has undone everything
        Ok(true) => {}
        Ok(false) | Err(Failure::Own(_)) => execute(db, "ROLLBACK TO bw_batch").map_err(Failure::Sql)?,
    }
    execute(db, "RELEASE bw_batch").map_err(Failure::Sql)?;
    done.map(drop)
}

/// A change of a row, or its insertion, rendered.
pub(in crate::sql::sqlite) struct Upserted {
    change: Written,
    insertion: Written,
    changed: Selected,
}

impl Upserted {
    pub(in crate::sql::sqlite) fn new(plan: Upsert) -> Self {
        let [change, insertion] = plan.writes().map(Written::new);
        Self { change, insertion, changed: Selected::new(&plan.reach.up_to(1)) }
    }

    /// About how many bytes it writes.
    pub(in crate::sql::sqlite) fn weight(&self) -> usize {
        self.change.weight.max(self.insertion.weight)
    }

    /// Nobody else writes meanwhile: what is not there to be changed is not there to be clashed with.
    pub(in crate::sql::sqlite) fn run(
        &self,
        db: &Connection,
        sink: fn() -> Box<dyn Sink>,
    ) -> Result<Box<dyn Sink>, Failure> {
        if self.change.run(db)? > 0 {
            return self.changed.run(db, sink());
        }
        self.insertion.run(db).map(|_| sink())
    }
}
