//! Who carries plans out.

use std::{any::Any, future::Future, marker::PhantomData, pin::Pin};

use super::{Reach, Select, Write};
use crate::{
    entity::{Cells, Entity, RowReader},
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

    /// Writes, and answers how many rows were written.
    fn write(&self, plan: Write) -> Answer<'_, u64>;
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
