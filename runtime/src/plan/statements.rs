//! Who carries plans out.

use std::{
    any::Any,
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
};

use super::{
    Batch, Reach, Select, SlowLog, Upsert, Write,
    raw::{Raw, unsupported},
};
use crate::{
    entity::{Cells, Entity, RowReader, Value},
    error::Error,
};

pub(crate) type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// What takes the rows that are read, on whichever thread that happens.
pub(crate) trait Sink: Any + Send {
    /// A read begins, perhaps again, because a connection was lost: what was given before is forgotten.
    fn begin(&mut self);

    fn row(&mut self, cells: &mut dyn Cells) -> Result<(), Error>;

    /// How many it has taken.
    fn rows(&self) -> u64;
}

/// A database, or a transaction in it. Each call is a statement: it happens as a whole or not at all.
pub(crate) trait Statements: Send + Sync {
    /// Reads rows in their order and gives them to the sink, which it answers.
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>>;

    /// How many rows are in reach; counts no further than to `most`.
    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64>;

    /// How many rows are in reach, as the database believes without counting; `None` where it has no opinion.
    fn estimate(&self, _: Reach) -> Answer<'_, Option<u64>> {
        Box::pin(ready(Ok(None)))
    }

    /// One state of the database, to be read step by step; `None` where these statements see one state by themselves.
    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        Box::pin(ready(Ok(None)))
    }

    /// What the values of the column at this place come to, of the rows in reach: null without one. Whole numbers and decimals exactly,
    /// however large the sum becomes on the way; `repository/overflow` if the type of the column cannot hold it: `i64`, as many
    /// digits as `whole_sum` has, a finite float.
    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>>;

    /// Writes, and answers how many rows were written.
    fn write(&self, plan: Write) -> Answer<'_, u64>;

    /// Writes as one what belongs together, and answers what each write came to, as [`Together`](super::Together) says. In a transaction
    /// that goes on, what it undoes is undone to a savepoint, and the transaction is as it was.
    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>>;

    /// Changes the row that is there, or inserts one. The sink that it answers was given the row as it is after the change, or nothing,
    /// if it was inserted. Of two that do it at once, one inserts and the other changes. What clashes with another key than that
    /// of the plan, also with the row of another tenant, is `repository/duplicate` and changes nothing.
    ///
    /// Where others write meanwhile, [`Upsert::writes`] are tried in a transaction: the change; if it wrote no row, the insertion within
    /// a savepoint; if that was a duplicate, the change once more; if it still wrote no row, the duplicate is the answer.
    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>>;

    /// Reads the rows that a statement of the user answers, and gives them to the sink, which it answers.
    fn query(&self, _: Raw, _: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(ready(Err(unsupported())))
    }

    /// Carries out a statement of the user, and answers how many rows it wrote.
    fn execute(&self, _: Raw) -> Answer<'_, u64> {
        Box::pin(ready(Err(unsupported())))
    }

    /// Who read found that others had been faster: what was asked has succeeded, and what was decided on it is void.
    fn lost_a_race(&self, _: &Error) {}

    /// Where slow statements are noted, one place for all handles of a database; nothing for what is only asked through another.
    fn slow(&self) -> Option<&SlowLog> {
        None
    }

    /// What the database is called in spans: `db.system.name`.
    fn system(&self) -> &'static str {
        "other"
    }
}

/// One state of a database. Dropped before its end, it lets go of all that it holds.
pub(crate) trait Snapshot: Send + Sync {
    /// As [`Statements::select`].
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>>;

    /// Gives back what it holds.
    fn end(self: Box<Self>) -> Answer<'static, ()>;
}

/// Makes entities of rows.
pub(crate) struct Collect<E> {
    found: Vec<E>,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> Collect<E> {
    pub(crate) fn sink() -> Box<dyn Sink> {
        Box::new(Self { found: Vec::new(), entity: PhantomData })
    }

    /// What a sink that [`sink`](Self::sink) made has collected.
    pub(crate) fn found(sink: Box<dyn Sink>) -> Vec<E> {
        let sink: Box<dyn Any> = sink;
        sink.downcast::<Self>().map(|own| own.found).unwrap_or_default()
    }
}

impl<E: Entity> Sink for Collect<E> {
    fn row(&mut self, cells: &mut dyn Cells) -> Result<(), Error> {
        self.found.push(E::read(&mut RowReader::new(E::TABLE, cells))?);
        Ok(())
    }

    fn begin(&mut self) {
        self.found.clear();
    }

    fn rows(&self) -> u64 {
        self.found.len() as u64
    }
}
