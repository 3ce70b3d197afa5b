//! Writes that belong together, statement by statement in a transaction: for databases that have no better way.

use std::{future::Future, pin::Pin};

use super::Entities;
use crate::{
    error::{Error, ErrorKind},
    plan::{Batch, Sink, Together, Upsert, Write},
    sql::query::{halves, rows_of, weight_of},
    store::{
        Commit,
        entities::{Begin, Held, Rows, Savepoint},
    },
};

/// Units of work have savepoints of lower numbers.
const OUTER: u16 = u16::MAX - 1;
const INNER: u16 = u16::MAX;

/// Insertions of so many bytes stay as they are.
const HEAVY: usize = 8 << 20;

/// How often an upsert that met a deadlock begins.
const ATTEMPTS: usize = 5;

/// What each write came to, or each row.
type Told = Vec<Result<u64, Error>>;

/// See `Statements::batch`.
pub(in crate::sql) async fn batch(held: &dyn Held, plan: Batch) -> Result<Told, Error> {
    held.savepoint(Savepoint::Set(OUTER)).await?;
    let mut told = Vec::with_capacity(plan.writes.len());
    let done = carry_out(held, plan, &mut told).await;
    end(held, OUTER, &done).await?;
    done.map(|_| told)
}

/// See `Statements::upsert`.
pub(in crate::sql) async fn upsert(held: &dyn Held, plan: Upsert, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
    let [change, insertion] = plan.writes();
    if held.write(change.clone()).await? == 0 {
        let Err(duplicate) = within(held, insertion).await else { return Ok(sink) };
        let clash = duplicate.code() == "repository/duplicate" && !held.is_lost();
        if !clash || held.write(change).await? == 0 {
            return Err(duplicate);
        }
    }
    held.select(plan.reach.up_to(1), sink).await
}

/// The same, in a transaction of its own, which undoes it. So many rows are copied.
pub(in crate::sql) async fn batch_alone<D: Entities>(
    rows: &dyn Rows,
    plan: Batch,
    copies: usize,
) -> Result<Told, Error> {
    let held = rows.begin(Begin::write()).await?;
    let mut told = Vec::with_capacity(plan.writes.len());
    match carry_out(&*held, merged::<D>(plan, copies), &mut told).await {
        Ok(true) => held.commit(Commit::default()).await.map(|_| told),
        Ok(false) => held.rollback().await.map(|()| told),
        Err(error) => held.rollback().await.and(Err(error)),
    }
}

/// The same with its insertions as fewer, where all are carried out or none: what the server takes at once, unless it is heavy;
/// or as one, where there are so many rows that they are copied.
pub(super) fn merged<D: Entities>(mut plan: Batch, copies: usize) -> Batch {
    let Some(Write::Insert { table: first, .. }) = plan.writes.first() else { return plan };
    let (first, rows) = (*first, plan.writes.iter().map(rows_of).sum::<usize>());
    let inserts = |write: &Write| matches!(write, Write::Insert { table, .. } if std::ptr::eq(*table, first));
    if plan.how != Together::Whole || !plan.writes.iter().all(inserts) {
        return plan;
    }
    let [most, heavy] = if rows >= copies { [usize::MAX; 2] } else { [D::AT_ONCE, HEAVY] };
    let (mut merged, mut bytes) = (Vec::<Write>::new(), 0_usize);
    for write in plan.writes {
        let own = weight_of(&write);
        bytes = bytes.saturating_add(own);
        match (merged.last_mut(), write) {
            (Some(Write::Insert { rows: before, .. }), Write::Insert { rows, .. })
                if before.len() + rows.len() <= most && bytes <= heavy =>
            {
                before.extend(rows);
            }
            (_, write) => {
                merged.push(write);
                bytes = own;
            }
        }
    }
    plan.writes = merged;
    plan
}

/// The same, in a transaction of its own. Of two who insert one row on MySQL, one may be told of a deadlock; he begins again.
pub(in crate::sql) async fn upsert_alone(
    rows: &dyn Rows,
    plan: Upsert,
    sink: fn() -> Box<dyn Sink>,
) -> Result<Box<dyn Sink>, Error> {
    for _ in 1..ATTEMPTS {
        match upsert_once(rows, plan.clone(), sink()).await {
            Err(error) if error.code() == "db/busy" => {}
            told => return told,
        }
    }
    upsert_once(rows, plan, sink()).await
}

async fn upsert_once(rows: &dyn Rows, plan: Upsert, sink: Box<dyn Sink>) -> Result<Box<dyn Sink>, Error> {
    let held = rows.begin(Begin::write()).await?;
    let told = upsert(&*held, plan, sink).await;
    settle(held, told).await
}

async fn settle<T>(held: Box<dyn Held>, done: Result<T, Error>) -> Result<T, Error> {
    match done {
        Ok(done) => held.commit(Commit::default()).await.map(|_| done),
        Err(error) => held.rollback().await.and(Err(error)),
    }
}

/// Whether what was done stays.
async fn carry_out(held: &dyn Held, plan: Batch, told: &mut Told) -> Result<bool, Error> {
    for write in plan.writes {
        match plan.how {
            Together::Able => able(held, write, told).await?,
            Together::Whole | Together::Each => told.push(Ok(held.write(write).await?)),
        }
    }
    Ok(plan.how != Together::Each || !told.iter().any(|told| matches!(told, Ok(0))))
}

/// Carries a write out as far as the table does not refuse it: halves it until what is refused stands alone.
fn able<'h>(
    held: &'h dyn Held,
    write: Write,
    told: &'h mut Told,
) -> Pin<Box<dyn Future<Output = Result<(), Error>> + Send + 'h>> {
    Box::pin(async move {
        let rows = rows_of(&write);
        match within(held, write.clone()).await {
            Ok(_) => told.extend((0..rows).map(|_| Ok(1))),
            Err(error) if !is_refusal(held, &error) => return Err(error),
            Err(error) if rows == 1 => told.push(Err(error)),
            Err(_) => {
                for half in halves(&write) {
                    able(held, half, &mut *told).await?;
                }
            }
        }
        Ok(())
    })
}

/// Whether the error is of the row and not of the database.
fn is_refusal(held: &dyn Held, error: &Error) -> bool {
    !held.is_lost() && matches!(error.kind(), ErrorKind::Conflict | ErrorKind::Invalid | ErrorKind::Internal)
}

async fn within(held: &dyn Held, write: Write) -> Result<u64, Error> {
    held.savepoint(Savepoint::Set(INNER)).await?;
    let done = held.write(write).await;
    end(held, INNER, &done.as_ref().map(|_| true)).await?;
    done
}

/// Ends a savepoint: what was done stays, if it succeeded and says so. A transaction that is lost has no savepoints any more.
async fn end<E>(held: &dyn Held, depth: u16, done: &Result<bool, E>) -> Result<(), Error> {
    match done {
        Ok(true) => held.savepoint(Savepoint::Release(depth)).await,
        Err(_) if held.is_lost() => Ok(()),
        Ok(false) | Err(_) => held.savepoint(Savepoint::Undo(depth)).await,
    }
}
