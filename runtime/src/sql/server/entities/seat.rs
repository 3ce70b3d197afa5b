//! A connection that is kept from statement to statement, without a transaction.

use std::sync::{Arc, PoisonError, Weak};

use futures_util::future::join_all;
use tokio::sync::{Mutex, OwnedSemaphorePermit};

use super::{
    Entities,
    asked::{self, Rule},
};
use crate::{
    entity::Value,
    error::Error,
    plan::{Answer, Batch, Reach, Select, Sink, SlowLog, Snapshot, Statements, Upsert, Write, raw::Raw},
    sql::server::{Guard, Home, Loan, Readers, Session},
    store::entities::Rows,
};

/// Takes a connection with the first statement and gives it back when it is dropped.
pub(in crate::sql) struct Seat<D: Entities, R> {
    readers: Arc<Readers<D>>,
    rows: R,
    rule: Rule,
    place: Place<D>,
}

/// Where the connection of a seat is, unless a statement is under way. Whoever closes the database takes it from there.
type Place<D> = Arc<Mutex<Option<Taken<D>>>>;

/// The seats that there are.
pub(in crate::sql) struct Seats<D: Entities>(std::sync::Mutex<Vec<Known<D>>>);

/// One of a seat that may be gone.
type Known<D> = Weak<Mutex<Option<Taken<D>>>>;

impl<D: Entities> Seats<D> {
    pub(super) fn none() -> Self {
        Self(std::sync::Mutex::default())
    }

    /// One more.
    pub(super) fn seat<R: Rows>(&self, (readers, rule): (&Arc<Readers<D>>, &Rule), rows: R) -> Seat<D, R> {
        let place = Place::<D>::default();
        let mut seats = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        seats.retain(|seat| seat.strong_count() > 0);
        seats.push(Arc::downgrade(&place));
        Seat { readers: Arc::clone(readers), rows, rule: rule.clone(), place }
    }

    /// Takes their connections away, each when its statement has been answered.
    pub(super) async fn clear(&self) {
        let seats = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let places = seats.iter().filter_map(Weak::upgrade);
        join_all(places.map(|place| async move { drop(place.lock().await.take()) })).await;
    }
}

/// A connection, and the right to use one. Dropped while a statement is under way, it is closed.
struct Taken<D: Entities> {
    home: Home,
    session: Session<D>,
    /// Until its first statement was answered.
    guard: Guard,
    _room: OwnedSemaphorePermit,
}

/// Asks on the connection of the seat. What is dropped meanwhile takes the connection with it.
macro_rules! seated {
    ($seat:expr, |$session:ident| $work:expr) => {
        Box::pin(async move {
            let mut place = $seat.place.lock().await;
            let mut taken = $seat.take(place.take()).await?;
            let $session = &mut taken.session;
            let answer = $work.await;
            taken.guard.end(taken.session.has_failed());
            *place = Some(taken);
            answer
        })
    };
}

impl<D: Entities, R: Rows> Seat<D, R> {
    /// The connection that is here; another one, if there is none, or if the runtime that drives it is not this one.
    async fn take(&self, taken: Option<Taken<D>>) -> Result<Taken<D>, Error> {
        if let Some(taken) = taken {
            if taken.home == Readers::<D>::here() {
                return Ok(taken);
            }
            self.leave(taken);
        }
        let Loan { home, session, guard, room } = self.readers.lend().await?;
        Ok(Taken { home, session, guard, _room: room })
    }

    fn leave(&self, taken: Taken<D>) {
        let Taken { home, session, guard: _, _room } = taken;
        self.readers.bring_back(home, session);
    }

    /// Gives the connection back: what follows has a transaction, and that has a connection of its own.
    async fn rise(&self) -> &R {
        if let Some(taken) = self.place.lock().await.take() {
            self.leave(taken);
        }
        &self.rows
    }
}

impl<D: Entities, R> Drop for Seat<D, R> {
    fn drop(&mut self) {
        // Where the place is locked, the database is being closed.
        if let Ok(mut place) = self.place.try_lock()
            && let Some(Taken { home, session, guard: _, _room }) = place.take()
        {
            self.readers.bring_back(home, session);
        }
    }
}

impl<D: Entities, R: Rows> Statements for Seat<D, R> {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        seated!(self, |session| asked::select((session, &self.rule), plan, sink))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        seated!(self, |session| asked::query((session, &self.rule), plan, sink))
    }

    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        Box::pin(async move { self.rise().await.snapshot().await })
    }

    fn estimate(&self, reach: Reach) -> Answer<'_, Option<u64>> {
        seated!(self, |session| asked::estimate((session, &self.rule), reach))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        seated!(self, |session| asked::count((session, &self.rule), reach, most))
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        seated!(self, |session| asked::sum((session, &self.rule), reach, place))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        seated!(self, |session| asked::write((session, &self.rule), plan))
    }

    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        seated!(self, |session| asked::execute((session, &self.rule), plan))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(async move { self.rise().await.batch(plan).await })
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(async move { self.rise().await.upsert(plan, sink).await })
    }

    fn slow(&self) -> Option<&SlowLog> {
        self.rows.slow()
    }

    fn system(&self) -> &'static str {
        self.rows.system()
    }
}
