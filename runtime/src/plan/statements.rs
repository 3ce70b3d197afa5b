//! Who carries plans out.

use std::{
    any::Any,
    future::{Future, ready},
    marker::PhantomData,
    pin::Pin,
};

use super::{Batch, Reach, Select, Upsert, Write};
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
}
