//! Writes of many rows at once, and writes that insert or change.

mod change;
mod insert;
mod save;
mod upsert;

use super::{Repository, failure};
use crate::{
    entity::Entity,
    error::Error,
    plan::{Batch, Together, Write},
};

pub use change::Affected;
pub(super) use insert::statements;
pub use insert::{InsertedMany, OnError};
pub use save::ManyConflicts;
pub use upsert::Upserted;

/// More rows are not written in one transaction: everybody else would wait for it.
const MOST: usize = 100_000;

impl<E: Entity> Repository<'_, E> {
    /// Has these writes carried out as one; what each of them came to.
    pub(super) async fn together(
        &self,
        how: Together,
        mut writes: Vec<Write>,
    ) -> Result<Vec<Result<u64, Error>>, Error> {
        if writes.is_empty() {
            return Ok(Vec::new());
        }
        if writes.len() == 1 && how != Together::Able {
            return Ok(vec![Ok(self.on.write(writes.remove(0)).await?)]); // one statement is one by itself
        }
        self.on.batch(E::TABLE, Batch { writes, how }).await
    }
}

fn few(rows: usize) -> Result<(), Error> {
    if rows <= MOST {
        return Ok(());
    }
    let message = format!("at most {MOST} rows are written in one transaction; write them in parts");
    Err(failure::invalid("repository/too_many_rows", message).with("rows", rows))
}
