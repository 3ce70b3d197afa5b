//! The states of aggregates that are stored as their states, for those who look after them.

use super::super::App;
use crate::{
    aggregate::StateStored,
    error::Error,
    tenant::TenantId,
    unit_of_work::{self, Adopted, Answer, States},
};

impl App {
    /// The stored states of an aggregate with `persist = entity`: their ids, and how one is removed.
    #[must_use]
    pub fn states<A: StateStored>(&self) -> States<A> {
        self.states_of(None)
    }

    /// The stored states of an aggregate that belong to a tenant.
    #[must_use]
    pub fn states_of<A: StateStored>(&self, tenant: Option<TenantId>) -> States<A> {
        States::new(self.mediator().units().clone(), tenant)
    }

    /// Makes the state of an aggregate with `persist = entity` out of the events that an earlier program wrote; false if its
    /// stream says that this was done: the state is there, or it was removed since. One of a tenant: [`States::adopt`].
    ///
    /// # Errors
    /// As [`States::adopt`].
    ///
    /// # Cancel safety
    /// As [`States::adopt`].
    pub fn adopt<A: StateStored>(&self, id: impl Into<A::Id>) -> Answer<'static, bool> {
        let (states, id) = (self.states::<A>(), id.into());
        Box::pin(async move { states.adopt(id).await })
    }

    /// Adopts each aggregate of this type in the log, of all tenants. It reads the whole log, goes on behind an aggregate that
    /// cannot be adopted and behind a damaged event, and answers which ones these are.
    ///
    /// # Errors
    /// What the store answers, and what is wrong with the program and not with an aggregate, such as a master key that is not
    /// given; those before it are adopted.
    ///
    /// # Cancel safety
    /// Dropping the future leaves each one adopted or not; begin again.
    pub async fn adopt_all<A: StateStored>(&self) -> Result<Adopted, Error> {
        unit_of_work::adopt_all::<A>(self.mediator().units()).await
    }
}
