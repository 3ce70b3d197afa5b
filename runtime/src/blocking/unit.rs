//! The unit of work.

use std::{future::ready, mem};

use super::{Background, Repository, forward};
use crate::{
    aggregate::{Aggregate, Root},
    entity::Entity,
    envelope::Metadata,
    error::Error,
    event::Event,
    id::MessageId,
    plan::Wait,
    store::Transaction,
    unit_of_work::{self, Finished, Units},
};

/// Everything that one piece of work writes, until one commit; as [`UnitOfWork`](unit_of_work::UnitOfWork) of the async form.
#[derive(Debug)]
#[must_use = "nothing is written until the unit of work is committed"]
pub struct UnitOfWork {
    pub(super) inner: unit_of_work::UnitOfWork,
    pub(super) on: Background,
}

impl UnitOfWork {
    forward! {
        unit_of_work::UnitOfWork;
        async fn load[A: Aggregate](&mut self, id: impl Into<A::Id>) -> Result<Root<A>, Error>;
        async fn get_for_update[E: Entity](&mut self, id: E::Id, wait: Wait) -> Result<E, Error>;
        async fn commit(self) -> Result<Finished, Error>;
        async fn rollback(self) -> Result<(), Error>;
        fn save[A: Aggregate](&mut self, root: &mut Root<A>) -> Result<(), Error>;
        fn publish[E: Event](&mut self, event: E);
        fn after_commit(&mut self, hook: impl FnOnce() + Send + Sync + 'static);
        fn caused_by(&mut self, message: MessageId);
        fn transaction(&mut self) -> &mut Transaction;
        fn metadata(&self) -> &Metadata;
        fn units(&self) -> &Units;
        fn attempt(&self) -> u32;
    }

    /// The rows of an entity, in the transaction of this unit.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        Repository { inner: self.inner.repository(), on: &self.on }
    }

    /// As [`savepoint`](unit_of_work::UnitOfWork::savepoint) of the async form: runs a part of the work that may fail alone.
    ///
    /// # Errors
    /// As there.
    pub fn savepoint<T, X, F>(&mut self, part: F) -> Result<Result<T, X>, Error>
    where
        F: FnOnce(&mut Self) -> Result<T, X>,
    {
        let on = &self.on;
        on.wait(self.inner.part(|unit: &mut unit_of_work::UnitOfWork| ready(Self::lend(unit, on, part))))
    }

    /// Lends the unit that is at this place to who blocks.
    pub(super) fn lend<T>(
        place: &mut unit_of_work::UnitOfWork,
        on: &Background,
        work: impl FnOnce(&mut Self) -> T,
    ) -> T {
        let nothing = place.units().begin(Metadata::default());
        let mut lent = Lent { unit: Self { inner: mem::replace(place, nothing), on: on.clone() }, place };
        work(&mut lent.unit)
    }
}

/// Puts the unit back, also when who has borrowed it panics.
struct Lent<'u> {
    unit: UnitOfWork,
    place: &'u mut unit_of_work::UnitOfWork,
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        mem::swap(&mut self.unit.inner, self.place);
    }
}
