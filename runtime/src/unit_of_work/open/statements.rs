//! What is asked of the rows of entities inside a unit: in its transaction, and before its deadline.

use super::{Open, read_only};
use crate::{
    entity::Value,
    error::Error,
    plan::{Answer, Batch, Reach, Select, Sink, SlowLog, Snapshot, Statements, Upsert, Write, raw::Raw},
    repository::{Outlet, Scope, Told, all_wrote},
};

impl Statements for Open {
    fn select(&self, plan: Select, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.told(|held| held.select(plan, sink)))
    }

    fn count(&self, reach: Reach, most: u64) -> Answer<'_, u64> {
        Box::pin(self.told(move |held| held.count(reach, most)))
    }

    fn estimate(&self, reach: Reach) -> Answer<'_, Option<u64>> {
        Box::pin(self.told(move |held| held.estimate(reach)))
    }

    /// Not to be had, it fails nothing: nothing was asked of the database.
    fn snapshot(&self) -> Answer<'_, Option<Box<dyn Snapshot>>> {
        Box::pin(async move { self.ready().await?.snapshot().await })
    }

    fn sum(&self, reach: Reach, place: usize) -> Answer<'_, Value<'static>> {
        Box::pin(self.told(move |held| held.sum(reach, place)))
    }

    fn write(&self, plan: Write) -> Answer<'_, u64> {
        Box::pin(self.changed(move |held| held.write(plan)))
    }

    fn batch(&self, plan: Batch) -> Answer<'_, Vec<Result<u64, Error>>> {
        Box::pin(self.changed(move |held| held.batch(plan)))
    }

    fn upsert(&self, plan: Upsert, sink: fn() -> Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.changed(move |held| held.upsert(plan, sink)))
    }

    fn query(&self, plan: Raw, sink: Box<dyn Sink>) -> Answer<'_, Box<dyn Sink>> {
        Box::pin(self.told(move |held| held.query(plan, sink)))
    }

    /// What a statement does, the database alone knows: in a unit that only reads it is the one that refuses.
    fn execute(&self, plan: Raw) -> Answer<'_, u64> {
        Box::pin(async move {
            let done = self.told(move |held| held.execute(plan)).await;
            done.map_err(|error| match error.code() {
                "db/read_only" | "db/open" if self.is_read_only() => read_only().caused_by(error),
                _ => error,
            })
        })
    }

    fn lost_a_race(&self, error: &Error) {
        self.scopes().hear(Some(error));
    }

    fn slow(&self) -> Option<&SlowLog> {
        self.db.as_ref()?.rows().slow()
    }

    fn system(&self) -> &'static str {
        self.db.as_ref().map_or("other", |db| db.rows().system())
    }
}

impl Outlet for Open {
    fn tell<'a>(&'a self, _: &'a Scope, batch: Batch, told: Vec<Told>) -> Answer<'a, Vec<Result<u64, Error>>> {
        Box::pin(async move {
            let done = self.changed(move |held| held.batch(batch)).await?;
            if all_wrote(&done) {
                self.told_so_far().extend(told);
            }
            Ok(done)
        })
    }
}
