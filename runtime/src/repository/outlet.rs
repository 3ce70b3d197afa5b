//! What leaves with an entity that is saved: messages in the outbox of the same transaction.

use std::fmt;

use super::{Db, Repository, Scope, failure};
use crate::{
    entity::{Entity, Hear},
    envelope::Envelope,
    error::Error,
    plan::{Answer, Batch, Together, Write},
    store::{Begin, Commit, OutboxMessage},
};

/// A message about what is saved.
#[derive(Clone)]
pub(crate) struct Told {
    pub(crate) message: OutboxMessage,
    /// Makes what subscribers in the process hear of it.
    pub(crate) hear: Option<Hear>,
}

impl Told {
    pub(super) fn new(topic: &str, envelope: Envelope, hear: Option<Hear>) -> Self {
        Self { message: OutboxMessage { topic: topic.to_owned(), envelope }, hear }
    }
}

impl fmt::Debug for Told {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Told").field(&self.message).finish()
    }
}

/// Where rows are written and messages go, both in one transaction.
pub(crate) trait Outlet: Send + Sync {
    /// Writes as one what belongs together. If each write wrote a row, the messages go into the outbox with it.
    fn tell<'a>(&'a self, scope: &'a Scope, batch: Batch, told: Vec<Told>) -> Answer<'a, Vec<Result<u64, Error>>>;
}

/// Who tells subscribers in the process what was committed through a database.
pub(crate) trait Teller: Send + Sync {
    /// As [`Outlet::tell`], in a transaction of its own.
    fn tell<'a>(
        &'a self,
        on: (&'a Db, &'a Scope),
        batch: Batch,
        told: Vec<Told>,
    ) -> Answer<'a, Vec<Result<u64, Error>>>;
}

/// Whether each write wrote a row.
pub(crate) fn all_wrote(told: &[Result<u64, Error>]) -> bool {
    told.iter().all(|told| matches!(told, Ok(1..)))
}

impl Outlet for Db {
    fn tell<'a>(&'a self, scope: &'a Scope, batch: Batch, told: Vec<Told>) -> Answer<'a, Vec<Result<u64, Error>>> {
        match self.teller() {
            Some(teller) => teller.tell((self, scope), batch, told),
            None => Box::pin(alone((self, scope), batch, told)),
        }
    }
}

/// In a transaction of a database that no application has: nobody in the process hears of it.
async fn alone((db, scope): (&Db, &Scope), batch: Batch, told: Vec<Told>) -> Result<Vec<Result<u64, Error>>, Error> {
    let held = db.hold(Begin::write(), scope).await?;
    match held.batch(batch).await {
        Ok(done) if all_wrote(&done) => {
            let outbox = told.into_iter().map(|told| told.message).collect();
            db.store().commit_held(held, Commit { outbox, ..Commit::default() }).await?;
            Ok(done)
        }
        done if held.is_lost() => done,
        done => held.rollback().await.and(done),
    }
}

impl<E: Entity> Repository<'_, E> {
    /// Writes these as one; what is told goes into the outbox with them.
    pub(super) async fn written(&self, writes: Vec<Write>, told: Vec<Told>) -> Result<Vec<Result<u64, Error>>, Error> {
        if told.is_empty() {
            return self.together(Together::Each, writes).await;
        }
        let message =
            "the machine emits, and nothing can be sent from here: save the entity through a `Db` or in a unit of work";
        let outlet = self.outlet.ok_or_else(|| failure::invalid("repository/no_outbox", message))?;
        outlet.tell(&self.scope, Batch { writes, how: Together::Each }, told).await
    }
}
