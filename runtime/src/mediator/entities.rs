//! Entities in the unit of work of a dispatch.

use super::Context;
use crate::{
    entity::Entity,
    error::Error,
    repository::{Repository, Scope},
    unit_of_work::no_entities,
};

impl Context<'_> {
    /// The rows of an entity, in the transaction of this unit of work: what is written to them is committed with all else that
    /// the command stages, or not at all. The scope is the message's tenant and actor; without a tenant, rows that belong to one
    /// are out of reach.
    ///
    /// The transaction begins with the first statement, and others who write wait for its end on SQLite and in memory. A unit
    /// without entities has none.
    pub fn repository<E: Entity>(&mut self) -> Repository<'_, E> {
        self.filled().repository()
    }

    /// The committed rows of an entity, for queries: nothing can be written.
    ///
    /// # Errors
    /// `unit/no_entities` if the store keeps none.
    pub fn rows<E: Entity>(&self) -> Result<Repository<'_, E>, Error> {
        let units = self.mediator().units();
        let db = units.db().ok_or_else(no_entities)?;
        Ok(db.reading(Scope::of_message(self.request_metadata(), units.clock().clone())))
    }
}
